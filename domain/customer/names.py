"""When two company names are the same: full and half width, spaces, punctuation and legal suffixes put aside."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

SUFFIXES: Final = tuple(
    sorted(
        (
            "股份有限公司 有限责任公司 集团有限公司 有限公司 公司 集团 株式会社 limited ltd inc incorporated llc llp plc "
            "corporation corp company coltd co gmbh ag sa sas sarl srl ltda bv nv oy ab pty pte"
        ).split(),
        key=len,
        reverse=True,
    )
)


@lru_cache(maxsize=8192)
def normalised(company: str) -> str:
    """Return the form under which `company` is compared with others; never empty for a name that is not."""
    words = unicodedata.normalize("NFKC", company).casefold()
    parts = "".join(c if c.isalnum() else " " if c.isspace() else "" for c in words).split()
    while len(parts) > 1 and parts[-1] in SUFFIXES:
        parts.pop()
    joined = "".join(parts)
    for suffix in SUFFIXES:
        if not suffix.isascii() and joined.endswith(suffix) and joined != suffix:
            joined = joined.removesuffix(suffix)
            break
    return joined or words.strip()
