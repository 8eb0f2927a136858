"""Status changes of agreements, contacts, roles and invitations that each role may make, in every status.

The table is written by hand and compared with the rules.
"""

import pytest

from accounts.actors import CONSOLE_ACTOR, SelfActor
from partners.agreements.actions import end_agreement, suspend_agreement
from partners.agreements.models import TwinningAgreement
from partners.agreements.rules import MOVES
from partners.contacts.actions import opt_out, record_consent
from partners.contacts.models import Contact
from partners.contacts.rules import CONTACT_MOVES
from partners.corrections import rules
from partners.corrections.actions import (
    accept_correction,
    decline_correction,
    propose_correction,
    withdraw_correction,
)
from partners.corrections.models import Correction
from partners.disputes.actions import add_claim, settle_dispute
from partners.disputes.models import Dispute
from partners.disputes.rules import DISPUTE_MOVES
from partners.memberships.actions import accept_invitation, end_role, invite_member, revoke_invitation
from partners.memberships.models import Invitation, Membership
from partners.memberships.rules import INVITATION_MOVES, MEMBERSHIP_MOVES
from tests.procurement.refusals import open_verbs
from tests.worlds import cities
from tests.worlds.cities import NOW, REAL_NOW, Role, invited_contact, own_link, powers_for
from workflow.actors import SYSTEM, Actor
from workflow.errors import Refused
from workflow.journal import entries
from workflow.journal.models import Entry
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
ROLES = ("administrator", "officer", "approver", "verifier", "logistics", "broker", "observer")


def agreement_at(status):
    made = cities.twinning("burnaby", "zhongshan")
    if status == "suspended":
        suspend_agreement(made, by=CONSOLE_ACTOR, at=NOW, reason="vote")
    if status == "ended":
        end_agreement(made, why="terminated", by=CONSOLE_ACTOR, at=NOW, reason="vote")
    return made


def contact_at(status):
    cities.twinning("burnaby", "zhongshan")
    made = invited_contact("zhongshan")
    if status != "invited":
        record_consent(made, by=own_link(made), at=NOW)
    if status == "opted_out":
        opt_out(made, by=own_link(made), at=NOW)
    return made


def membership_at(status):
    made = cities.member(Role.OFFICER, cities.city("burnaby")).memberships.get()
    if status == "ended":
        end_role(made, by=CONSOLE_ACTOR, at=NOW)
    return made


def invitation_at(status):
    made = invite_member(
        email="new@city.example",
        name="New",
        role="officer",
        city=cities.city("burnaby"),
        by=CONSOLE_ACTOR,
        at=NOW,
        real_at=REAL_NOW,
    )
    if status == "accepted":
        accept_invitation(made, by=SelfActor(made.user), at=NOW, real_at=REAL_NOW)
    if status == "revoked":
        revoke_invitation(made, by=CONSOLE_ACTOR, at=NOW)
    return made


def correction_at(status):
    author = cities.member(Role.OBSERVER, cities.city("oakville"))
    who = {"by": CONSOLE_ACTOR, "at": NOW}
    made = propose_correction(
        cities.twinning("burnaby", "zhongshan"),
        "signed",
        "2009",
        source_url="https://register.example/minutes",
        why="so",
        author=author,
        by=powers_for(author),
        at=NOW,
    )
    if status == "accepted":
        accept_correction(made, decided_by=author, **who)
    if status == "declined":
        decline_correction(made, decided_by=author, reason="no", **who)
    if status == "withdrawn":
        withdraw_correction(made, by=powers_for(author), at=NOW)
    return made


def dispute_at(status):
    who = {"by": CONSOLE_ACTOR, "at": NOW}
    claim = add_claim(cities.twinning("burnaby", "zhongshan"), "kind", "friendship", source="A list", **who)
    made = claim.dispute
    if status == "settled":
        settle_dispute(made, claim=claim, settled_by=cities.user(), reason="so", **who)
    return made


