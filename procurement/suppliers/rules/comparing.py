"""When two rows may be one company: names, numbers and addresses as they are compared. Pure."""

import re

from workflow.search import fold

LEAST_ADDRESS = 8  # characters: below that it names a town, not a door
# Words that say what a company is, not which: left out when names are compared.
_FORMS = re.compile(
    r"\b(co|company|ltd|limited|inc|corp|corporation|gmbh|sa|llc|demo)\b|有限责任公司|股份有限公司|有限公司|公司"
)


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
