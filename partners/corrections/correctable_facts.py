"""Facts of register entries that can be corrected or disputed: their labels, choices, and values as text.

The functions use no database.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Field
from django.utils.translation import gettext_lazy as _

from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.cities.rules import CODE_FIELDS
from partners.corrections.models import Registered
from partners.exchanges.models import Exchange
from partners.partial_dates import PartialDate, YearOutOfRange, read_partial_date
from partners.validators import normalize_code
from workflow.errors import LazyText, Refused

# A date has two columns, `<name>_on` and `<name>_precision`; for an exchange, `on` and `precision`.
DATE_LABELS: Mapping[str, LazyText] = {
    "signed": _("date signed"),
    "expires": _("valid until"),
    "ended": _("end or suspension date"),
    "when": _("date"),
}
CORRECTABLE_FACTS: Mapping[type[Registered], tuple[str, ...]] = {
    City: (
        *("name_en", "name_fr", "name_zh", "name_local", "country", "subdivision"),
        *("level", "population", "timezone"),
    ),
    TwinningAgreement: ("kind", "signed", "expires", "ended", "certain", "source_url", "note"),
    Exchange: ("when", "kind", "items", "quantity", "unit", "source_url", "note"),
}
YES, NO = "yes", "no"
AGREEMENT_STATUS_FACT = (
    "agreement_status"  # status of an agreement; it has no column, so claims may use the words of a source
)
AGREEMENT_STATUS_CHOICES: tuple[tuple[str, LazyText], ...] = (
    ("in_force", _("In force")),
    (TwinningAgreement.EndReason.EXPIRED, TwinningAgreement.EndReason.EXPIRED.label),
    (TwinningAgreement.EndReason.TERMINATED, TwinningAgreement.EndReason.TERMINATED.label),
    (TwinningAgreement.Status.SUSPENDED, TwinningAgreement.Status.SUSPENDED.label),
)


def correctable_facts(thing: Registered) -> tuple[str, ...]:
    """Return the facts of an entry that can be corrected now. A recorded agreement has no end to correct."""
    names = CORRECTABLE_FACTS[type(thing)]
    is_recorded = isinstance(thing, TwinningAgreement) and thing.status == TwinningAgreement.Status.RECORDED
    return tuple(name for name in names if name != "ended") if is_recorded else names


def fact_label(kind: type[Registered], fact: str) -> LazyText:
    """Return the label of a fact."""
    if fact == AGREEMENT_STATUS_FACT:
        return _("in force?")
    return DATE_LABELS.get(fact) or _field(kind, fact).verbose_name


def fact_choices(kind: type[Registered], fact: str) -> list[tuple[str, LazyText]]:
    """Return the possible values of a fact with their labels; an empty list if any value is allowed."""
    if fact in DATE_LABELS:
        return []
    if fact == AGREEMENT_STATUS_FACT:
        return list(AGREEMENT_STATUS_CHOICES)
    field = _field(kind, fact)
    if isinstance(field, BooleanField):
        return [(YES, _("yes")), (NO, _("no"))]
    return [(str(value), label) for value, label in field.flatchoices]


def register_file_value(thing: Registered, fact: str) -> str:
    """Return a fact as a register file writes it. A date is followed by its precision if its parts do not show it."""
    return "" if fact == AGREEMENT_STATUS_FACT else _value_text(getattr(thing, fact))


def disputable_facts(thing: Registered) -> tuple[str, ...]:
    """Return the facts that sources may dispute: those of the entry and, for an agreement, its status."""
    return (
        (*correctable_facts(thing), AGREEMENT_STATUS_FACT)
        if isinstance(thing, TwinningAgreement)
        else correctable_facts(thing)
    )


def normalize_claim(thing: Registered, fact: str, text: str) -> str:
    """Return a claimed value as a register file writes it.

    A fact without a column keeps the words of the source. Refuses as `parse_fact_value` does.
    """
    if fact == AGREEMENT_STATUS_FACT and isinstance(thing, TwinningAgreement):
        return text.strip()
    return normalize_value(thing, fact, text)


def normalize_value(thing: Registered, fact: str, text: str) -> str:
    """Return a value as `register_file_value` would return it if the entry had it. Refuses as `parse_fact_value` does."""
    facts = parse_fact_value(thing, fact, text)
    return _value_text(read_partial_date(text) if fact in DATE_LABELS else facts[fact])


def _value_text(value: Any) -> str:
    if isinstance(value, PartialDate):
        return value.iso_text_with_precision
    if isinstance(value, bool):
        return YES if value else NO
    return "" if value is None else str(value)


def parse_fact_value(thing: Registered, fact: str, text: str) -> dict[str, Any]:
    """Return a value as keyword arguments of the `correct_*` action of the entry.

    Refuses a fact that the entry does not have (field `fact`) and an invalid value (field `value`).
    """
    if fact not in correctable_facts(thing):
        raise Refused("no_such_fact", _("This cannot be corrected here."), field="fact")
    try:
        return (
            _read_date(thing, fact, text)
            if fact in DATE_LABELS
            else {fact: _read_column_value(_field(type(thing), fact), text)}
        )
    except YearOutOfRange as error:
        raise Refused("value_invalid", error.words, field="value") from error
    except ValidationError as error:
        raise Refused("value_invalid", error.messages[0], field="value") from error
    except ValueError as error:
        message = _("Enter the date as 2011, 2015-06 or 2015-06-14.")
        raise Refused("value_invalid", message, field="value") from error


def _read_date(thing: Registered, fact: str, text: str) -> dict[str, Any]:
    day = read_partial_date(text)
    if not isinstance(thing, Exchange):
        return {fact: day}
    if day.first_day is None:
        raise ValidationError(_("Enter a date, or at least the year."))
    return {"on": day.first_day, "precision": day.precision}


def _read_column_value(field: "Field[Any, Any]", text: str) -> Any:
    text = normalize_code(text.strip()) if field.name in CODE_FIELDS else text.strip()
    if isinstance(field, BooleanField):
        if text not in (YES, NO):
            raise ValidationError(_("Choose yes or no."))
        return text == YES
    return field.clean(None if not text and field.null else text, None)


def _field(kind: type[Registered], fact: str) -> "Field[Any, Any]":
    field: Field[Any, Any] = kind._meta.get_field(fact)  # type: ignore[assignment]  # CORRECTABLE_FACTS names columns only
    return field
