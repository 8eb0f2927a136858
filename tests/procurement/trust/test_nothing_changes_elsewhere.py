"""Whatever one city does alone, another city reads the same of its own questions, checks, offers, orders and payments."""

from datetime import timedelta
from typing import Any

import pytest

from partners import actions as partners
from procurement import tasks
from procurement.catalogue.models import CertificateKind
from procurement.suppliers import actions as suppliers
from procurement.verification import actions as verification
from tests import world
from tests.procurement.api.program import Program
from tests.procurement.story import AT, Story
from workflow import clock

PATHS = ("inquiries", "verification-tasks", "supplier-leads", "findings", "orders", "payments")
WORDS = {"reason": "So it is."}
# What a move is sent with, by its verb; each is tried with these and with an empty body.
BODIES: dict[str, dict[str, Any]] = {
    "correct": {"name_en": "Another name", "uscc": "91442000MA4UJQ8X3P", "phone": "+86 760 1", **WORDS},
    "amend": {"number": "QM-1", "valid_until": "2020-04-20", **WORDS},
    "mark": {"status": "altered", **WORDS},
    "go-away": {"until": "2020-06-01"},
    "new-address": {"email": "other@office.example"},
}


@pytest.fixture
def cities(story) -> tuple[Story, dict[str, Any]]:
    """Burnaby with a question, a check, a verified offer and an order that is paid; and the shared things these rest on."""
    story.practise()
    for place in (story.city, "markham"):
        world.twinning(place, story.abroad)
    account = story.account()
    kind = CertificateKind.objects.get(code="ISO_13485")
    who = {"entered_by": story.officer.user, "by": story.officer.by, "at": AT}
    paper = suppliers.claim(story.supplier, kind, number="QM-778812", **who)
    story.placed(story.promise(), bank_account=account)
    story.asked(story.line(product="GLOVE_EXAM_NITRILE"))
    task = verification.propose(
        story.lead(story.line()), "sample_test", needed=False, by=story.officer.by, at=AT
    )
    verification.offer(task, story.contact, by=story.officer.by, at=AT)
    tick(1)
    shared = {
        "suppliers": story.supplier.reference,
        "certificates": paper.reference,
        "bank-accounts": account.pk,
        "contacts": story.contact.pk,
    }
    yield story, shared
    clock.forget()


def tick(minutes: int) -> None:
    tasks.run(AT + timedelta(minutes=minutes))


def read(program: Program) -> dict[str, Any]:
    """All that a city reads of its own, whole, with the moves open to it."""
    return {
        path: [
            program.get(f"{path}/{row['reference' if 'reference' in row else 'id']}/")
            for row in program.all(f"{path}/")
        ]
        for path in PATHS
    }


@pytest.mark.parametrize("thing", ["suppliers", "certificates", "bank-accounts", "contacts"])
def test_no_move_of_one_city_changes_what_another_reads_of_its_own(cities, thing):
    burnaby, shared = cities
    mine = Program(burnaby.officer.user)
    theirs = [Program(burnaby.stranger.user), Program(world.member("administrator", world.city("markham")))]
    before = read(mine)
    assert all(before[path] for path in PATHS if path != "findings")
    made = set()
    for number, program in enumerate(theirs, start=2):
        told = program.get(f"{thing}/{shared[thing]}/")
        for move in told["available_moves"]:
            verb = move["verb"]
            for body in ({}, WORDS, BODIES.get(verb, {})):
                answer = program.ask("post", f"{thing}/{shared[thing]}/{verb}/", body)
                assert answer.status_code < 500
                made |= {verb} if answer.status_code < 300 else set()
        tick(number)
        assert read(mine) == before
    assert made or thing == "bank-accounts", (
        "some move was open"
    )  # an account that is paid into is left alone


def test_an_account_or_a_fact_that_one_city_enters_changes_nothing_another_reads_of_its_own(cities):
    burnaby, shared = cities
    mine, theirs = Program(burnaby.officer.user), Program(burnaby.stranger.user)
    before = read(mine)
    told = {"holder": "A stranger", "number": "6222 9999", "bank": "Bank", "country": "CN"}
    theirs.post("bank-accounts/", {"supplier": shared["suppliers"], **told})
    tick(2)
    assert read(mine) == before


def test_what_one_city_alone_says_of_a_contact_leaves_the_contact_to_the_other(cities):
    burnaby, _shared = cities
    partners.stop_for_city(burnaby.contact, by=burnaby.stranger.by, at=AT, reason="So it is.")
    mine = Program(burnaby.officer.user)
    before = read(mine)
    tick(2)
    assert read(mine) == before
