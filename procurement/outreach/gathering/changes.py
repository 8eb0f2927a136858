"""What changed in a need since a question about it was written, and what it asks for now. Reads only."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from procurement.outreach.letters import needed
from procurement.outreach.models import Inquiry
from procurement.requests.models import SupplyRequest
from workflow.doors.tags.history import fact
from workflow.doors.words import in_marks
from workflow.models.journal import Entry

TYPED = frozenset({"title", "deliver_to", "notes"})  # of a need's facts, those in the city's own words


def needed_now(inquiry: Inquiry) -> str:
    """What the need asks for now, where it has changed since the question was written; "" where that says it."""
    return needed(inquiry.supply_request) if changed(inquiry) else ""


def changed(inquiry: Inquiry) -> list[tuple[str, str]]:
    """What changed since the question was written: which fact or line, before and after; then each reason that was given, once."""
    need = inquiry.supply_request
    edits = [
        (entry, told)
        for entry in _edits(inquiry)
        if (told := [*_facts(need, entry), *need.tell(entry.facts)])
    ]
    reasons = dict.fromkeys(entry.reason for entry, _told in edits if entry.reason)
    return [one for _entry, told in edits for one in told] + [(_("Why"), in_marks(one)) for one in reasons]


def _facts(need: SupplyRequest, entry: Entry) -> list[tuple[str, str]]:
    """The need's own facts that an entry changed, of those that the person asked has to know."""
    named = {field.name: field for field in need._meta.concrete_fields}
    fields = ((name, named[name]) for name in need.TOLD if name in entry.after)
    return [
        (
            capfirst(str(field.verbose_name)),
            f"{_told(field, entry.before.get(name))} → {_told(field, entry.after[name])}",
        )
        for name, field in fields
    ]


def _told(field: Any, value: Any) -> str:
    """A fact as people read it; in quotation marks where somebody typed it."""
    return in_marks(str(value)) if value and field.name in TYPED else fact(field, value)


def _edits(inquiry: Inquiry) -> list[Entry]:
    label, need = SupplyRequest._meta.label_lower, inquiry.supply_request_id
    found = Entry.objects.filter(thing_label=label, thing_id=need, verb="edit", at__gt=inquiry.worded_at)
    return list(found.order_by("pk"))
