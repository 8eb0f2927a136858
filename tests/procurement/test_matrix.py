"""Who may do what with the things of the story's first stages, in every status: tables by hand, compared with the rules.

Each stage's table stands with its tests, `table.py`; those of orders and shipments are compared there. Whatever a table does not name
is refused, and changes nothing.
"""

from typing import Any

import pytest

from partners.rules.powers import powers_by_link
from tests.procurement.allocations.table import PROMISES
from tests.procurement.leads.table import FINDINGS, OFFERS, RATES
from tests.procurement.lists.table import LISTS, MATCHES
from tests.procurement.orders.table import BUNDLES, MEMOS
from tests.procurement.outreach.table import QUESTIONS
from tests.procurement.refusals import open_verbs, refused
from tests.procurement.requests import table
from tests.procurement.story import LATER, Story
from tests.procurement.suppliers.table import (
    ACCOUNTS,
    CHANGES,
    COMPANIES,
    FACTS,
    INTERESTS,
    LOOK_UPS,
    PAPERS,
    STANDINGS,
)
from tests.procurement.tables import Reach, Row
from tests.procurement.verification.table import CHECKS, REUSES
from workflow.moves import Moves

PEOPLE = ("officer", "second_officer", "approver", "verifier", "logistics", "observer", "stranger")

TABLES: dict[str, list[Row]] = {
    "procurement.supplyrequest": table.NEEDS,
    "procurement.inquiry": QUESTIONS,
    "procurement.supplier": COMPANIES,
    "procurement.certificate": PAPERS,
    "procurement.bankaccount": ACCOUNTS,
    "procurement.companyfact": FACTS,
    "procurement.lookup": LOOK_UPS,
    "procurement.companychange": CHANGES,
    "procurement.standing": STANDINGS,
    "procurement.interest": INTERESTS,
    "procurement.watchlist": LISTS,
    "procurement.listmatch": MATCHES,
    "procurement.supplierlead": OFFERS,
    "procurement.finding": FINDINGS,
    "procurement.enteredrate": RATES,
    "procurement.verificationtask": CHECKS,
    "procurement.reuse": REUSES,
    "procurement.allocation": PROMISES,
    "procurement.memo": MEMOS,
    "procurement.bundle": BUNDLES,
}
ROWS = [(label, *row) for label, table in TABLES.items() for row in table]


def powers(story: Story, person: str, thing: Any) -> Any:
    """The person's powers; the contact acts by the link to this one thing."""
    if person != "contact":
        return getattr(story, person).by
    contact = getattr(thing, "contact", None) or story.contact
    return powers_by_link(contact.user, contact, (thing._meta.label_lower, thing.pk))


@pytest.mark.parametrize(
    ("label", "status", "reach", "expected"),
    ROWS,
    ids=[f"{label}-{status}-{number}" for number, (label, status, *_rest) in enumerate(ROWS)],
)
def test_each_person_may_do_what_the_table_says_and_nothing_else(
    story: Story, label: str, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    thing = reach(story)
    assert thing.status == status
    moves = Moves.registry[label]
    for person in (*PEOPLE, "contact"):
        by = powers(story, person, thing)
        assert open_verbs(moves, thing, by) == expected.get(person, ""), person
    for move in moves:
        if not move.starts and move.verb not in expected.get("stranger", "").split():
            by = story.stranger.by
            no = move.refusal(by, type(thing)._base_manager.get(pk=thing.pk), LATER)
            assert no is not None
            with refused(no.code, thing), move.on(thing, by=by, at=LATER, reason="I try"):
                pass


@pytest.mark.parametrize("label", sorted(TABLES))
def test_every_status_of_a_thing_stands_in_its_table(label: str) -> None:
    assert {status for status, *_rest in TABLES[label]} == set(Moves.registry[label].statuses.values)


def test_every_life_cycle_of_the_story_has_a_table() -> None:
    elsewhere = {
        "order",
        "payment",
        "shipment",
        "customslane",
        "customshold",
        "customspaper",
        "receipt",
        "differencecase",
        "lot",
        "handout",
        "destruction",
        "madepaper",
        "papercall",
        "paperversion",
        "reliefclaim",
        "thankspack",
        "thanksnote",
    }
    told = {*TABLES, *(f"procurement.{name}" for name in elsewhere)}
    assert {label for label in Moves.registry if label.startswith("procurement.")} == told
