"""The journal of a thing as a person reads it: who, what, when, why, and what changed."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.db.models import Field, Model
from django.template import Context
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.doors import words
from workflow.errors import Words
from workflow.journal.entries import history_of
from workflow.models.journal import Entry
from workflow.moves import Move, Moves

if TYPE_CHECKING:
    from django.db.models import Field

register = template.Library()

type Parts = Iterable[tuple[Model, Words]]
type Line = tuple[Entry, str, list[tuple[str, str, str]], Words]

PAST = {
    "add": gettext_lazy("added it"),
    "correct": gettext_lazy("corrected it"),
    "change": gettext_lazy("changed it"),
    "confirm": gettext_lazy("confirmed it anew"),
    "end_rule": gettext_lazy("said when it ended"),
    "follow_file": gettext_lazy("gave up what was written by hand for what the file says"),
    "comment": gettext_lazy("wrote a comment"),
    "attach": gettext_lazy("added a file"),
    "remove": gettext_lazy("took it back, with the file it came with"),
    "set_limit": gettext_lazy("set the approval limit"),
    "set_back": gettext_lazy("set it back, with the file that had changed it"),
    "undelivered": gettext_lazy("could not deliver a message"),
}  # of things without a life cycle
NEWEST = 100  # entries of a history shown on a page at first
MOST = 2_000  # shown where its reader asks for older ones; an order's bundle for its auditor has them all
OLDER = "older"  # the parameter by which they ask


@register.inclusion_tag("components/history.html", takes_context=True)
def history(context: Context, thing: Model, parts: Parts = ()) -> dict[str, Any]:
    """`{% history shipment %}`: who did what, when and why, newest first, with what changed. `{% history shipment parts %}` tells
    with it what happened to its parts, each given with the name people know it by.

    Whoever sees a thing of another city sees of its history what they did themselves. What no city owns (the register, companies)
    has a history for everybody: it is where its facts come from. That a city's people said or brought something is theirs there too.
    """
    told = {(part._meta.label_lower, part.pk): (part, name) for part, name in [(thing, ""), *(parts or ())]}
    entries = history_of(*(part for part, _name in told.values()))
    city, by = getattr(thing, "city_id", None), context["request"].by
    theirs = city is not None and city not in by.sees
    entries = (
        entries.visible_to(by) if city is not None else entries.filter(city_id=None) | entries.visible_to(by)
    )
    asked = OLDER in context["request"].GET
    shown = MOST if asked else NEWEST
    found = list(entries[: shown + 1])
    lines = [_line(entry, *told[entry.thing_label, entry.thing_id]) for entry in found[:shown]]
    return {"lines": lines, "theirs": theirs, "more": len(found) > shown, "asked": asked, "most": MOST}


def _line(entry: Entry, thing: Model, name: Words) -> Line:
    return entry, past_words(Moves.registry.get(entry.thing_label), entry), changes(thing, entry), name


def past_words(known: Moves[Any] | None, entry: Entry) -> str:
    """The verb of an entry as the history says it ("posted")."""
    found: Move[Any] | None = known.by_verb.get(entry.verb) if known else None
    return str(found.past if found else PAST.get(entry.verb) or _(entry.verb.replace("_", " ")))


def changes(thing: Model, entry: Entry) -> list[tuple[str, str, str]]:
    """What an entry changed: (name of the fact, before, after), for the facts a reader knows by name."""
    fields = {field.attname: field for field in thing._meta.concrete_fields}
    tell = getattr(
        thing, "tell", None
    )  # a thing may put into words what its entries keep beside its own fields
    more = [(name, "", said) for name, said in tell(entry.facts)] if tell else []
    own = [
        (str(fields[key].verbose_name), fact(fields[key], entry.before.get(key)), fact(fields[key], value))
        for key, value in entry.after.items()
        if key in fields and tellable(fields[key])
    ]
    return own + more


def tellable(field: "Field[Any, Any]") -> bool:
    """Whether a field says something by itself: one that was given a name for people, and is not a key to another row."""
    # What the program counts for itself has no translated name.
    named = isinstance(field.verbose_name, Promise)
    return named and not (field.is_relation or field.name in ("created_at", "reference"))


def fact(field: "Field[Any, Any]", stored: Any) -> str:
    """A stored value as a person reads it."""
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
        return words.day(date.fromisoformat(stored))
    if kind == "DateTimeField":
        return words.moment(datetime.fromisoformat(stored), short=True)
    if "Integer" in kind:
        return words.quantity(stored)
    if isinstance(stored, list):
        names = dict(getattr(field, "base_field", field).flatchoices)
        return ", ".join(str(names.get(part, part)) for part in stored)
    return str(stored)
