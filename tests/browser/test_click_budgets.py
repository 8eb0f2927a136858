"""Clicks and page loads of a purchase of one need, one supplier and 40 cartons, within the budgets of `effort.py`.

Signing in counts as one click and one load. What the test does only to look, or to let the product go on,
does not count.
"""

from pathlib import Path

import pytest

from tests.browser.city_browsers import Cities
from tests.browser.effort import Cost, Effort, over_budget, table
from tests.browser.keystroke_model import Pace
from tests.browser.steps import contacts, needs, offers, orders, shipments
from tests.browser.translated_browser import quiet
from tests.workflow import files

pytestmark = [pytest.mark.browser, pytest.mark.every_way, pytest.mark.django_db(transaction=True)]
PIECES = 80_000  # in 40 cartons of 2,000


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Return a photo of a certificate."""
    taken = tmp_path / "certificate.jpg"
    taken.write_bytes(files.picture(size=(2400, 1800)))
    return taken


def test_need_to_released_lot_stays_within_click_and_page_budgets(chromium, live_server, mail_folder, photo):
    town = Cities(chromium, live_server.url, "en")
    effort = Effort(town.seats)
    for seat in (town.officer, town.verifier, town.approver, town.dock):  # all work there from the start
        assert seat.pace == Pace()
    effort.taken["Sign in"] = Cost(1, 1)
    with quiet(town.seats):
        lead, need = up_to_the_offer(town, effort, photo)
        up_to_the_order(town, effort, lead, need)
        up_to_the_ward(town, effort)
    effort.write_counts()
    assert over_budget(effort.taken) == [], table(effort.taken)


def up_to_the_offer(town: Cities, effort: Effort, photo: Path) -> tuple[str, str]:
    """Go from a new need to the page of its offer, with the findings answered; return both addresses."""
    officer = town.officer
    with effort.part("Post a need"):
        need = needs.post_a_need(town, f"{PIECES:,}", PIECES)
    with effort.part("Ask a contact"):
        needs.ask_zhongshan(town, PIECES)
    question = contacts.link_about(town, town.product("MASK_SURG"))
    with effort.part("Answer with an offer, phone"):
        number = contacts.answer_briefly(town, question, "100000")
    town.colleague()
    lead = f"/leads/{number}/"
    with effort.part("Find the offer and answer its findings"):
        offers.answer_blocking_findings(officer, lead)
    return lead, need


def up_to_the_order(town: Cities, effort: Effort, lead: str, need: str) -> None:
    """Check and verify the offer, allocate it, and have the order approved and placed."""
    with effort.part("Start and assign the checks"):
        checks = offers.open_checks(town, lead)
    link = contacts.link_about(town, next(iter(checks)))
    with effort.part("Report three checks, phone"):
        contacts.report_together(town, link, len(checks))
    with effort.part("Accept the reports and verify the offer"):
        offers.accept_all_and_verify(town.verifier, lead)
    with effort.part("Allocate"):
        needs.allocate(town.officer, need, PIECES)
    with effort.part("Write and submit the order"):
        orders.write_and_submit(town)
    with effort.part("Approve the order"):
        orders.approve_from_today(town)
    with effort.part("Place the order, goods ready, plan the shipment"):
        orders.place_and_confirm(town, town.officer.path)
        shipments.plan(town.officer, "")


def up_to_the_ward(town: Cities, effort: Effort) -> None:
    """Ship the goods, clear and count them, release the lot, and thank the contact."""
    dock = town.dock
    shipment = town.officer.path
    so_far = dock.pace + Pace()
    dock.goes(shipment)
    dock.pace = so_far + Pace(presses=1, pages=1)
    with effort.part("Pack, depart, arrive, deliver"):
        shipments.pack(dock)
    papers = shipments.check_move_closed(dock, shipment, "Record departure")
    with effort.part("Blocking export documents"):
        shipments.upload_documents(dock, shipment, papers)
    with effort.part("Clear export and import"):
        shipments.clear_export(dock, shipment)
    with effort.part("Pack, depart, arrive, deliver"):
        shipments.record_move(dock, "Record departure")
        shipments.record_move(dock, "Record arrival in destination country")
    with effort.part("Clear export and import"):
        shipments.file_with_customs(dock, "Import clearance")
    shipments.upload_documents(dock, shipment, shipments.check_move_closed(dock, shipment, "Record delivery"))
    with effort.part("Clear export and import"):
        shipments.release(dock, "Import clearance")
    with effort.part("Pack, depart, arrive, deliver"):
        shipments.record_move(dock, "Record delivery")
    with effort.part("Count 40 whole cartons"):
        shipments.receive_all(dock)
    with effort.part("Inspect, release, close"):
        shipments.inspect(dock, shipment, sampled="500")
        dock.presses("Close shipment")
    with effort.part("Thank the contact"):
        shipments.send_thanks(town.officer)
