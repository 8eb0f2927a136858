"""Tests of the proof of end use for goods with a duty relief.

Distributed goods count by the users at each place, and by the facts known on the day of the claim.
"""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from partners.contacts.models import Organization
from procurement.catalogue.models.customs import DutyRelief
from procurement.customs.actions import DeclaredLine, add_declaration
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.distribution.models import Distribution
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds.shipments import Journey
from tests.worlds.thank_yous import declared_relief_claim, enter_rates
from workflow.clock import advance_clock, clear_instance_cache

pytestmark = pytest.mark.django_db
LATER = datetime(2021, 6, 1, 16, 0, tzinfo=UTC)


@pytest.fixture
def story() -> Iterator[Journey]:
    """Return the example purchase (`Story`) on a practice site, where signing in needs no second factor."""
    voyage = Journey()
    voyage.practise()
    yield voyage
    clear_instance_cache()


def organization(story: Journey, kind: str) -> Organization:
    return Organization.objects.create(city=story.city, kind=kind, name_en="North Shore DEMO")


def distribute_on_page(
    story: Journey, place: str = "", kind: str = "", receiver: str = ""
) -> tuple[bool, str]:
    """Distribute 150 pieces on the page. Return True if they count, and their row on the claim's page."""
    shipment = story.released()
    claim = declared_relief_claim(story, shipment)
    lot = shipment.lots.get()
    logistics = Browser(story.logistics.user)
    there = str(organization(story, kind).pk) if kind else ""
    page = logistics.open(lot).follow("Distribute")
    page.press("Distribute", quantity="150", place=place, organization=there, receiver=receiver)
    ledger = logistics.open(claim)
    (row,) = [one for one in ledger.main.xpath(".//li") if lot.reference in one.text_content()]
    counted = "150 of 10,000 units were distributed to such places" in ledger
    text = " ".join(row.text_content().split())
    assert counted != ("does not count" in text)
    return counted, text


@pytest.mark.parametrize(
    ("receiver", "name"),
    [
        ("clinic", "Clinic or health centre"),
        ("long_term_care", "Long-term care home"),
        ("shelter", "Shelter"),
        ("emergency_services", "Emergency services"),
    ],
)
def test_end_use_at_a_named_place_counts_by_its_receiver_type(story, receiver, name):
    counted, said = distribute_on_page(story, place="Main Street 7", receiver=receiver)
    assert counted
    assert name in said


@pytest.mark.parametrize(
    ("receiver", "name"), [("", "Users of the goods not specified"), ("school", "School or day care")]
)
def test_end_use_at_a_named_place_of_another_or_no_type_does_not_count(story, receiver, name):
    counted, said = distribute_on_page(story, place="Main Street 7", receiver=receiver)
    assert not counted
    assert name in said


@pytest.mark.parametrize(
    ("kind", "receiver", "counts"),
    [
        ("hospital", "", True),
        ("association", "", False),
        ("association", "shelter", True),
        ("hospital", "school", False),
        ("forwarder", "", False),
    ],
)
def test_end_use_at_an_organization_counts_by_its_type_unless_a_receiver_is_given(
    story, kind, receiver, counts
):
    assert distribute_on_page(story, kind=kind, receiver=receiver)[0] == counts


def test_receiver_of_a_distribution_is_given_through_the_api(story):
    lot = story.released().lots.get()
    program = Program(story.logistics.user)
    body = {"lot": lot.reference, "place": "Main Street 7", "quantity": 1, "distributed_on": "2020-04-16"}
    assert program.post("distributions/", {**body, "receiver": "clinic"})["receiver"] == "clinic"
    assert program.post("distributions/", body)["receiver"] == ""
    there = organization(story, "hospital").pk
    data = program.post("distributions/", {**body, "place": "", "organization": there})
    assert data["receiver"] == "hospital"
    program.refused("distributions/", {**body, "receiver": "forwarder"})
    assert Distribution.objects.count() == 3


def claim_of_day(story: Journey, day: datetime) -> ReliefClaim:
    line = DeclaredLine(
        hs_code="6307909870", origin="CN", value=Decimal(5000), currency="USD", relief="CA-20-08"
    )
    clearance = story.clearance(story.plan(), "import")
    made = add_declaration(clearance, number=f"{day:%m%d}", lines=[line], by=story.logistics.by, at=day)
    return made.relief_claims.get()


@pytest.mark.parametrize(("month", "day", "known"), [(3, 20, False), (4, 5, False), (4, 6, True)])
def test_eligible_importers_of_a_relief_are_those_on_the_claim_date(story, month, day, known):
    claim = claim_of_day(story, datetime(2020, month, day, 19, 0, tzinfo=UTC))
    page = Browser(story.logistics.user).open(claim)
    (places,) = [
        one.text_content()
        for one in page.main.xpath(".//p")
        if "Places that meet the condition" in one.text_content()
    ]
    assert "Hospital" in places
    assert ("Long-term care home" in places, "Shelter" in places) == (known, known)


def test_relief_claims_and_their_csv_show_only_conditions_known_on_the_date(story):
    words = "Used by the city. Since 1 May 2021 a list is asked for as well."
    DutyRelief.objects.filter(code="CA-20-08").update(condition_en=words)
    claim = declared_relief_claim(story)
    browser = Browser(story.logistics.user)

    def told() -> tuple[bool, bool]:
        sheet = b"".join(browser.client.get("/relief-claims/?as=csv").streaming_content).decode()
        (row,) = csv.DictReader(sheet.lstrip("\ufeff").splitlines())
        assert "Used by the city" in row["Condition"]
        assert "Used by the city" in browser.open(claim)
        return "1 May 2021" in browser.open(claim), "1 May 2021" in row["Condition"]

    assert told() == (False, False)
    advance_clock(LATER)
    assert told() == (True, True)


@pytest.mark.parametrize(("currency", "missing"), [("VND", True), ("USD", False), ("CAD", False)])
def test_relief_claim_page_states_a_missing_exchange_rate(
    story: Journey, currency: str, missing: bool
) -> None:
    claim = enter_rates(story, declared_relief_claim(story, currency=currency))
    assert (claim.saved_here is None) == missing
    assert ("no exchange rate" in Browser(story.logistics.user).open(claim)) == missing
