"""Tests of the status changes that each role may make with needs, offers, checks, inquiries and suppliers, in every status.

The tables are written by hand and compared with the rules. Each package has its table with its tests, in
`permission_table.py`; those of orders and shipments are compared there. A status change that a table does not
name is refused and changes nothing.
"""

from typing import Any

import pytest

from partners.permissions.permissions import permissions_by_link
from tests.procurement.allocations.permission_table import ALLOCATIONS
from tests.procurement.allocations.plans.permission_table import PLANS
from tests.procurement.leads.permission_table import FINDING_ROWS, OFFER_ROWS, RATE_ROWS
from tests.procurement.orders.permission_table import AUDIT_FILES, MEMOS
from tests.procurement.outreach.permission_table import CONSENTS, LETTER_TEMPLATES, QUESTIONS
from tests.procurement.permission_tables import Reach, Row
from tests.procurement.refusals import assert_refused, open_verbs
from tests.procurement.requests import permission_table
from tests.procurement.sanctions.permission_table import LISTS, MATCHES
from tests.procurement.suppliers.permission_table import (
    ACCOUNTS,
    CHANGES,
    COMPANIES,
    FACTS,
    INTERESTS,
    PAPERS,
    REGISTER_LOOKUPS,
    STATUSES,
)
from tests.procurement.verification.permission_table import CHECKS, REUSES
from tests.procurement.webhooks.permission_table import WEBHOOKS
from tests.worlds.need_to_order import LATER, Story
from workflow.moves import Moves

PEOPLE = ("officer", "second_officer", "approver", "verifier", "logistics", "observer", "stranger")

TABLES: dict[str, list[Row]] = {
    "procurement.supplyrequest": permission_table.NEED_ROWS,
    "procurement.unwantedgoods": permission_table.UNWANTED_GOODS,
    "procurement.lettertemplate": LETTER_TEMPLATES,
    "procurement.inquiry": QUESTIONS,
    "procurement.introductionconsent": CONSENTS,
    "procurement.supplier": COMPANIES,
    "procurement.certificate": PAPERS,
    "procurement.bankaccount": ACCOUNTS,
    "procurement.supplierfact": FACTS,
    "procurement.registerlookup": REGISTER_LOOKUPS,
    "procurement.supplierchange": CHANGES,
    "procurement.supplierstatus": STATUSES,
    "procurement.interestdeclaration": INTERESTS,
    "procurement.watchlist": LISTS,
    "procurement.watchlistmatch": MATCHES,
    "procurement.supplierlead": OFFER_ROWS,
    "procurement.finding": FINDING_ROWS,
    "procurement.manualrate": RATE_ROWS,
    "procurement.verificationtask": CHECKS,
    "procurement.checkreuse": REUSES,
    "procurement.allocation": ALLOCATIONS,
    "procurement.allocationplan": PLANS,
    "procurement.decisionmemo": MEMOS,
    "procurement.auditfile": AUDIT_FILES,
    "procurement.webhookendpoint": WEBHOOKS,
}
ROWS = [(label, *row) for label, table in TABLES.items() for row in table]


def powers_of(story: Story, person: str, thing: Any) -> Any:
    """Return the powers of the person. The contact acts by the link to this object."""
    if person != "contact":
        return getattr(story, person).by
    contact = getattr(thing, "contact", None) or story.contact
    return permissions_by_link(contact.user, contact, (thing._meta.label_lower, thing.pk))


@pytest.mark.parametrize(
    ("label", "status", "reach", "expected"),
    ROWS,
    ids=[f"{label}-{status}-{number}" for number, (label, status, *_rest) in enumerate(ROWS)],
)
def test_allowed_actions_of_early_stage_objects_by_status_and_role(
    story: Story, label: str, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    thing = reach(story)
    assert thing.status == status
    moves = Moves.registry[label]
    for person in (*PEOPLE, "contact"):
        by = powers_of(story, person, thing)
        assert open_verbs(moves, thing, by) == expected.get(person, ""), person
    for move in moves:
        if not move.creates_object and move.verb not in expected.get("stranger", "").split():
            by = story.stranger.by
            no = move.refusal(by, type(thing)._base_manager.get(pk=thing.pk), LATER)
            assert no is not None
            with assert_refused(no.code, thing), move.apply_to(thing, by=by, at=LATER, reason="I try"):
                pass


@pytest.mark.parametrize("label", sorted(TABLES))
def test_permission_tables_cover_every_status(label: str) -> None:
    assert {status for status, *_rest in TABLES[label]} == set(Moves.registry[label].statuses.values)


def test_every_life_cycle_has_a_permission_table() -> None:
    elsewhere = {
        "order",
        "orderacknowledgement",
        "payment",
        "shipment",
        "customsclearance",
        "customshold",
        "customsdocument",
        "goodsreceipt",
        "discrepancy",
        "lot",
        "distribution",
        "destruction",
        "generateddocument",
        "documentrequest",
        "documentsubmission",
        "reliefclaim",
        "thankyou",
        "thankyoumessage",
    }
    told = {*TABLES, *(f"procurement.{name}" for name in elsewhere)}
    assert {label for label in Moves.registry if label.startswith("procurement.")} == told
