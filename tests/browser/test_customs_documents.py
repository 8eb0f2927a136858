"""The documents of a clearance in Chromium, within a budget of clicks and pages.

Seven files are uploaded at once and confirmed with one press; two clearances are filed and released in place.
"""

from collections.abc import Iterator

import pytest

from procurement.customs.actions import record_hold
from procurement.logistics.actions.journey import record_arrival, record_departure
from tests.browser.customs_people import CustomsPeople, languages_and_widths
from tests.browser.keystroke_model import Pace
from tests.browser.steps import shipments
from tests.browser.translated_browser import quiet
from tests.worlds.shipments import ARRIVED_AT, DEPARTED_AT, Journey
from workflow.clock import advance_clock, clear_instance_cache

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEVEN = 7


@pytest.fixture
def practice() -> Iterator[None]:
    """Forget the practice instance after the test."""
    yield
    clear_instance_cache()


@pytest.mark.parametrize(("language", "width"), languages_and_widths("fr-ca", 1280))
def test_seven_customs_documents_and_two_clearances_stay_within_click_budget(
    chromium, live_server, mail_folder, practice, language, width
):
    town = Journey()
    town.practise()
    shipment = town.packed()
    address, who = shipment.get_absolute_url(), town.logistics.by
    export = shipment.documents.filter(clearance__side="export").order_by("-blocks", "pk")
    papers = [one.reference for one in export[:SEVEN]]
    quay = CustomsPeople(chromium, live_server.url, town, language, width)
    dock = quay.dock
    with quiet(quay.seats):
        missing = shipments.check_move_closed(dock, address, "Record departure")
        quay.keeps(dock, "papers-missing")
        assert len(papers) == SEVEN
        assert set(missing) <= set(papers)
        shipments.upload_documents(dock, address, papers)
        quay.keeps(dock, "papers-brought")
        assert not export.filter(blocks=True).exclude(status="submitted").exists()
        before = dock.pace + Pace()
        shipments.clear_export(dock, address)
        advance_clock(DEPARTED_AT)
        record_departure(shipment, by=who, at=DEPARTED_AT)
        advance_clock(ARRIVED_AT)
        record_arrival(shipment, by=who, at=ARRIVED_AT)
        dock.goes(address)
        shipments.file_with_customs(dock, "Import clearance")
        shipments.release(dock, "Import clearance")
        spent = dock.pace - before
        assert (spent.presses, spent.pages) == (5, 1), f"{spent}, one of the clicks opens the page"
        quay.keeps(dock, "cleared")


@pytest.mark.parametrize(("language", "width"), languages_and_widths("zh-hans", 390))
def test_customs_inquiry_is_answered_from_top_of_clearance_page(
    chromium, live_server, mail_folder, practice, language, width, tmp_path
):
    town = Journey()
    town.practise()
    shipment = town.packed()
    clearance = town.clearance(shipment, "export")
    record_hold(
        clearance, reason="Size marking", question="Which level?", by=town.logistics.by, at=DEPARTED_AT
    )
    advance_clock(DEPARTED_AT)
    quay = CustomsPeople(chromium, live_server.url, town, language, width)
    dock = quay.dock
    with quiet(quay.seats):
        dock.goes(shipment.get_absolute_url())
        quay.keeps(dock, "held")
        dock.types("Answer to customs", "Level 2.")
        dock.presses("Answer customs")
        dock.sees("Level 2.")
        quay.keeps(dock, "answered")
    assert clearance.holds.get().answer == "Level 2."
