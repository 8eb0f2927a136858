"""Reasons why a rollback cannot remove a register entry: later changes, or data that depends on it. Reads only."""

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
from workflow.comments_and_files.models import Comment
from workflow.errors import LazyText
from workflow.journal.models import Entry
from workflow.uploads.models import File

type DependencyReason = (
    LazyText | Callable[[], LazyText]
)  # a function if the sentence contains a name, because names differ by language

CHANGED_SINCE_IMPORT = gettext_lazy("Someone has since changed this entry.")
_REASON_BY_MODEL: dict[type[Model], LazyText] = {
    Dispute: gettext_lazy("A disagreement between sources has been recorded for this entry."),
    Correction: gettext_lazy("Someone has proposed a correction to this entry."),
}
_OWN_MODELS = (Import, ImportPlace)


def rollback_blocking_reasons(model: type[Model], last: dict[int, int]) -> dict[int, DependencyReason]:
    """Return the reasons why some of these entries must stay, by id.

    `last` maps each id to the last journal entry that the import wrote about it. The reason names dependent
    entries of the register. For data of a city or a person, it gives only the kind of data.
    """
    pks, label = list(last), model._meta.label_lower
    reasons: dict[int, DependencyReason] = {}
    later_entries = Entry.objects.filter(
        thing_label=label, thing_id__in=pks, pk__gt=min(last.values(), default=0)
    )
    reasons |= {
        pk: CHANGED_SINCE_IMPORT
        for pk, entry in later_entries.values_list("thing_id", "pk")
        if entry > last[pk]
    }
    for attached_model in (Comment, File):
        attached = attached_model._base_manager.filter(thing_label=label, thing_id__in=pks)
        reason = gettext_lazy("Comments or files have been added to this entry.")
        reasons |= dict.fromkeys(attached.values_list("thing_id", flat=True), reason)
    for holder, column in _foreign_keys_to(model):
        reasons |= _reasons_of_holder(holder, column, pks)
    return reasons | (_agreements_with_inquiries(pks) if model is TwinningAgreement else {})


def _agreements_with_inquiries(pks: Sequence[int]) -> dict[int, DependencyReason]:
    """Return the agreements between whose cities an inquiry was written since they were entered.

    No row points at such an agreement, yet it was used.
    """
    rows = TwinningAgreement.objects.filter(pk__in=pks).values_list("pk", "city_a", "city_b", "created_at")
    agreements = {pk: (frozenset((a, b)), since) for pk, a, b, since in rows}
    inquiries = last_inquiry_times({pair for pair, _since in agreements.values()})
    reason = gettext_lazy("Someone has been asked under this agreement.")
    return {
        pk: reason
        for pk, (pair, since) in agreements.items()
        if pair in inquiries and inquiries[pair] >= since
    }


def _foreign_keys_to(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Yield every table with a foreign key to this model, and the column, including hidden relations."""
    for relation in model._meta.get_fields(include_hidden=True):
        if (
            isinstance(relation, ForeignObjectRel)
            and not relation.many_to_many
            and relation.related_model not in _OWN_MODELS
        ):
            yield relation.related_model, relation.field.attname


def _reasons_of_holder(holder: Any, column: str, pks: Sequence[int]) -> dict[int, DependencyReason]:
    rows = holder._base_manager.filter(**{f"{column}__in": pks})
    if holder in (TwinningAgreement, Exchange):
        sides = ("city_a", "city_b") if holder is TwinningAgreement else ("from_city", "to_city")
        return {
            getattr(row, column): _reason_naming(row) for row in rows.select_related(*sides).order_by("-pk")
        }
    reason = _REASON_BY_MODEL.get(holder, gettext_lazy("This entry is already in use."))
    return dict.fromkeys(rows.values_list(column, flat=True).distinct(), reason)


def _reason_naming(thing: Model) -> Callable[[], LazyText]:
    if isinstance(thing, TwinningAgreement):
        return lambda: _("The agreement “%(name)s” depends on this entry.") % {"name": thing}
    return lambda: _("The exchange “%(name)s” depends on this entry.") % {"name": thing}
