"""What a source can say about a company, when sources differ, and which phone number a contact has confirmed. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from partners.places import website
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.rules.comparing import address_key, name_key, number_key, phone_key
from procurement.suppliers.rules.relying import alone
from procurement.suppliers.rules.rights import may_check, may_edit
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of
from workflow.search import fold

N, S = CompanyFact.Name, CompanyFact.Status
EARLIEST = date(1950, 1, 1)  # nobody told of one before
MOST_A_DAY = 1_000_000_000  # pieces
LONGEST = {N.NAME_EN: 200, N.LEGAL_NAME: 200, N.NUMBER: 30, N.PHONE: 60, N.WEBSITE: 200, N.EMAIL: 254}
LONGEST_VALUE = 300  # characters of the others
COUNTRY = 2  # letters

COMPARED = frozenset(
    {N.LEGAL_NAME, N.NAME_EN, N.NUMBER, N.PHONE, N.ADDRESS}
)  # with those of other companies; the first three with the lists as well


def value_key(name: str, value: str, country: str) -> str:
    """A value as it is compared with what other sources say: as the company's own column, else folded. `country` is the company's."""
    keys: dict[str, Callable[[str], str]] = {
        N.NUMBER: number_key,
        N.PHONE: partial(phone_key, country=country),
        N.ADDRESS: address_key,
        N.LEGAL_NAME: name_key,
        N.NAME_EN: name_key,
    }
    key = keys.get(CompanyFact.Name(name), fold)(value) or fold(value)
    return key[:LONGEST_VALUE]


def kept(name: str, value: str) -> Any:
    """A value as the company's row keeps it. Refuses what the fact cannot be, at the field `value`."""
    value = value.strip()
    if not value or len(value) > LONGEST.get(CompanyFact.Name(name), LONGEST_VALUE):
        raise _no(_("Give the value, as the source has it."))
    form = _FORMS.get(CompanyFact.Name(name))
    return value if form is None else form(value)


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise _no(_("Give the day as 2012-03-01.")) from error


def _role(value: str) -> str:
    if value not in Supplier.Role.values:
        raise _no(_("A company is a maker, a trader or a broker."))
    return value


def _country(value: str) -> str:
    if len(value) != COUNTRY or not (value.isascii() and value.isalpha()):
        raise _no(_("Give two letters, such as CN."))
    return value.upper()


def _pieces(value: str) -> str:
    if not (value.isascii() and value.isdecimal() and int(value) <= MOST_A_DAY):
        raise _no(_("Give the pieces made per day, in figures."))
    return value


def _email(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError as error:
        raise _no(_("This is no e-mail address.")) from error
    return value


def _phone(value: str) -> str:
    if not any(char.isdigit() for char in fold(value)):  # of any length: a hotline has five
        raise _no(_("Give the number, in figures."))
    return value


def _website(value: str) -> str:
    try:
        website(value)
    except ValidationError as error:
        raise _no(error.message) from error
    return value


def _no(words: Any) -> Refused:
    return Refused("bad_value", words, field="value")


_FORMS: dict[str, Callable[[str], Any]] = {
    N.FOUNDED: _day,
    N.ROLE: _role,
    N.COUNTRY: _country,
    N.CAPACITY: _pieces,
    N.EMAIL: _email,
    N.PHONE: _phone,
    N.WEBSITE: _website,
}


def fault(row: CompanyFact, on: date) -> Refused | None:
    """The first thing about what a source said that cannot be, with its field; None where all of it can be."""
    if not row.said_by.strip():
        return Refused("nobody_said", _("Say who said it."), field="said_by")
    if not EARLIEST <= row.said_on <= on:
        words = _("A statement cannot be dated in the future. Correct the date.")
        return Refused("bad_day", words, field="said_on")
    return None


@dataclass(frozen=True)
class Told:
    """One fact of a company: what its row says, each source that says something about it, and whether they differ."""

    name: str
    value: str
    sources: list[CompanyFact]
    differ: bool


def side_by_side(now: Mapping[str, str], rows: Iterable[CompanyFact]) -> list[Told]:
    """The facts of a company in their order, each with its sources. `now` holds the row's own values, "" for none.

    Sources differ where two of them, or one and the row, say something else; not after somebody settled it, until another speaks up.
    """
    by_name: dict[str, list[CompanyFact]] = {name: [] for name in N.values}
    for row in rows:
        by_name[row.name].append(row)
    country = now.get(N.COUNTRY, "")
    return [
        Told(name, now.get(name, ""), said, _differ(name, now.get(name, ""), said, country))
        for name, said in by_name.items()
        if said or now.get(name)
    ]


def _differ(name: str, value: str, said: list[CompanyFact], country: str) -> bool:
    settled = max((row.pk for row in said if row.status == S.SETTLED), default=0)
    stand = [row for row in said if row.status != S.TAKEN_BACK]
    keys = {row.value_key for row in stand} | (
        {value_key(name, value, country)} if value and stand else set()
    )
    newest = max((row.pk for row in stand), default=0)
    return len(keys) > 1 and newest > settled


def may_say(by: Actor, row: CompanyFact) -> bool:
    """Officers and verifiers of any city; a contact what they themselves say, through the door of a check that was given to them."""
    return may_check(by, row) or (row.contact is not None and by.user_id == row.contact.user_id)


def company_of(row: CompanyFact) -> Supplier:
    """The company whose row says what is settled."""
    return row.supplier.current


SAY = Move[CompanyFact](
    verb="say",
    label=_("Add what a source says"),
    past=_("noted what a source says"),
    target=S.SAID,
    allowed=may_say,
)
SETTLE = Move[CompanyFact](
    verb="settle",
    label=_("This one counts"),
    past=_("settled what sources disagree about"),
    source=one_of(S.SAID),
    target=S.SETTLED,
    allowed=alone(may_edit, of=company_of),
    reason=True,
)
UNSETTLE = Move[CompanyFact](
    verb="unsettle",
    label=_("Another one counts"),
    past=_("settled for another source"),
    source=one_of(S.SETTLED),
    target=S.SAID,
    allowed=may_edit,
)
TAKE_BACK = Move[CompanyFact](
    verb="take_back",
    label=_("Take back"),
    past=_("took back what was noted"),
    source=one_of(S.SAID, S.SETTLED),
    target=S.TAKEN_BACK,
    allowed=alone(may_check),
    reason=True,
)
FACT_MOVES = Moves(
    CompanyFact,
    SAY,
    SETTLE,
    UNSETTLE,
    TAKE_BACK,
    ends={S.TAKEN_BACK: "noted by mistake; kept for the record"},
)
