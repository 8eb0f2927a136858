"""Whatever one city does alone, another city reads the same of its own questions, checks, offers, orders and payments.

Every move and every beginning of the API that touches what cities share is tried by each city, with bodies made from the operation's
own serializer; then another city's own things are read whole, moves and all, and compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from partners.actions.people import correct_contact
from partners.models.people import Contact
from procurement import tasks
from procurement.api.records import STORY
from procurement.api.records.addresses import BY_LABEL
from procurement.catalogue.models.certificates import CertificateKind
from procurement.suppliers.actions import certificates, facts
from procurement.suppliers.actions.lookups import record_lookup
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.models.lookup import LookUp
from procurement.verification.actions import opening
from procurement.verification.actions.asking import request_check
from tests import world
from tests.procurement.api.program import Program
from tests.procurement.story import AT, Story
from tests.procurement.trust.bodies import Undone, bodies
from tests.world import own_link, powers_for
from workflow import clock
from workflow.doors.api.collections import Body
from workflow.doors.api.moves import address

PATHS = ("inquiries", "verification-tasks", "supplier-leads", "findings", "orders", "payments")
CITIES = ("burnaby", "markham", "montreal")
PAIRS = [
    pytest.param(*pair, marks=[] if pair == ("markham", "burnaby") else [pytest.mark.every_way])
    for pair in permutations(CITIES, 2)
]
SHARED = (Supplier, Certificate, BankAccount, CompanyFact, LookUp, Contact)


@dataclass
class Network:
    """Three cities that deal with one company through one contact, and the things they share."""

    cities: dict[str, Story] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)

    def program(self, place: str, role: str = "officer") -> Program:
        return Program(world.member(role, self.cities[place].city))


GOODS = {
    "burnaby": "GLOVE_EXAM_NITRILE",
    "markham": "RESP_KN95",
    "montreal": "MASK_SURG",
}  # asked of one contact


def deal(one: Story, goods: str) -> None:
    """A question, a check that is offered, a verified offer, and an order that is placed with a payment."""
    one.placed(one.promise(), bank_account=one.account())
    one.asked(one.line(product=goods))
    task = opening.propose(one.lead(one.line()), "sample_test", needed=False, by=one.officer.by, at=AT)
    request_check(task, one.contact, by=one.officer.by, at=AT)


@pytest.fixture
def network(story, one, other) -> Iterator[Network]:
    """The two cities, and Burnaby, which entered what they share."""
    story.practise()
    found = Network({"burnaby": story})
    for place in sorted({one, other} - {"burnaby"}):
        city = Story(place)
        city.supplier, city.contact, city.checker = story.supplier, story.contact, story.checker  # type: ignore[misc]  # shared
        found.cities[place] = city
    mine = own_link(story.contact)
    correct_contact(story.contact, task_limit=20, by=mine, at=AT)  # room for three cities' checks
    who = {"entered_by": story.officer.user, "by": story.officer.by, "at": AT}
    kind = CertificateKind.objects.get(code="ISO_13485")
    paper = certificates.claim(story.supplier, kind, number="QM-778812", **who)
    fact = facts.say(
        story.supplier, "uscc", "91442000MA4UJQ8X3P", said_by="a register", said_on=AT.date(), **who
    )
    look = record_lookup(
        story.supplier,
        "company_register",
        answer="in_order",
        answered_on=AT.date(),
        address="https://gsxt.example",
        **who,
    )
    for place, city in found.cities.items():
        world.twinning(city.city, story.abroad)
        deal(city, GOODS[place])
    account = BankAccount.objects.order_by("pk").first()
    things = (story.supplier, paper, account, fact, look, story.contact)
    found.known = {thing._meta.label_lower: thing for thing in things}
    for minutes in (1, 2):  # mail is planned so many entries at a time
        tick(minutes)
    yield found
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


def tried(program: Program, path: str, body: Body, network: Network, thing: Any, check: Any) -> bool:
    """Send every body to an operation and `check` what came of those that went well; whether any did.

    Each round goes from the same beginning: bodies that another one of the round stands in the way of have a round of their own.
    """
    context = {"by": powers_for(program.user), "thing": thing}
    left, rounds = list(bodies(body, network.known, context)), 0
    while left:
        went, refused = [], []
        try:
            with transaction.atomic():
                for told in left:
                    answer = program.ask("post", path, told)
                    assert answer.status_code < 500, (path, told)
                    (went if answer.status_code < 300 else refused).append(told)
                if went:
                    tick(3)
                    check((path, went))
                raise Undone
        except Undone:
            pass
        if not went:
            break
        left, rounds = refused, rounds + 1
    return rounds > 0


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("model", SHARED, ids=lambda model: model.__name__)
def test_no_move_of_one_city_changes_what_another_reads_of_its_own(network, one, other, model):
    theirs, mine = network.program(one), Program(network.cities[other].officer.user)
    before = read(mine)
    assert all(before[path] for path in PATHS if path != "findings")
    collection, thing = BY_LABEL[model._meta.label_lower], network.known[model._meta.label_lower]
    home = f"{collection.path}/{getattr(thing, collection.key)}/"

    def same(what: Any) -> None:
        assert read(mine) == before, what

    told = {move["verb"]: move for move in theirs.get(home)["available_moves"]}
    for verb, operation in collection.verbs.items():
        went = tried(theirs, f"{home}{address(verb)}/", operation.body, network, thing, same)
        move = told.get(verb)
        assert went or move is None or not move["open"], f"{verb} is told as open and cannot be made"


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_nothing_one_city_begins_changes_what_another_reads_of_its_own(network, one, other):
    theirs, mine = network.program(one), Program(network.cities[other].officer.user)
    before, begun = read(mine), set()

    def same(what: Any) -> None:
        assert read(mine) == before, what

    for collection in STORY:
        if collection.begin is not None and names_shared(collection.begin.body):
            path = f"{collection.path}/"
            begun |= {path} if tried(theirs, path, collection.begin.body, network, None, same) else set()
    assert {"certificates/", "company-facts/", "look-ups/", "bank-accounts/"} <= begun


def names_shared(body: Body) -> bool:
    """Whether such a body names something that cities share."""
    models = {getattr(one, "model", None) for one in body(context={"by": None}).fields.values()}
    return bool(models & set(SHARED)) or getattr(getattr(body, "Meta", None), "model", None) in SHARED
