"""Currencies: the codes of ISO 4217 in which amounts of money are written."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, Final

from domain.kernel.unreadable import Unreadable

ACTIVE: Final = frozenset(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW "
    "CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL "
    "HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
    "USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG".split()
)
"""Those in use; metals, baskets of banks and the codes for tests or for none are no money that a contract is paid in."""
ENDED: Final = frozenset("ANG BGN CUC HRK SLL ZWL".split())
"""Those that ended since 2020: an act of those years may still be entered."""
CODES: Final = ACTIVE | ENDED
SPOKEN: Final = {
    "RMB": "CNY", "CNH": "CNY", "CN¥": "CNY", "¥": "CNY", "￥": "CNY", "元": "CNY", "人民币": "CNY", "YUAN": "CNY",
    "$": "USD", "US$": "USD", "美元": "USD", "DOLLAR": "USD", "€": "EUR", "欧元": "EUR", "EURO": "EUR", "£": "GBP",
    "英镑": "GBP", "日元": "JPY", "港币": "HKD", "港元": "HKD", "HK$": "HKD", "新台币": "TWD", "NTD": "TWD", "韩元": "KRW",
}  # fmt: skip
"""What people say for some of them: near enough to be suggested, and not taken for it."""


class NoCurrency(Unreadable):
    """A text that is no code of a currency."""


def read_currency(value: Any) -> str:
    """Return the code that `value` writes, in capitals: cny is CNY. Raises NoCurrency, which names the nearest code."""
    if not isinstance(value, str) or not value.strip():
        raise NoCurrency("a currency is a code of ISO 4217, as CNY")
    code = value.strip().upper()
    if code in CODES:
        return code
    near = SPOKEN.get(code) or next(iter(get_close_matches(code, sorted(CODES), 1, 0.6)), None)
    if near is None:
        raise NoCurrency("a currency is a code of ISO 4217, as CNY")
    raise NoCurrency("it is no currency's code of ISO 4217; near is {near}", near=near)


def differ(one: str, other: str) -> bool:
    """Say whether these are two currencies; a store may hold codes that were once recorded in small letters."""
    return one.upper() != other.upper()
