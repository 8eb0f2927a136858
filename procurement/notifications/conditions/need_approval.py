"""Conditions of notices about needs, and changes of needs, that wait for an approver."""

from datetime import datetime
from typing import Any

from procurement.requests.models import SupplyRequest
from workflow.journal.models import Entry


def is_need_undecided(need: Any, entry: Entry) -> bool:
    """Return True while an approver is to decide whether the need is posted, as it was sent by this entry or before."""
    waits = need.status == SupplyRequest.Status.AWAITING_APPROVAL and need.waiting_since is not None
    return bool(waits and entry.at >= need.waiting_since)


def is_need_sent_back(need: Any, entry: Entry) -> bool:
    """Return True from this return of the need until it is sent again. One that an officer took back is a draft."""
    is_draft = need.status == SupplyRequest.Status.DRAFT
    return bool(is_draft and (need.sent_back_at is None or entry.at >= need.sent_back_at))


def is_change_undecided(need: Any, entry: Entry) -> bool:
    """Return True while an approver is to decide on the change that was proposed by this entry or before."""
    if need.proposal is None or need.waiting_since is None:
        return False
    return bool(entry.at >= datetime.fromisoformat(need.proposal["proposed_at"]))


def is_change_sent_back(need: Any, entry: Entry) -> bool:
    """Return True while the change that was sent back by this entry is neither replaced nor withdrawn."""
    return need.proposal is not None and need.sent_back_at is not None and entry.at >= need.sent_back_at
