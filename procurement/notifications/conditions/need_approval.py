"""Conditions of notices about needs, and changes of needs, that wait for an approver."""

from typing import Any

from procurement.requests.models import SupplyRequest
from workflow.journal.models import Entry


def is_need_undecided(need: Any, _entry: Entry) -> bool:
    """Return True while an approver is to decide whether the need is posted."""
    return bool(need.status == SupplyRequest.Status.AWAITING_APPROVAL)


def is_change_undecided(need: Any, _entry: Entry) -> bool:
    """Return True while an approver is to decide on a change of the need."""
    return need.proposal is not None and need.waiting_since is not None


def is_change_sent_back(need: Any, _entry: Entry) -> bool:
    """Return True while a change that was sent back is neither replaced nor withdrawn."""
    return need.proposal is not None and need.sent_back_at is not None
