"""What changed in a need since somebody was asked about it, and what it asks for now. Reads only."""

from django.utils.translation import gettext as _

from procurement.outreach.letters import needed
from procurement.outreach.models import Inquiry
from procurement.requests.models import SupplyRequest
from workflow.models import Entry


def needed_now(inquiry: Inquiry) -> str:
    """What the need asks for now, where it has changed since the question went out; "" where it says what was sent."""
    return needed(inquiry.supply_request) if _edits(inquiry) else ""


def changed(inquiry: Inquiry) -> list[tuple[str, str]]:
    """What changed since the question went out: which line, before and after; then each reason that was given."""
    need, edits = inquiry.supply_request, _edits(inquiry)
    told = [one for entry in edits for one in need.tell(entry.facts)]
    return told + [(_("Why"), entry.reason) for entry in edits if entry.reason]


def _edits(inquiry: Inquiry) -> list[Entry]:
    if inquiry.sent_at is None:
        return []
    label, need = SupplyRequest._meta.label_lower, inquiry.supply_request_id
    found = Entry.objects.filter(thing_label=label, thing_id=need, verb="edit", at__gt=inquiry.sent_at)
    return list(found.order_by("pk"))
