"""Classes declared by their fields, which write their constructors when the first object is made."""

from __future__ import annotations

import copy

import pytest

from domain.kernel.declared import State, declared, field
from domain.kernel.event import EVENTS, Event, event


@event("sample.declared")
class Sampled(Event):
    what: str
    count: int = 1
    among: tuple[str, ...] = ()


EVENTS.pop("sample.declared")  # it is nobody's but this file's


@declared
class Box(State):
    """A box."""

    name: str
    size: int = 2
    held: list[str] = field(default_factory=list)

    def hold(self, what: str) -> Box:
        self.held.append(what)
        return self


def test_an_event_is_made_by_the_names_of_its_fields() -> None:
    made = Sampled(what="a", among=("b",))
    assert (made.what, made.count, made.among) == ("a", 1, ("b",))
    assert repr(made) == "Sampled(what='a', count=1, among=('b',))"
    assert (made, hash(made)) == (Sampled(what="a", among=("b",)), hash(Sampled(what="a", among=("b",))))
    assert made != Sampled(what="a")


@pytest.mark.parametrize(
    ("given", "named", "why"),
    [
        ((), {}, "Sampled.__init__() missing 1 required keyword-only argument: 'what'"),
        ((), {"what": "a", "other": 1}, "Sampled.__init__() got an unexpected keyword argument 'other'"),
        (("a",), {}, "Sampled.__init__() takes 1 positional argument but 2 were given"),
    ],
)
def test_what_an_event_can_t_be_made_of_is_a_type_error(
    given: tuple[str, ...], named: dict[str, object], why: str
) -> None:
    with pytest.raises(TypeError) as wrong:
        Sampled(*given, **named)  # type: ignore[arg-type]
    assert str(wrong.value) == why


def test_an_event_can_t_be_changed() -> None:
    made = Sampled(what="a")
    with pytest.raises(AttributeError, match="cannot assign to field 'what'"):
        made.what = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="cannot delete field 'what'"):
        del made.what
    with pytest.raises(AttributeError):
        made.other = 1


def test_a_state_can_be_changed_and_shares_nothing_with_another() -> None:
    one, other = Box("a", 3), Box(name="a", size=3)
    assert one == other
    one.size = 4
    assert one.hold("x").held == ["x"]
    assert (other.size, other.held) == (3, [])
    assert one != other
    assert copy.deepcopy(one) == one
    with pytest.raises(TypeError):
        hash(one)
    with pytest.raises(AttributeError):
        one.other = 1  # type: ignore[attr-defined]
