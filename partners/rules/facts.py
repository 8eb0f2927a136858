"""The facts of the register that can be proposed and disputed one by one: their names, and how a value is written and read. Pure."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Field
from django.utils.translation import gettext_lazy as _

from partners import dates
from partners.dates import Known, OutOfRange
from partners.models.cities import City
from partners.models.corrections import Registered
from partners.models.ties import Exchange, Twinning
from partners.places import in_capitals
from partners.rules.places import CODES
from workflow.errors import Refused, Words

# Days stand in two columns, `<name>_on` and `<name>_precision`; that of an exchange in `on` and `precision`.
DAYS: Mapping[str, Words] = {
    "signed": _("signed"),
    "expires": _("agreed until"),
    "ended": _("ended or suspended"),
    "when": _("day"),
}
FACTS: Mapping[type[Registered], tuple[str, ...]] = {
    City: (
        *("name_en", "name_fr", "name_zh", "name_local", "country", "subdivision"),
        *("level", "population", "timezone"),
    ),
    Twinning: ("kind", "signed", "expires", "ended", "certain", "source_url", "note"),
    Exchange: ("when", "kind", "items", "quantity", "unit", "source_url", "note"),
}
YES, NO = "yes", "no"
STANDING = "standing"  # whether a tie is in force: no column, so sources may say it in words of their own
STANDINGS: tuple[tuple[str, Words], ...] = (
    ("in_force", _("In force")),
    (Twinning.Why.EXPIRED, Twinning.Why.EXPIRED.label),
    (Twinning.Why.TERMINATED, Twinning.Why.TERMINATED.label),
    (Twinning.Status.SUSPENDED, Twinning.Status.SUSPENDED.label),
)


def facts_of(thing: Registered) -> tuple[str, ...]:
    """What can be set right about a thing now: an agreement that stands has no end to correct."""
    names = FACTS[type(thing)]
    stands = isinstance(thing, Twinning) and thing.status == Twinning.Status.RECORDED
    return tuple(name for name in names if name != "ended") if stands else names


def label(kind: type[Registered], fact: str) -> Words:
    """What a fact is called."""
    if fact == STANDING:
        return _("in force?")
    return DAYS.get(fact) or _field(kind, fact).verbose_name


def choices(kind: type[Registered], fact: str) -> list[tuple[str, Words]]:
    """The values to choose from, each with its word; none where the value is free."""
    if fact in DAYS:
        return []
    if fact == STANDING:
        return list(STANDINGS)
    field = _field(kind, fact)
    if isinstance(field, BooleanField):
        return [(YES, _("yes")), (NO, _("no"))]
    return [(str(value), words) for value, words in field.flatchoices]


def written(thing: Registered, fact: str) -> str:
    """A fact as it would stand in a file; a day whose precision its parts do not show is followed by it."""
    return "" if fact == STANDING else _text(getattr(thing, fact))


def claimable(thing: Registered) -> tuple[str, ...]:
    """What sources may disagree about: the facts of a thing, and of an agreement whether it is in force."""
    return (*facts_of(thing), STANDING) if isinstance(thing, Twinning) else facts_of(thing)


def as_claimed(thing: Registered, fact: str, text: str) -> str:
    """What a source says, as a file would write it; of what has no column, its words. Refuses as `read` does."""
    if fact == STANDING and isinstance(thing, Twinning):
        return text.strip()
    return as_written(thing, fact, text)


def as_written(thing: Registered, fact: str, text: str) -> str:
    """A value as `written` would write it, once it is the thing's. Refuses as `read` does."""
    facts = read(thing, fact, text)
    return _text(dates.read(text) if fact in DAYS else facts[fact])


def _text(value: Any) -> str:
    if isinstance(value, Known):
        return value.exact
    if isinstance(value, bool):
        return YES if value else NO
    return "" if value is None else str(value)


def read(thing: Registered, fact: str, text: str) -> dict[str, Any]:
    """A value as the `correct_*` action of the thing takes it.

    Refuses a fact the thing does not have, at `fact`, and a value that cannot be one, at `value`.
    """
    if fact not in facts_of(thing):
        raise Refused("no_such_fact", _("This cannot be corrected here."), field="fact")
    try:
        return _day(thing, fact, text) if fact in DAYS else {fact: _plain(_field(type(thing), fact), text)}
    except OutOfRange as error:
        raise Refused("value_invalid", error.words, field="value") from error
    except ValidationError as error:
        raise Refused("value_invalid", error.messages[0], field="value") from error
    except ValueError as error:
        words = _("Write the day as 2011, 2015-06 or 2015-06-14.")
        raise Refused("value_invalid", words, field="value") from error


def _day(thing: Registered, fact: str, text: str) -> dict[str, Any]:
    day = dates.read(text)
    if not isinstance(thing, Exchange):
        return {fact: day}
    if day.on is None:
        raise ValidationError(_("Say when it was, at least the year."))
    return {"on": day.on, "precision": day.precision}


def _plain(field: "Field[Any, Any]", text: str) -> Any:
    text = in_capitals(text.strip()) if field.name in CODES else text.strip()
    if isinstance(field, BooleanField):
        if text not in (YES, NO):
            raise ValidationError(_("Say yes or no."))
        return text == YES
    return field.clean(None if not text and field.null else text, None)


def _field(kind: type[Registered], fact: str) -> "Field[Any, Any]":
    field: Field[Any, Any] = kind._meta.get_field(fact)  # type: ignore[assignment]  # FACTS names columns only
    return field
