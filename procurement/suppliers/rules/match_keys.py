"""Compared forms ("keys") of names, numbers, phones and addresses, to find rows of one supplier.

A compared form omits what varies between spellings: two values that differ only in that have the same key.
"""

import re
import unicodedata
from collections.abc import Iterable

import phonenumbers

from workflow.search import fold_name, fold_text

MIN_ADDRESS_LENGTH = 8  # characters: a shorter address names a town, not a building
MIN_PHONE_LENGTH = (
    7  # digits: fewer are an extension, the number of a service, or a name followed by only a few digits
)
# Words for the legal form, which are left out when names are compared.
_LEGAL_FORM = re.compile(
    r"\b(co|company|ltd|limited|inc|corp|corporation|gmbh|sa|llc|demo)\b|有限责任公司|股份有限公司|有限公司|公司"
    r"|株式会社|有限会社|合同会社"
)

# Several numbers in one field, extensions, prefixes of international calls (_ABROAD), and ids of messengers (_ID).
_PHONE_SEPARATOR = re.compile(r"[/;,|\n、]|\b(?:or|ou|and|et)\b|或|和|及")
# 030/1234567, +49 30/1234567: after so few digits a slash does not separate two numbers.
_AREA_CODE = re.compile(r"(?<![^;,|\n、])([^0-9/;,|\n、]*(?:[0-9][ ().-]*){2,6})/")
# Mexico dials mobile phones like all others since August 2019; before, with 1 after the country code, at home with 044 or 045.
_OLD_MOBILE = {52: re.compile(r"^(?:1|04[45])(?=[0-9]{10}$)")}
_EXTENSION = re.compile(r"\s*\(?(?:ext(?:ension|n)?|poste|x|#|分机|转)[\s.:]*([0-9]{1,6})[\s)]*$")
# A messenger's number and an e-mail address cannot be dialled.
_NOT_A_PHONE = re.compile(r"\S+@\S+|qq(?:\s?号码?)?\W*[0-9]+")
# A label separates a number from the one before it: Tel 0760-88881111 Mobile 13812345678.
_CHARACTERS_BETWEEN_DIGITS = re.compile(
    r"(?<=[0-9])([0-9][\s().-]*)((?:[^\W\d_]{2,}[^\w+(]*)+)(?=[+(]{0,2}(?:[0-9][\s().-]*){7})"
)
# Labels before and after a number, with or without a space: its kind, or the messenger that uses it.
_PHONE_LABEL = re.compile(
    r"wechat|weixin|whats\s?app|telegram|viber|kakao(?:talk)?|signal|skype|imessage|mobile|portable|cell(?:ular)?|phone|fax"
    r"|微信(?:同号|号)?|电话|手机|传真|同号"
)
_EMPTY_BRACKETS = re.compile(r"[(\[{][^0-9()\[\]{}]*[)\]}]")
_NO_DIGITS = re.compile(r"[\u4e00-\u9fff]+|\b[^\W\d_]+\b")
_INTERNATIONAL_PREFIX = re.compile(r"^[^0-9+]*(?:00|011)(?=[^0-9]*[1-9])")
_IDENTIFIER_WORD = re.compile(r"\S*(?:[a-z_][0-9]|[0-9][a-z_])\S*")


def name_key(name: str) -> str:
    """Return a supplier's name in compared form.

    It is folded, in simplified characters, without legal form, spaces and punctuation.
    """
    return "".join(char for char in _LEGAL_FORM.sub(" ", fold_name(name)) if char.isalnum())


def is_same_name(stated: str, names: Iterable[str]) -> bool | None:
    """Return True if a name equals one of these names of the same script in compared form, else False.

    Return None if all the names are in other scripts. A name in Chinese characters cannot be compared
    with one in Latin letters, nor can one in Hangul or Cyrillic with either.
    """
    key = name_key(stated)
    keys = {other for other in map(name_key, names) if other and _script(other) == _script(key)}
    return key in keys if keys else None


def _script(key: str) -> str:
    """Return the script of a name in compared form.

    Chinese characters take precedence over all others, and any other script over Latin letters.
    """
    found = {unicodedata.name(char, "").partition(" ")[0] for char in key if char.isalpha()}
    return "CJK" if "CJK" in found else min(found - {"LATIN"}, default="LATIN")


def number_key(number: str) -> str:
    """Return a number in compared form: only upper-case letters and digits, in any script."""
    return "".join(char for char in fold_text(number).upper() if char.isalnum())


def phone_key(phone: str, country: str) -> str:
    """Return the first number of a phone field in compared form (see `phone_keys`), or ""."""
    return next(iter(phone_keys(phone, country)), "")


def phone_keys(phone: str, country: str) -> list[str]:
    """Return the numbers of a phone field in compared form: digits, starting with the country code.

    An extension follows after an x. A number without a country code belongs to `country` (ISO 3166-1,
    two letters; "" if unknown): 0760-8888 1111 in CN is 86 760 8888 1111. Labels, brackets and the
    names of messengers are left out. Two extensions of one switchboard are two numbers. The numbering
    plans are from libphonenumber; a number that it cannot parse is compared by its digits. The id of a
    messenger (tom88), and fewer than seven digits, are no number.
    """
    text = _CHARACTERS_BETWEEN_DIGITS.sub(r"\1;", _NOT_A_PHONE.sub(" ", fold_text(phone)))
    found = (_phone_key(part, country) for part in _PHONE_SEPARATOR.split(_AREA_CODE.sub(r"\1 ", text)))
    return list(dict.fromkeys(key for key in found if key))


def without_extension(key: str) -> str:
    """Return a phone key without its extension: the number to dial."""
    return key.partition("x")[0]


def _phone_key(part: str, country: str) -> str:
    bare = _EMPTY_BRACKETS.sub(" ", _PHONE_LABEL.sub(" ", part.replace("(0)", ""))).strip(" .:;-")
    extension = _EXTENSION.search(bare)
    written = _NO_DIGITS.sub(" ", _IDENTIFIER_WORD.sub(" ", _EXTENSION.sub("", bare))).strip(" .:([{")
    number = _digits_to_dial(written, country)
    return f"{number}x{extension[1]}" if number and extension else number


def _digits_to_dial(written: str, country: str) -> str:
    """Return a number in digits, starting with the country code, or ""."""
    digits = "".join(char for char in written if char.isdigit())
    if len(digits) < MIN_PHONE_LENGTH:
        return ""
    here = _parse_phone(written, country)
    # 011 and 00 are international prefixes in some countries only: if no valid number results here, it was dialled elsewhere.
    abroad = None
    if _INTERNATIONAL_PREFIX.match(written) and not (here and phonenumbers.is_valid_number(here)):
        abroad = _parse_phone(_INTERNATIONAL_PREFIX.sub("+", written), "")
    number = abroad or here
    if number is None:
        return digits.removeprefix("00")
    national = phonenumbers.national_significant_number(number)
    if old := _OLD_MOBILE.get(number.country_code or 0):
        national = old.sub("", national)
    return f"{number.country_code}{national}"


def _parse_phone(written: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(written, country.upper() or None)
    except phonenumbers.NumberParseException:
        return None


def address_key(address: str) -> str:
    """Return an address in compared form: folded, only letters and digits.

    It is "" if the address is too short to name a building.
    """
    key = "".join(char for char in fold_text(address) if char.isalnum())
    return key if len(key) >= MIN_ADDRESS_LENGTH else ""
