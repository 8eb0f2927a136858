"""Counts and amounts as people type them: 500,000, 2万, “200 boxes of 50”, ¥1.2 or 1.2元.

Pure functions, for forms and for the API.
"""

import re
import unicodedata
from decimal import Decimal

_NUMBER = r"([1-9]\d{0,2}(?:[ ,.\u00a0\u202f]\d{3}){1,4}|\d{1,10})"  # up to 15 figures, which Python can always read
_PACKAGE_NAME = r"(?:box|boxe|carton|pack|case|bag|bundle|boîte|boite|paquet|caisse|sac|lot)s?"
_WORD_BEFORE_CONTENTS = r"(?:of|de|d['’]|à|x|×|\*)"
_CHINESE_PACKAGE_NAME = r"(?:盒|箱|包|袋)"
_PACKAGE_AND_CONTENTS = (
    rf"(?:{_PACKAGE_NAME} ?{_WORD_BEFORE_CONTENTS}"
    rf"|{_CHINESE_PACKAGE_NAME} ?[,，、]? ?(?:每 ?{_CHINESE_PACKAGE_NAME} ?|装 ?|内装 ?|x|×|\*)?|x|×|\*)"
)
_UNIT_NAME = r"(?:pieces?|pièces?|pcs|pairs?|paires?|units?|unités?|litres?|liters?|个|個|件|只|隻|副|片|双|对|枚|套|条|支|瓶|升)"
_UNIT = rf"{_UNIT_NAME}?"
_PACKAGES_OF_UNITS = re.compile(
    rf"{_NUMBER} ?{_PACKAGE_AND_CONTENTS} ?{_NUMBER} ?{_UNIT}", re.IGNORECASE | re.ASCII
)
_PLAIN_QUANTITY = re.compile(rf"{_NUMBER} ?{_UNIT}", re.IGNORECASE | re.ASCII)
# In a Chinese count by ten thousands, a point is the decimal mark and a comma separates thousands.
_EXPONENT_BY_SCALE = {
    "百": 2,
    "千": 3,
    "万": 4,
    "萬": 4,
    "十万": 5,
    "百万": 6,
    "百萬": 6,
    "千万": 7,
    "千萬": 7,
    "亿": 8,
    "億": 8,
}
_SCALE_NAME = f"({'|'.join(sorted(_EXPONENT_BY_SCALE, key=len, reverse=True))})"
_SCALED_FIGURE = r"(\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,8})?|\d{1,10}(?:\.\d{1,8})?)"
_SCALED_QUANTITY = re.compile(rf"{_SCALED_FIGURE} ?{_SCALE_NAME} ?{_UNIT}", re.IGNORECASE | re.ASCII)

# Spellings of a currency beside an amount, and the currencies each may mean.
_DOLLAR_CURRENCIES = frozenset({"USD", "CAD", "AUD", "HKD", "SGD", "NZD"})
_CURRENCIES_BY_MARK: dict[str, frozenset[str]] = {
    **dict.fromkeys(("¥",), frozenset({"CNY", "JPY"})),
    **dict.fromkeys(("元", "圆", "块", "人民币", "元人民币", "rmb", "cny", "yuan"), frozenset({"CNY"})),
    **dict.fromkeys(("$", "dollar", "dollars"), _DOLLAR_CURRENCIES),
    **dict.fromkeys(("us$", "usd", "美元", "美金"), frozenset({"USD"})),
    **dict.fromkeys(("c$", "ca$", "cad", "加元", "加币"), frozenset({"CAD"})),
    **dict.fromkeys(("hk$", "hkd", "港币", "港元"), frozenset({"HKD"})),
    **dict.fromkeys(("€", "eur", "euro", "euros", "欧元"), frozenset({"EUR"})),
    **dict.fromkeys(("£", "gbp", "英镑"), frozenset({"GBP"})),
}
_CURRENCY_MARK = "|".join(sorted(map(re.escape, _CURRENCIES_BY_MARK), key=len, reverse=True))
# A price of one unit: 1.2元/只, 每只1.2元, $1.20 per piece.
_PER_UNIT = rf"(?:/ ?|每 ?|per |par |a |l['’] ?)(?:{_UNIT_NAME}|一 ?{_UNIT_NAME})"
_UNIT_PRICE = re.compile(
    rf"(?:{_PER_UNIT} ?)?(?P<before>{_CURRENCY_MARK})? ?(?P<figure>\d[\d .,'’_]*?) ?"
    rf"(?P<scale>{_SCALE_NAME})? ?(?P<after>{_CURRENCY_MARK})?(?: ?{_PER_UNIT})?",
    re.IGNORECASE | re.ASCII,
)
# A price of several units, which must not be taken for the price of one: 60元/盒, $60 per box, 1200元/千只.
_PER_SEVERAL_UNITS = re.compile(
    rf"(?:/ ?|每 ?|per |par )(?:{_CHINESE_PACKAGE_NAME}|{_PACKAGE_NAME}|\d|{_SCALE_NAME}|十|dozen|douzaine|打)",
    re.IGNORECASE | re.ASCII,
)


def normalize_width(text: str) -> str:
    """Return the text with ASCII figures and signs instead of the full-width ones that a Chinese keyboard types."""
    return unicodedata.normalize("NFKC", text).strip()


def parse_quantity(text: str) -> int | None:
    """Return the number of pieces that a text names, or None if it names none.

    Examples: `10 000`, `2万只`, `200 boxes of 50`, `200盒，每盒50个`.
    """
    values = " ".join(normalize_width(text).split())
    found = _PACKAGES_OF_UNITS.fullmatch(values)
    if found:
        boxes, inside = _whole_number(found[1]), _whole_number(found[2])
        return None if boxes is None or inside is None else boxes * inside
    found = _SCALED_QUANTITY.fullmatch(values)
    if found:
        pieces = Decimal(found[1].replace(",", "")).scaleb(_EXPONENT_BY_SCALE[found[2]])
        return int(pieces) if pieces == pieces.to_integral_value() else None
    found = _PLAIN_QUANTITY.fullmatch(values)
    return _whole_number(found[1]) if found else None


def parse_price(text: str) -> tuple[str, int, frozenset[str]] | None:
    """Return a typed amount as figure, power of ten and possible currencies.

    Examples: `¥1.2`, `1.2元`, `1.2元/只` or `3.5万 CNY`. The figure is as it was typed. The set of currencies is empty if
    none was typed. Returns None if the text is no amount, or names two different currencies.
    """
    found = _UNIT_PRICE.fullmatch(" ".join(normalize_width(text).split()))
    if found is None:
        return None
    named = [_CURRENCIES_BY_MARK[mark.lower()] for mark in (found["before"], found["after"]) if mark]
    currencies = frozenset.intersection(*named) if named else frozenset()
    if named and not currencies:
        return None
    return found["figure"], _EXPONENT_BY_SCALE[found["scale"]] if found["scale"] else 0, currencies


def is_price_of_several(text: str) -> bool:
    """Return True if a text names the price of a box, a dozen or a thousand, such as `60元/盒`."""
    return _PER_SEVERAL_UNITS.search(" ".join(normalize_width(text).split())) is not None


def _whole_number(figures: str) -> int | None:
    """Return the number, or None if different marks separate its thousands.

    One of these marks may be meant as the decimal mark.
    """
    marks = set(re.sub(r"[0-9]", "", figures))
    return int(re.sub(r"[^0-9]", "", figures)) if len(marks) <= 1 else None
