"""Recipients of notifications about needs, and changes of needs, that wait for an approver. Reads only."""

from typing import Any

from accounts.models import User
from procurement.notifications.audiences import approvers, person_unless_left, responsible_officer
from procurement.requests.approval.rules import authors_of, authors_of_change
from workflow.journal.entries import history_of
from workflow.reminders import MAX_REMINDERS


def need_approvers(need: Any) -> list[User]:
    """Return the approvers and delegates of `approvers` who did not write what waits: the need, or its change."""
    authors = authors_of(need) if need.proposal is None else authors_of_change(need)
    return [one for one in approvers(need) if one.pk not in authors]


def need_approvers_to_remind(need: Any) -> list[User]:
    """Return the approvers, and with the last reminder also the person responsible for the need."""
    last = responsible_officer(need) if need.reminders >= MAX_REMINDERS else []
    return list(dict.fromkeys([*need_approvers(need), *last]))


def proposer_of_change(need: Any) -> list[User]:
    """Return the person who last proposed a change of the need, or the one responsible for it if they have left."""
    proposed = history_of(need).filter(verb="propose_change").first()
    if proposed is None or proposed.by is None:
        return responsible_officer(need)
    return person_unless_left(proposed.by, need.city_id) or responsible_officer(need)
