"""Reasons why a register entry cannot be removed, in words: other data depends on it. Reads only."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import ForeignObjectRel, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.agreements.models import TwinningAgreement
from partners.corrections.models import Correction
from partners.disputes.models import Dispute
from partners.exchanges.models import Exchange
from partners.hooks import last_inquiry_times
from partners.register_import.models import Import, ImportPlace
from workflow.attachments.models import Comment
from workflow.errors import LazyText
from workflow.journal.models import Entry
from workflow.uploads.models import File

type DependencyReason = (
    LazyText | Callable[[], LazyText]
)  # a function if the sentence contains a name, because names differ by language

CHANGED_SINCE = gettext_lazy("Someone has changed it since.")
_REASON_BY_MODEL: dict[type[Model], LazyText] = {
    Dispute: gettext_lazy("A disagreement between sources has been recorded about it."),
    Correction: gettext_lazy("Someone has proposed a correction to it."),
}
_OWN_MODELS = (Import, ImportPlace)


def blocking_dependants(model: type[Model], last: dict[int, int]) -> dict[int, DependencyReason]:
    """Return, by id, why some of these entries must stay.

    `last` maps each id to the last journal entry that the import wrote about it. The reason names dependent
    entries of the register. For data of a city or a person, it gives only the kind of data.
    """
    pks, label = list(last), model._meta.label_lower
    why: dict[int, DependencyReason] = {}
    since = Entry.objects.filter(thing_label=label, thing_id__in=pks, pk__gt=min(last.values(), default=0))
    why |= {pk: CHANGED_SINCE for pk, entry in since.values_list("thing_id", "pk") if entry > last[pk]}
    for said in (Comment, File):
        about = said._base_manager.filter(thing_label=label, thing_id__in=pks)
        words = gettext_lazy("Comments or files have been added to it.")
        why |= dict.fromkeys(about.values_list("thing_id", flat=True), words)
    for holder, name in _pointing_at(model):
        why |= _rows_of_holder(holder, name, pks)
    return why | (_agreements_with_inquiries(pks) if model is TwinningAgreement else {})


def _agreements_with_inquiries(pks: Sequence[int]) -> dict[int, DependencyReason]:
    """Return the agreements between whose cities an inquiry was written since they were entered.

    No row points at such an agreement, yet it was used.
    """
    rows = TwinningAgreement.objects.filter(pk__in=pks).values_list("pk", "city_a", "city_b", "created_at")
    ties = {pk: (frozenset((a, b)), since) for pk, a, b, since in rows}
    inquiries = last_inquiry_times({pair for pair, _since in ties.values()})
    words = gettext_lazy("Someone has been asked under this agreement.")
    return {pk: words for pk, (pair, since) in ties.items() if pair in inquiries and inquiries[pair] >= since}


def _pointing_at(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Yield every table with a foreign key to this model, and the column, including hidden relations."""
    for relation in model._meta.get_fields(include_hidden=True):
        if (
            isinstance(relation, ForeignObjectRel)
            and not relation.many_to_many
            and relation.related_model not in _OWN_MODELS
        ):
            yield relation.related_model, relation.field.attname


def _rows_of_holder(holder: Any, name: str, pks: Sequence[int]) -> dict[int, DependencyReason]:
    held = holder._base_manager.filter(**{f"{name}__in": pks})
    if holder in (TwinningAgreement, Exchange):
        sides = ("city_a", "city_b") if holder is TwinningAgreement else ("from_city", "to_city")
        return {getattr(one, name): _named(one) for one in held.select_related(*sides).order_by("-pk")}
    words = _REASON_BY_MODEL.get(holder, gettext_lazy("It is already in use."))
    return dict.fromkeys(held.values_list(name, flat=True).distinct(), words)


def _named(thing: Model) -> Callable[[], LazyText]:
    if isinstance(thing, TwinningAgreement):
        return lambda: _("The agreement “%(name)s” depends on it.") % {"name": thing}
    return lambda: _("The exchange “%(name)s” depends on it.") % {"name": thing}
