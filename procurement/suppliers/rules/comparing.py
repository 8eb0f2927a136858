"""When two rows may be one company: names, numbers and addresses as they are compared. Pure."""

import re

from stdnum.cn import uscc as uscc_numbers

from workflow.search import fold

LONG = 18  # characters of a company number
LEAST_ADDRESS = 8  # characters: below that it names a town, not a door
# Words that say what a company is, not which: left out when names are compared.
_FORMS = re.compile(
    r"\b(co|company|ltd|limited|inc|corp|corporation|gmbh|sa|llc|demo)\b|有限责任公司|股份有限公司|有限公司|公司"
)

_FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def name_key(name: str) -> str:
    """A company's name as it is compared: folded, without its legal form, without spaces and punctuation."""
    return "".join(char for char in _FORMS.sub(" ", fold(name)) if char.isalnum())


def number_key(number: str) -> str:
    """A number as it is compared: upper case letters and digits only, whatever the script."""
    return "".join(char for char in fold(number).upper() if char.isalnum())


def phone_key(phone: str) -> str:
    """A phone number as it is compared: its digits, without what is dialled to leave a country."""
    return "".join(char for char in fold(phone) if char.isdigit()).removeprefix("00")


def address_key(address: str) -> str:
    """An address as it is compared: folded, letters and digits only; "" where it is too short to name a door."""
    key = "".join(char for char in fold(address) if char.isalnum())
    return key if len(key) >= LEAST_ADDRESS else ""


def uscc_fault(number: str) -> str:
    """What is wrong with a Chinese company number: "" (nothing), "length", "characters" or "check_digit".

    Characters 3 to 8 are the region's digits, the others digits or letters without I, O, S, V and Z; check digit mod 31 with weights
    3^i (GB 32100-2015), by python-stdnum.
    """
    key = number_key(number)
    if len(key) != LONG:
        return "length"
    if uscc_numbers.is_valid(key):
        return ""
    return "check_digit" if _FORM.fullmatch(key) else "characters"
