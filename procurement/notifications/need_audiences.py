"""Recipients of notifications about needs, and changes of needs, that wait for an approver. Reads only."""

from typing import Any

from accounts.models import User
from procurement.notifications.audiences import (
    approvers_except,
    asks_to_decide,
    officers,
    person_unless_left,
    reminds_to_decide,
    responsible_officer,
)
from procurement.requests.approval.rules import authors_of, authors_of_change
from workflow.journal.entries import history_of
from workflow.reminders import MAX_REMINDERS


@asks_to_decide
def need_approvers(need: Any) -> list[User]:
    """Return the approvers and delegates who did not write what waits: the need, or its change.

    See `audiences.approvers_except`.
    """
    return approvers_except(need, authors_of(need) if need.proposal is None else authors_of_change(need))


@reminds_to_decide
def need_approvers_to_remind(need: Any) -> list[User]:
    """Return the approvers, and with the last reminder also the person responsible for the need."""
    last = responsible_officer(need) if need.reminders >= MAX_REMINDERS else []
    return list(dict.fromkeys([*need_approvers(need), *last]))


def author_and_submitter(need: Any) -> list[User]:
    """Return the need's author and the person who last sent it for approval, or the city's officers if both have left."""
    people = [need.author]
    sent = history_of(need).filter(verb="submit").first()
    if sent is not None and sent.by is not None:
        people.append(sent.by)
    here = [one for person in people if person.is_active for one in person_unless_left(person, need.city_id)]
    return list(dict.fromkeys(here)) or officers(need)


def proposer_of_change(need: Any) -> list[User]:
    """Return the person who last proposed a change of the need, or the one responsible for it if they have left."""
    proposed = history_of(need).filter(verb="propose_change").first()
    if proposed is None or proposed.by is None:
        return responsible_officer(need)
    return person_unless_left(proposed.by, need.city_id) or responsible_officer(need)
