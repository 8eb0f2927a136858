"""Template tag for the history of an object: author, action, time, reason and changed values."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import template
from django.db.models import Model
from django.template import Context
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.errors import LazyText
from workflow.formatting import format_day, format_moment, format_quantity
from workflow.journal.entries import history_of
from workflow.journal.models import Entry
from workflow.moves import Move, Moves

if TYPE_CHECKING:
    from django.db.models import Field

register = template.Library()

type HistoryParts = Iterable[tuple[Model, LazyText]]
type Change = tuple[str, str, str]  # name of the fact, before, after
type Line = tuple[Entry, str, list[Change], LazyText]

EXTRA_PAST_TENSES = {
    "add": gettext_lazy("added this entry"),
    "correct": gettext_lazy("corrected this entry"),
    "change": gettext_lazy("changed this entry"),
    "confirm": gettext_lazy("confirmed this entry again"),
    "end_rule": gettext_lazy("recorded the end date"),
    "follow_file": gettext_lazy("replaced the manual changes with the values in the file"),
    "comment": gettext_lazy("added a comment"),
    "attach": gettext_lazy("added a file"),
    "remove": gettext_lazy("removed this entry, together with the file it came from"),
    "set_limit": gettext_lazy("set the approval limit"),
    "set_need_approval": gettext_lazy("set how needs are posted"),
    "set_offer_validity": gettext_lazy("set how long offers are valid"),
    "set_purchase_details": gettext_lazy("set the text of purchase orders"),
    "set_back": gettext_lazy("restored the earlier value by removing the file that had changed it"),
    "undelivered": gettext_lazy("could not deliver a message"),
}  # verbs of objects without a life cycle
INITIAL_ENTRIES_SHOWN = 100  # entries of a history shown at first, where the whole of it is asked for
SAME_SAVE_FIELDS = ("thing_label", "thing_id", "verb", "by_label", "via")
REPEATED_SAVE_INTERVAL = timedelta(hours=1)  # saves closer together are one line
MAX_ENTRIES_SHOWN = 2_000  # entries shown if the reader asks for older ones; an order's audit file has all
OLDER_PARAMETER = "older"  # the parameter that asks for older entries


@register.inclusion_tag("components/history.html", takes_context=True)
def history(context: Context, thing: Model, parts: HistoryParts = (), newest: int = 0) -> dict[str, Any]:
    """Show the journal of an object, newest first: `{% history shipment %}`.

    `{% history shipment parts %}` adds the journal of its parts, each given with the name that people know.
    `newest` shows only so many entries, without what changed and without a link to more.

    A reader who sees an object of another city gets only the entries of their own actions. The history of an
    object without a city (the register, companies) is for every reader, because it shows the sources of its
    facts. But there, entries about comments and files are only for the people of the author's city.
    """
    values = {(part._meta.label_lower, part.pk): (part, name) for part, name in [(thing, ""), *(parts or ())]}
    entries = history_of(*(part for part, _name in values.values()))
    city, by = getattr(thing, "city_id", None), context["request"].by
    is_foreign = city is not None and city not in by.visible_cities
    entries = (
        entries.visible_to(by) if city is not None else entries.filter(city_id=None) | entries.visible_to(by)
    )
    asked = OLDER_PARAMETER in context["request"].GET
    shown = newest or (MAX_ENTRIES_SHOWN if asked else INITIAL_ENTRIES_SHOWN)
    found = list(entries[: shown + 1])
    lines = _joined(_line(entry, *values[entry.thing_label, entry.thing_id]) for entry in found[:shown])
    return {
        "lines": lines,
        "theirs": is_foreign,
        "more": len(found) > shown and not newest,
        "asked": asked,
        "most": MAX_ENTRIES_SHOWN,
        "brief": bool(newest),
    }


def _line(entry: Entry, thing: Model, name: LazyText) -> Line:
    return entry, past_tense_label(Moves.registry.get(entry.thing_label), entry), changes(thing, entry), name


def _joined(lines: Iterable[Line]) -> list[Line]:
    """Return the lines with repeated saves as one: one person doing one thing to one object within an hour."""
    joined: list[Line] = []
    for line in lines:
        if joined and _is_repeated_save(line, joined[-1]):
            entry, what, later, part = joined[-1]
            joined[-1] = (entry, what, _changes_over(line[2], later), part)
        else:
            joined.append(line)
    return joined


def _is_repeated_save(earlier: Line, later: Line) -> bool:
    one, other = earlier[0], later[0]
    same = all(getattr(one, name) == getattr(other, name) for name in SAME_SAVE_FIELDS)
    edits = bool(earlier[2] and later[2]) and not (one.reason or other.reason)
    return same and edits and other.at - one.at < REPEATED_SAVE_INTERVAL


def _changes_over(earlier: list[Change], later: list[Change]) -> list[Change]:
    first = {name: before for name, before, _after in reversed(earlier)}
    last = {name: after for name, _before, after in [*earlier, *later]}
    known = first | {name: before for name, before, _after in later if name not in first}
    return [(name, known[name], after) for name, after in last.items()]


def past_tense_label(known: Moves[Any] | None, entry: Entry) -> str:
    """Return the verb of an entry as the history shows it ("posted")."""
    found: Move[Any] | None = known.by_verb.get(entry.verb) if known else None
    return str(
        found.past_tense if found else EXTRA_PAST_TENSES.get(entry.verb) or _(entry.verb.replace("_", " "))
    )


def changes(thing: Model, entry: Entry) -> list[Change]:
    """Return the changes in an entry as (name of the fact, before, after).

    Only facts that have a name for readers are included.
    """
    fields = {field.attname: field for field in thing._meta.concrete_fields}
    described_facts = getattr(
        thing, "described_facts", None
    )  # an object may describe facts that its entries keep beside its own fields
    more = [(name, "", said) for name, said in described_facts(entry.facts)] if described_facts else []
    own = [
        (
            str(fields[key].verbose_name),
            readable_value(fields[key], entry.before.get(key)),
            readable_value(fields[key], value),
        )
        for key, value in entry.after.items()
        if key in fields and is_readable_field(fields[key])
    ]
    return own + more


def is_readable_field(field: "Field[Any, Any]") -> bool:
    """Return True if readers can understand a field: it has a name for people, and is no key to a row."""
    # The program's internal counters have no translated name.
    named = isinstance(field.verbose_name, Promise)
    return named and not (field.is_relation or field.name in ("created_at", "reference"))


def readable_value(field: "Field[Any, Any]", stored: Any) -> str:
    """Return a stored value as a person reads it."""
    if stored is None or stored == "":
        return "–"
    model: Any = field.model  # every model with a `status` nests its Status
    if field.name == "status":
        return str(dict(model.Status.choices).get(stored, stored))
    if field.choices:
        return str(dict(field.flatchoices).get(stored, stored))
    return _figure(field, stored)


def _figure(field: "Field[Any, Any]", stored: Any) -> str:
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return _("yes") if stored else _("no")
    if kind == "DateField":
        return format_day(date.fromisoformat(stored))
    if kind == "DateTimeField":
        return format_moment(datetime.fromisoformat(stored), short=True)
    if "Integer" in kind:
        return format_quantity(stored)
    if isinstance(stored, list):
        names = dict(getattr(field, "base_field", field).flatchoices)
        return ", ".join(str(names.get(part, part)) for part in stored)
    return str(stored)
