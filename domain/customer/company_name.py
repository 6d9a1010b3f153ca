"""When two company names are the same: full and half width, spaces, punctuation and legal suffixes put aside."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from domain.customer.regions import CHINESE, LATIN

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
    joined = "".join(_parts("".join(c if c.isalnum() or c.isspace() else "" for c in words)))
    for suffix in SUFFIXES:
        if not suffix.isascii() and joined.endswith(suffix) and joined != suffix:
            joined = joined.removesuffix(suffix)
            break
    return joined or words.strip()


@lru_cache(maxsize=8192)
def core(company: str) -> str:
    """Return what is left of a name without words for places too, its parts in order where they are set apart by spaces.

    Two companies of one core may well be two; it only tells whom one should look at. Never empty for a name that is not.
    """
    words = unicodedata.normalize("NFKC", company).casefold()
    parts = _parts("".join(c if c.isalnum() else " " for c in words))
    if any(unicodedata.category(letter) == "Lo" for letter in words):  # written without spaces between words
        return _without_places(normalised(company).removesuffix("分")) or normalised(company)
    kept = [part for part in parts if part not in LATIN]
    return " ".join(sorted(kept or parts)) or normalised(company)


@lru_cache(maxsize=8192)
def numbers(name: str) -> tuple[str, ...]:
    """Return the numbers that a normalised name holds, in order: names that count what they name are seldom one company's."""
    return tuple("".join(c if "0" <= c <= "9" else " " for c in name).split())


def _parts(words: str) -> list[str]:
    """Return the words of a name without the legal suffixes at its end."""
    parts = words.split()
    while len(parts) > 1 and parts[-1] in SUFFIXES:
        parts.pop()
    return parts


def _without_places(joined: str) -> str:
    """Return a name without the words for places in it, unless less than two letters would be left."""
    for place in CHINESE:
        if place in joined:
            for written in (f"{place}省", f"{place}市", place):
                less = joined.replace(written, "", 1)
                if written in joined and len(less) > 1:
                    joined = less
                    break
    return joined
