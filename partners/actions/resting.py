"""What rests on a row of the register, in words: why it cannot be taken back. Reads only."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import ForeignObjectRel, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.above import asked_through
from partners.models.corrections import Correction
from partners.models.disputes import Dispute
from partners.models.imports import Import, ImportPlace
from partners.models.ties import Exchange, Twinning
from workflow.errors import Words
from workflow.models.evidence import Comment, File
from workflow.models.journal import Entry

type Why = (
    Words | Callable[[], Words]
)  # a function where the sentence holds a name, which each language writes its own way

CHANGED = gettext_lazy("Somebody changed it since.")
_SAID: dict[type[Model], Words] = {
    Dispute: gettext_lazy("What sources say about it was written down."),
    Correction: gettext_lazy("Somebody proposed a correction about it."),
}
_OURS = (Import, ImportPlace)


def resting(model: type[Model], last: dict[int, int]) -> dict[int, Why]:
    """Why some of these things must stay, by id; `last` tells the last entry of the journal that the import wrote about each.

    Things of the register that rest on them are named; of what belongs to a city or a person only its kind is told.
    """
    pks, label = list(last), model._meta.label_lower
    why: dict[int, Why] = {}
    since = Entry.objects.filter(thing_label=label, thing_id__in=pks, pk__gt=min(last.values(), default=0))
    why |= {pk: CHANGED for pk, entry in since.values_list("thing_id", "pk") if entry > last[pk]}
    for said in (Comment, File):
        about = said._base_manager.filter(thing_label=label, thing_id__in=pks)
        words = gettext_lazy("Something was said or brought about it.")
        why |= dict.fromkeys(about.values_list("thing_id", flat=True), words)
    for holder, name in _pointing_at(model):
        why |= _held(holder, name, pks)
    return why | (_asked_through(pks) if model is Twinning else {})


def _asked_through(pks: Sequence[int]) -> dict[int, Why]:
    """The agreements between whose places somebody was asked since they were entered: no row points at them, and yet they were used."""
    rows = Twinning.objects.filter(pk__in=pks).values_list("pk", "city_a", "city_b", "created_at")
    ties = {pk: (frozenset((a, b)), since) for pk, a, b, since in rows}
    asked = asked_through({pair for pair, _since in ties.values()})
    words = gettext_lazy("Somebody was asked through it.")
    return {pk: words for pk, (pair, since) in ties.items() if pair in asked and asked[pair] >= since}


def _pointing_at(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Every table that points at this one, and by which column: also those that the model itself is not told of."""
    for relation in model._meta.get_fields(include_hidden=True):
        if (
            isinstance(relation, ForeignObjectRel)
            and not relation.many_to_many
            and relation.related_model not in _OURS
        ):
            yield relation.related_model, relation.field.attname


def _held(holder: Any, name: str, pks: Sequence[int]) -> dict[int, Why]:
    held = holder._base_manager.filter(**{f"{name}__in": pks})
    if holder in (Twinning, Exchange):
        sides = ("city_a", "city_b") if holder is Twinning else ("from_city", "to_city")
        return {getattr(one, name): _named(one) for one in held.select_related(*sides).order_by("-pk")}
    words = _SAID.get(holder, gettext_lazy("Somebody already works with it."))
    return dict.fromkeys(held.values_list(name, flat=True).distinct(), words)


def _named(thing: Model) -> Callable[[], Words]:
    if isinstance(thing, Twinning):
        return lambda: _("The agreement “%(name)s” rests on it.") % {"name": thing}
    return lambda: _("The exchange “%(name)s” rests on it.") % {"name": thing}
