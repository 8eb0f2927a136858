"""Rules for facts about a supplier: valid values, and when sources differ."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from partners.validators import validate_website
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.dependent_cities import allowed_unless_shared
from procurement.suppliers.rules.match_keys import address_key, name_key, number_key, phone_key
from procurement.suppliers.rules.permissions import may_edit_supplier, may_review_supplier
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of
from workflow.search import fold_text

Name, Status = SupplierFact.FactName, SupplierFact.Status
EARLIEST_REPORT = date(1950, 1, 1)  # earliest possible date of a report
MAX_PIECES_PER_DAY = 1_000_000_000  # pieces
FACT_VALUE_MAX_LENGTHS = {
    Name.NAME_EN: 200,
    Name.LEGAL_NAME: 200,
    Name.REGISTRATION_NUMBER: 30,
    Name.PHONE: 60,
    Name.WEBSITE: 200,
    Name.EMAIL: 254,
}
MAX_VALUE_LENGTH = 300  # characters of all other values
COUNTRY_CODE_LENGTH = 2  # letters

FACTS_WITH_MATCH_KEY = frozenset(
    {Name.LEGAL_NAME, Name.NAME_EN, Name.REGISTRATION_NUMBER, Name.PHONE, Name.ADDRESS}
)  # compared with other suppliers; the first three also with the watchlists


def value_key(name: str, value: str, country: str) -> str:
    """Return a value in compared form: that of the supplier's key column for this fact, else case-folded.

    `country` is the supplier's country.
    """
    keys: dict[str, Callable[[str], str]] = {
        Name.REGISTRATION_NUMBER: number_key,
        Name.PHONE: partial(phone_key, country=country),
        Name.ADDRESS: address_key,
        Name.LEGAL_NAME: name_key,
        Name.NAME_EN: name_key,
    }
    key = keys.get(SupplierFact.FactName(name), fold_text)(value) or fold_text(value)
    return key[:MAX_VALUE_LENGTH]


def parse_fact_value(name: str, value: str) -> Any:
    """Return a value in the type of the supplier's row. Refuses an invalid value, at the field `value`."""
    value = value.strip()
    if not value or len(value) > FACT_VALUE_MAX_LENGTHS.get(SupplierFact.FactName(name), MAX_VALUE_LENGTH):
        raise _bad_value(_("Enter the value as the source states it."))
    form = _PARSERS.get(SupplierFact.FactName(name))
    return value if form is None else form(value)


def _parse_day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise _bad_value(_("Enter the date as 2012-03-01.")) from error


def _parse_role(value: str) -> str:
    if value not in Supplier.Role.values:
        raise _bad_value(_("Enter “maker” (manufacturer), “trader” or “broker” (intermediary)."))
    return value


def _parse_country(value: str) -> str:
    if len(value) != COUNTRY_CODE_LENGTH or not (value.isascii() and value.isalpha()):
        raise _bad_value(_("Enter a two-letter country code, such as CN."))
    return value.upper()


def _parse_pieces(value: str) -> str:
    if not (value.isascii() and value.isdecimal() and int(value) <= MAX_PIECES_PER_DAY):
        raise _bad_value(_("Enter the daily production in figures."))
    return value


