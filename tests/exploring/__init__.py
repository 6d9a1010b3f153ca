"""How many examples a law is tried with: the same few in every run, more and others each time when exploring (`./explore`)."""

from __future__ import annotations

from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

SAME: Final = "same"
EXPLORING: Final = "exploring"
TIMES: Final = 6
"""How many times as many examples an exploring round tries; there are as many rounds as there is time."""

settings.register_profile(
    SAME,
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],  # it is a matter of the clock
)
settings.register_profile(EXPLORING, settings.get_profile(SAME), derandomize=False, max_examples=100 * TIMES)


def load(profile: str | None = None) -> None:
    """Let the laws be tried as a profile says, the same each time unless another is named."""
    settings.load_profile(profile or SAME)
    if not exploring():
        # It would draw now and then from what the modules hold that are loaded just then: the tests before decide which.
        providers._get_local_constants = lambda: providers._local_constants


def exploring() -> bool:
    """Say whether this run looks for what nobody has seen yet."""
    return settings.get_current_profile_name() == EXPLORING


def examples(count: int) -> settings:
    """Return the settings of a law that is tried with so many examples in every run."""
    return settings(max_examples=count * TIMES if exploring() else count)
