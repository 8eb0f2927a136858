"""Tests of the sections of a shipment's page, which are folded once they are settled."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.utils import translation

from procurement.catalogue.models.customs import DutyRelief
from procurement.catalogue.views.customs_rules import rule_facts
from procurement.customs.actions import DeclaredLine, add_declaration
from procurement.distribution.actions import recall_lot
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.shipments.models import Shipment
from tests.browsing import Browser
from tests.worlds.shipments import ARRIVED_AT, DELIVERED_AT, Journey
from workflow.clock import clear_instance_cache

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Iterator[Journey]:
    one = Journey()
    one.practise()
    yield one
    clear_instance_cache()


def test_declaration_is_shown_with_its_clearance(story: Journey) -> None:
    shipment = story.arrived()
    line = DeclaredLine(
        hs_code="6307909900", origin="CN", value=Decimal(5_000), currency="USD", relief="CA-20-08"
    )
    given = {"number": "12345-19", "lines": [line], "office": "CBSA Vancouver", "broker_reference": "B-7"}
    add_declaration(story.clearance(shipment, "import"), by=story.logistics.by, at=ARRIVED_AT, **given)
    page = Browser(story.observer.user).open(shipment)
    for said in ("12345-19 · CBSA Vancouver", "B-7", "6307909900 · China · USD 5,000.00", "CA-20-08"):
        assert said in page


def test_documents_are_visible_until_clearance_and_folded_afterwards(story: Journey) -> None:
    def folded(shipment: Shipment) -> tuple[int, int]:
        page = Browser(story.logistics.user).open(shipment)
        found = ".//*[@id='customs']//a[starts-with(@href, '/customs-documents/')]"
        inside = ".//*[@id='customs']//details//a[starts-with(@href, '/customs-documents/')]"
        return len(page.main.xpath(found)), len(page.main.xpath(inside))

    planned = story.packed()
    every, away = folded(planned)
    assert away == planned.documents.filter(blocks=False).count(), "those that do not block"
    story.hand_in_all(planned, "depart")
    story.clear(planned, "export")
    settled = planned.documents.filter(clearance__side="export").count()
    on_arrival = planned.documents.filter(clearance__side="import")
    assert folded(planned) == (
        every,
        settled + on_arrival.exclude(blocks=True, status__in=CustomsDocument.Status.open).count(),
    )


def test_rare_actions_are_folded_and_another_time_is_offered_only_when_possible(story: Journey) -> None:
    shipment = story.packed()
    of_the_shipment = f"starts-with(@href, '{shipment.get_absolute_url()}')"  # not of a clearance
    another = f".//a[.='Enter another time'][{of_the_shipment}]"
    page = Browser(story.logistics.user).open(shipment)
    folded = page.main.xpath(".//details[summary[contains(., 'More actions')]]//a/text()")
    assert "Change destination" in {one.strip() for one in folded}
    assert "Add tracking update" not in {one.strip() for one in folded}
    assert not page.main.xpath(another), "its documents are missing"
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    assert Browser(story.logistics.user).open(shipment).main.xpath(another)


def test_counting_is_the_primary_button_until_everything_is_counted(story: Journey) -> None:
    def button(shipment: Shipment) -> str:
        page = Browser(story.logistics.user).open(shipment)
        found: str = page.main.xpath("//a[contains(@href, '/dock/')]/@class")[0]
        return found

    shipment = story.delivered()
    assert button(shipment) == "btn btn-primary"
    story.receive(shipment)
    assert button(shipment) == "btn btn-plain", "for what comes later than all"


def test_shipment_board_shows_no_alerts_of_closed_shipments(story: Journey) -> None:
    shipment = story.closed()
    Shipment.objects.filter(pk=shipment.pk).update(alerts=["no_hand_over"], risk=4)
    page = Browser(story.logistics.user).open("/shipments/")
    assert page.text.count("Pickup not confirmed") == 1, "in the filter alone"


def test_recalled_lot_page_starts_with_its_distributions(story: Journey) -> None:
    lot = story.released().lots.get()
    page = Browser(story.logistics.user).open(lot)
    assert page.text.index("Inspections") < page.text.index("Distribution")
    recall_lot(lot, reason="The straps tear.", by=story.logistics.by, at=DELIVERED_AT)
    page = Browser(story.logistics.user).open(lot)
    assert page.text.index("Who has been informed") < page.text.index("Inspections")


def test_duty_relief_names_its_importers_in_the_readers_language(story: Journey) -> None:
    with translation.override("fr-ca"):
        facts = dict(rule_facts(DutyRelief.objects.get(code="CA-20-08"), ARRIVED_AT.date()))
    assert "Municipalité" in " ".join(facts.values())
    assert "municipality" not in " ".join(facts.values())