def _parse_email(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError as error:
        raise _bad_value(_("Enter a valid email address.")) from error
    return value


def _parse_phone(value: str) -> str:
    if not any(char.isdigit() for char in fold_text(value)):  # any length: a hotline has five
        raise _bad_value(_("Enter the number in figures."))
    return value


def _parse_website(value: str) -> str:
    try:
        validate_website(value)
    except ValidationError as error:
        raise _bad_value(error.message) from error
    return value


def _bad_value(words: Any) -> Refused:
    return Refused("bad_value", words, field="value")


_PARSERS: dict[str, Callable[[str], Any]] = {
    Name.FOUNDED: _parse_day,
    Name.ROLE: _parse_role,
    Name.COUNTRY: _parse_country,
    Name.CAPACITY: _parse_pieces,
    Name.EMAIL: _parse_email,
    Name.PHONE: _parse_phone,
    Name.WEBSITE: _parse_website,
}


def invalid_fact_refusal(row: SupplierFact, on: date) -> Refused | None:
    """Return the refusal for a fact with no source or an impossible date, with its field, else None."""
    if not row.stated_by.strip():
        return Refused("nobody_said", _("Enter the source of this statement."), field="stated_by")
    if not EARLIEST_REPORT <= row.stated_on <= on:
        words = _("A statement cannot be dated in the future. Correct the date.")
        return Refused("bad_day", words, field="stated_on")
    return None


@dataclass(frozen=True)
class FactComparison:
    """One fact of a supplier: the value in its row, the facts of its sources, and whether they differ."""

    name: str
    value: str
    sources: list[SupplierFact]
    sources_differ: bool


def compare_sources(now: Mapping[str, str], rows: Iterable[SupplierFact]) -> list[FactComparison]:
    """Return the facts of a supplier in their order, each with its sources.

    `now` holds the values in the supplier's row, "" for none. Sources differ if two sources, or one
    source and the row, have different values. After a person chose one, they do not differ until
    another source reports.
    """
    by_name: dict[str, list[SupplierFact]] = {name: [] for name in Name.values}
    for row in rows:
        by_name[row.name].append(row)
    country = now.get(Name.COUNTRY, "")
    return [
        FactComparison(
            name, now.get(name, ""), facts, _sources_differ(name, now.get(name, ""), facts, country)
        )
        for name, facts in by_name.items()
        if facts or now.get(name)
    ]


def _sources_differ(name: str, value: str, facts: list[SupplierFact], country: str) -> bool:
    settled = max((row.pk for row in facts if row.status == Status.SELECTED), default=0)
    current = [row for row in facts if row.status != Status.RETRACTED]
    keys = {row.value_key for row in current} | (
        {value_key(name, value, country)} if value and current else set()
    )
    newest = max((row.pk for row in current), default=0)
    return len(keys) > 1 and newest > settled


def may_record(by: Actor, row: SupplierFact) -> bool:
    """Return True for officers and verifiers of any city, and for a contact about their own report.

    The contact reports through a check that was given to them.
    """
    return may_review_supplier(by, row) or (row.contact is not None and by.user_id == row.contact.user_id)


def supplier_of_fact(row: SupplierFact) -> Supplier:
    """Return the supplier whose row receives the chosen value."""
    return row.supplier.current_row


RECORD_FACT = Move[SupplierFact](
    verb="record",
    label=_("Add a source"),
    past_tense=_("recorded what a source says"),
    target=Status.RECORDED,
    allowed=may_record,
)
SELECT_FACT_VALUE = Move[SupplierFact](
    verb="select",
    label=_("Use this value"),
    past_tense=_("chose this value where sources differed"),
    source=one_of(Status.RECORDED),
    target=Status.SELECTED,
    allowed=allowed_unless_shared(may_edit_supplier, of=supplier_of_fact),
    requires_reason=True,
    undo_verb="deselect",
)
DESELECT_FACT_VALUE = Move[SupplierFact](
    verb="deselect",
    label=_("Reopen the choice of value"),
    past_tense=_("reopened the choice of value"),
    source=one_of(Status.SELECTED),
    target=Status.RECORDED,
    allowed=may_edit_supplier,
    undo_verb="select",
)
RETRACT = Move[SupplierFact](
    verb="retract",
    label=_("Remove fact"),
    past_tense=_("deleted the recorded information"),
    source=Status.done,
    target=Status.RETRACTED,
    allowed=allowed_unless_shared(may_review_supplier),
    requires_reason=True,
)
FACT_MOVES = Moves(
    SupplierFact,
    RECORD_FACT,
    SELECT_FACT_VALUE,
    DESELECT_FACT_VALUE,
    RETRACT,
    ends={Status.RETRACTED: "recorded by mistake; kept for the record"},
)
