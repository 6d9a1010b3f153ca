"""The address of a store, and the password that may stand in it."""

from __future__ import annotations

import re
from typing import Final

PASSWORD: Final = r"(://[^/@:?#]*):([^?#\s]*)@|([?&]password=)([^&]*)"


def without_password(url: str) -> str:
    """Return `url` fit for a message."""
    if "@" not in url and "password=" not in url:
        return url
    return re.sub(PASSWORD, lambda found: f"{found[1]}@" if found[1] else f"{found[3]}***", url)


def has_password(url: str) -> bool:
    """Say whether an address holds a password."""
    return any(found[2] or found[4] for found in re.finditer(PASSWORD, url))
