"""When two rows may be one company: names, numbers and addresses as they are compared. Pure."""

import re
import unicodedata
from collections.abc import Iterable

import phonenumbers

from workflow.search import fold, fold_name

LEAST_ADDRESS = 8  # characters: below that it names a town, not a door
LEAST_PHONE = (
    7  # digits: below that it is an extension, a service, or somebody's name with a number behind it
)
# Words that say what a company is, not which: left out when names are compared.
_FORMS = re.compile(
    r"\b(co|company|ltd|limited|inc|corp|corporation|gmbh|sa|llc|demo)\b|有限责任公司|股份有限公司|有限公司|公司"
    r"|株式会社|有限会社|合同会社"
)

# Several phone numbers in one field, what is dialled after one, what is dialled before another country's, and the id of a messenger.
_APART = re.compile(r"[/;,|\n、]|\b(?:or|ou|and|et)\b|或|和|及")
# 030/1234567, +49 30/1234567: behind so few digits a stroke sets no number apart.
_AREA_CODE = re.compile(r"(?<![^;,|\n、])([^0-9/;,|\n、]*(?:[0-9][ ().-]*){2,6})/")
# Mexico dials mobile phones like all others since August 2019; before, a 1 came behind the country's code, 044 or 045 at home.
_OLD_MOBILE = {52: re.compile(r"^(?:1|04[45])(?=[0-9]{10}$)")}
_EXTENSION = re.compile(r"\s*\(?(?:ext(?:ension|n)?|poste|x|#|分机|转)[\s.:]*([0-9]{1,6})[\s)]*$")
# Whatever is called a messenger's number is none that can be dialled, nor is an address.
_NO_PHONE = re.compile(r"\S+@\S+|qq(?:\s?号码?)?\W*[0-9]+")
# What a number is called sets it apart from the one in front: Tel 0760-88881111 Mobile 13812345678.
_BETWEEN = re.compile(
    r"(?<=[0-9])([0-9][\s().-]*)((?:[^\W\d_]{2,}[^\w+(]*)+)(?=[+(]{0,2}(?:[0-9][\s().-]*){7})"
)
# Labels before and behind a number, glued to it or not: what it is, and which messenger answers it.
_LABEL = re.compile(
    r"wechat|weixin|whats\s?app|telegram|viber|kakao(?:talk)?|signal|skype|imessage|mobile|portable|cell(?:ular)?|phone|fax"
    r"|微信(?:同号|号)?|电话|手机|传真|同号"
)
_EMPTY_BRACKETS = re.compile(r"[(\[{][^0-9()\[\]{}]*[)\]}]")
_NO_DIGITS = re.compile(r"[\u4e00-\u9fff]+|\b[^\W\d_]+\b")
_ABROAD = re.compile(r"^[^0-9+]*(?:00|011)(?=[^0-9]*[1-9])")
_ID = re.compile(r"\S*(?:[a-z_][0-9]|[0-9][a-z_])\S*")


def name_key(name: str) -> str:
    """A company's name as it is compared: folded, in simplified characters, without its legal form, spaces and punctuation."""
    return "".join(char for char in _FORMS.sub(" ", fold_name(name)) if char.isalnum())


def same_name(said: str, names: Iterable[str]) -> bool | None:
    """Whether a name is one of these, as they are compared within one script; None where none of them is in its script.

    A name in Chinese characters says nothing about one in Latin letters, nor one in Hangul or Cyrillic about either.
    """
    key = name_key(said)
    keys = {other for other in map(name_key, names) if other and _script(other) == _script(key)}
    return key in keys if keys else None


def _script(key: str) -> str:
    """The script of a name as it is compared: Chinese characters before others, and any other before Latin letters beside it."""
    found = {unicodedata.name(char, "").partition(" ")[0] for char in key if char.isalpha()}
    return "CJK" if "CJK" in found else min(found - {"LATIN"}, default="LATIN")


def number_key(number: str) -> str:
    """A number as it is compared: upper case letters and digits only, whatever the script."""
    return "".join(char for char in fold(number).upper() if char.isalnum())


def phone_key(phone: str, country: str) -> str:
    """The first number in a phone field as it is compared (`phone_keys`); "" where there is none."""
    return next(iter(phone_keys(phone, country)), "")


def phone_keys(phone: str, country: str) -> list[str]:
    """The numbers in a phone field as they are compared: in digits, from the country's code on, an extension behind an x.

    A number without its country's code is one of `country` (ISO 3166-1, two letters; "" where it is not known): 0760-8888 1111 in CN is
    86 760 8888 1111. Labels, brackets and the names of messengers are left out; two extensions behind one switchboard are two numbers.
    Numbering plans are libphonenumber's; what it cannot read is compared by its digits. The id of a messenger (tom88) and what has less
    than seven digits is no number.
    """
    text = _BETWEEN.sub(r"\1;", _NO_PHONE.sub(" ", fold(phone)))
    found = (_phone_key(part, country) for part in _APART.split(_AREA_CODE.sub(r"\1 ", text)))
    return list(dict.fromkeys(key for key in found if key))


def switchboard(key: str) -> str:
    """A phone's key without its extension: what is dialled."""
    return key.partition("x")[0]


def _phone_key(part: str, country: str) -> str:
    bare = _EMPTY_BRACKETS.sub(" ", _LABEL.sub(" ", part.replace("(0)", ""))).strip(" .:;-")
    extension = _EXTENSION.search(bare)
    written = _NO_DIGITS.sub(" ", _ID.sub(" ", _EXTENSION.sub("", bare))).strip(" .:([{")
    number = _dialled(written, country)
    return f"{number}x{extension[1]}" if number and extension else number


def _dialled(written: str, country: str) -> str:
    """A number in digits, from the country's code on."""
    digits = "".join(char for char in written if char.isdigit())
    if len(digits) < LEAST_PHONE:
        return ""
    here = _parsed(written, country)
    # 011 and 00 lead out of a country, though not out of each: where it makes no number of here, it was dialled elsewhere.
    abroad = None
    if _ABROAD.match(written) and not (here and phonenumbers.is_valid_number(here)):
        abroad = _parsed(_ABROAD.sub("+", written), "")
    number = abroad or here
    if number is None:
        return digits.removeprefix("00")
    national = phonenumbers.national_significant_number(number)
    if old := _OLD_MOBILE.get(number.country_code or 0):
        national = old.sub("", national)
    return f"{number.country_code}{national}"


def _parsed(written: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(written, country.upper() or None)
    except phonenumbers.NumberParseException:
        return None


def address_key(address: str) -> str:
    """An address as it is compared: folded, letters and digits only; "" where it is too short to name a door."""
    key = "".join(char for char in fold(address) if char.isalnum())
    return key if len(key) >= LEAST_ADDRESS else ""