AGREEMENT_VERBS = "correct suspend end renew"
CONTACT_VERBS = "correct go_away name_deputy"
# Model, moves, the function that makes one, status, and the moves of each person; others may do nothing.
TABLE = [
    (
        TwinningAgreement, MOVES, agreement_at, "recorded",
        {"administrator": AGREEMENT_VERBS, "theirs": AGREEMENT_VERBS, "network": AGREEMENT_VERBS, "clock": "remind"},
    ),
    (TwinningAgreement, MOVES, agreement_at, "suspended", dict.fromkeys(("administrator", "theirs", "network"), "correct resume end")),
    (TwinningAgreement, MOVES, agreement_at, "ended", dict.fromkeys(("administrator", "theirs", "network"), "correct renew undo_end")),
    (
        Contact, CONTACT_MOVES, contact_at, "invited",
        {"self": "confirm correct stop", "theirs": "correct"},
    ),
    (
        Contact, CONTACT_MOVES, contact_at, "active",
        {"self": f"{CONTACT_VERBS} stop", "theirs": CONTACT_VERBS, "network": CONTACT_VERBS}
        | {"administrator": "suggest_change", "officer": "suggest_change stop_for_city"},
    ),
    (
        Contact, CONTACT_MOVES, contact_at, "opted_out",
        {"self": "correct resume"},
    ),
    (
        Correction, rules.MOVES, correction_at, "proposed",
        {"self": "withdraw"} | dict.fromkeys(("administrator", "theirs", "network"), "accept decline"),
    ),
    (Correction, rules.MOVES, correction_at, "accepted", dict.fromkeys(("administrator", "theirs", "network"), "reopen")),
    (Correction, rules.MOVES, correction_at, "declined", dict.fromkeys(("administrator", "theirs", "network"), "reopen")),
    (Correction, rules.MOVES, correction_at, "withdrawn", {}),
    (Dispute, DISPUTE_MOVES, dispute_at, "open", dict.fromkeys(("administrator", "theirs", "network"), "claim settle")),
    (Dispute, DISPUTE_MOVES, dispute_at, "settled", dict.fromkeys(("administrator", "theirs", "network"), "reopen")),
    (Membership, MEMBERSHIP_MOVES, membership_at, "active", {"administrator": "end", "self": "end"}),
    (Membership, MEMBERSHIP_MOVES, membership_at, "ended", {}),
    (Invitation, INVITATION_MOVES, invitation_at, "sent", {"administrator": "renew revoke", "self": "accept"}),
    (Invitation, INVITATION_MOVES, invitation_at, "accepted", {}),
    (Invitation, INVITATION_MOVES, invitation_at, "revoked", {}),
]  # fmt: skip


def everyone_who_might(thing):
    """Return all who might try a move.

    These are the roles of Burnaby, the administrators of its twin and of another city, coordinators, a person
    without a role, the periodic job, and the person whom the object is about.
    """
    burnaby = cities.city("burnaby")
    people: dict[str, Actor] = {role: cities.powers(role, burnaby) for role in ROLES}
    people["theirs"] = cities.powers(Role.ADMINISTRATOR, cities.city("zhongshan"))
    people["stranger"] = cities.powers(Role.ADMINISTRATOR, cities.city("markham"))
    people["network"] = cities.powers(Role.COORDINATOR)
    people["province"] = cities.powers(Role.COORDINATOR, cities.city("ontario"))
    people["nobody"] = powers_for(cities.user())
    people["clock"] = SYSTEM
    people["self"] = _self(thing)
    return people


def _self(thing):
    if isinstance(thing, Contact):
        return own_link(thing)
    if isinstance(thing, Correction):
        return powers_for(thing.author)
    return SelfActor(thing.user) if isinstance(thing, Membership | Invitation) else powers_for(cities.user())


@pytest.mark.parametrize(("model", "moves", "reach", "status", "expected"), TABLE)
def test_allowed_register_actions_by_status_and_role(model, moves, reach, status, expected):
    thing = reach(status)
    assert thing.status == status
    people = everyone_who_might(thing)
    found = {name: open_verbs(moves, thing, by) for name, by in people.items()}
    assert found == {name: expected.get(name, "") for name in people}
    before = _all(thing)
    for name, by in people.items():
        for move in moves:
            if not move.creates_object and move.verb not in expected.get(name, "").split():
                with pytest.raises(Refused), move.apply_to(thing, by=by, at=NOW, reason="because"):
                    pass
    assert _all(thing) == before


def _all(thing):
    row = entries.snapshot(type(thing).objects.get(pk=thing.pk))
    return row, Entry.objects.count(), Message.objects.count()


@pytest.mark.parametrize("model", [TwinningAgreement, Contact, Correction, Dispute, Membership, Invitation])
def test_register_permission_table_covers_every_status(model):
    assert {status for one, _moves, _reach, status, _expected in TABLE if one is model} == set(
        model.Status.values
    )
