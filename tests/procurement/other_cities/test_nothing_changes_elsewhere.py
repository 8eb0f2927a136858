"""Tests that an action of one city alone never changes the data of another city.

Each city tries every status change and every creation in the API that touches shared objects, with bodies made from
the operation's own serializer. Then another city's own inquiries, checks, offers, orders and payments are read in full
and compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from partners.contacts.actions import ContactEdit, correct_contact
from partners.contacts.models import Contact
from procurement.catalogue.models.certificates import CertificateType
from procurement.shared_api.all_collections import OBJECT_COLLECTIONS
from procurement.shared_api.object_urls import COLLECTION_BY_LABEL
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.suppliers.actions.facts import record_fact
from procurement.suppliers.actions.register_lookups import record_lookup
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.models.suppliers import Supplier
from procurement.tasks import run_tick
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import propose_check
from tests.procurement.api.program import Program
from tests.procurement.other_cities.request_bodies import AttemptsRolledBack, bodies
from tests.worlds import cities
from tests.worlds.cities import own_link, powers_for
from tests.worlds.need_to_order import AT, Story
from tests.worlds.shipments import Journey
from workflow.api.available_moves import verb_path
from workflow.api.viewsets import BodySerializer

PATHS = ("inquiries", "verification-tasks", "supplier-leads", "findings", "orders", "payments")
CITIES = ("burnaby", "markham", "montreal")
PAIRS = [
    pytest.param(pair, marks=[] if pair == ("markham", "burnaby") else [pytest.mark.every_way])
    for pair in permutations(CITIES, 2)
]
SHARED = (Supplier, Certificate, BankAccount, SupplierFact, RegisterLookup, Contact)


@dataclass
class Network:
    """Cities that deal with one company through one contact, and the objects they share."""

    cities: dict[str, Story] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)

    def program(self, place: str, role: str = "officer") -> Program:
        return Program(cities.member(role, self.cities[place].city))


GOODS = {
    "burnaby": "GLOVE_EXAM_NITRILE",
    "markham": "RESP_KN95",
    "montreal": "MASK_SURG",
}  # all three ask the same contact


def create_deal(one: Story, goods: str) -> None:
    """Create an inquiry, a requested check, a verified offer, and a placed order with its payments."""
    one.placed(one.promise(), bank_account=one.account())
    one.asked(one.line(product=goods))
    task = propose_check(one.lead(one.line()), "sample_test", needed=False, by=one.officer.by, at=AT)
    request_check(task, one.contact, by=one.officer.by, at=AT)


@pytest.fixture(scope="module")
def network(once, pair: tuple[str, str]) -> Iterator[Network]:
    """Provide the two cities, and Burnaby, which entered the shared objects. They are created once for a pair."""
    with once():
        yield play_network(Journey(), set(pair))


def play_network(story: Story, places: set[str]) -> Network:
    """Return the cities and the objects they share."""
    found = Network({"burnaby": story})
    for place in sorted(places - {"burnaby"}):
        city = Story(place)
        city.supplier, city.contact, city.checker = story.supplier, story.contact, story.checker  # type: ignore[misc]  # shared
        found.cities[place] = city
    mine = own_link(story.contact)
    correct_contact(
        story.contact, ContactEdit(task_limit=20), by=mine, at=AT
    )  # room for three cities' checks
    who = {"entered_by": story.officer.user, "by": story.officer.by, "at": AT}
    kind = CertificateType.objects.get(code="ISO_13485")
    paper = record_shown_certificate(story.supplier, kind, number="QM-778812", **who)
    fact = record_fact(
        story.supplier, "uscc", "91442000MA4UJQ8X3P", stated_by="a register", stated_on=AT.date(), **who
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
        cities.twinning(city.city, story.partner_place)
        create_deal(city, GOODS[place])
    account = BankAccount.objects.order_by("pk").first()
    things = (story.supplier, paper, account, fact, look, story.contact)
    found.known = {thing._meta.label_lower: thing for thing in things}
    for minutes in (1, 2):  # each run plans mail for a limited number of entries
        tick(minutes)
    return found


def tick(minutes: int) -> None:
    run_tick(AT + timedelta(minutes=minutes))


def read_own_data(program: Program) -> dict[str, Any]:
    """Return everything that a city reads of its own, with the moves open to it."""
    return {
        path: [
            program.get(f"{path}/{row['reference' if 'reference' in row else 'id']}/")
            for row in program.all(f"{path}/")
        ]
        for path in PATHS
    }


def try_bodies(
    program: Program, path: str, body: BodySerializer, network: Network, thing: Any, check: Any
) -> bool:
    """Send every body to an operation, and call `check` after each round with successes. Return True for any success.

    Each round starts from the same state: bodies that another body of the round may have made invalid are
    tried again in a round of their own.
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
                raise AttemptsRolledBack
        except AttemptsRolledBack:
            pass
        if not went:
            break
        left, rounds = refused, rounds + 1
    return rounds > 0


@pytest.mark.parametrize("pair", PAIRS, scope="module", ids="-".join)
@pytest.mark.parametrize("model", SHARED, ids=lambda model: model.__name__)
def test_no_action_of_one_city_changes_what_another_city_reads_of_own_data(network, pair, model):
    one, other = pair
    theirs, mine = network.program(one), Program(network.cities[other].officer.user)
    before = read_own_data(mine)
    assert all(before[path] for path in PATHS if path != "findings")
    collection, thing = COLLECTION_BY_LABEL[model._meta.label_lower], network.known[model._meta.label_lower]
    home = f"{collection.path}/{getattr(thing, collection.lookup_field)}/"

    def same(what: Any) -> None:
        assert read_own_data(mine) == before, what

    told = {move["verb"]: move for move in theirs.get(home)["available_moves"]}
    for verb, operation in collection.move_actions.items():
        went = try_bodies(theirs, f"{home}{verb_path(verb)}/", operation.body, network, thing, same)
        move = told.get(verb)
        assert went or move is None or not move["open"], f"{verb} is told as open and cannot be made"


@pytest.mark.every_way  # a minute and a half; the moves of one city on shared objects are tried in the usual run
@pytest.mark.parametrize("pair", PAIRS, scope="module", ids="-".join)
def test_no_record_created_by_one_city_changes_what_another_city_reads_of_own_data(network, pair):
    one, other = pair
    theirs, mine = network.program(one), Program(network.cities[other].officer.user)
    before, begun = read_own_data(mine), set()

    def same(what: Any) -> None:
        assert read_own_data(mine) == before, what

    for collection in OBJECT_COLLECTIONS:
        if collection.create_action is not None and names_shared(collection.create_action.body):
            path = f"{collection.path}/"
            begun |= (
                {path}
                if try_bodies(theirs, path, collection.create_action.body, network, None, same)
                else set()
            )
    assert {"certificates/", "supplier-facts/", "register-lookups/", "bank-accounts/"} <= begun


def names_shared(body: BodySerializer) -> bool:
    """Return True if the body refers to an object that cities share."""
    models = {getattr(one, "model", None) for one in body(context={"by": None}).fields.values()}
    return bool(models & set(SHARED)) or getattr(getattr(body, "Meta", None), "model", None) in SHARED
