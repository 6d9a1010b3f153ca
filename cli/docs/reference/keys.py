"""What every page of keys is made of: the rows."""

from __future__ import annotations

Rows = tuple[tuple[str, str, str], ...]
