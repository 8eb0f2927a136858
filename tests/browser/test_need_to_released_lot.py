"""A whole purchase in Chromium: a need of Burnaby becomes a released lot.

The usual run goes up to the order, in Chinese, with the contact on a phone. `make faults` goes on to the
release, in all languages. In the usual run `test_customs_to_delivery.py` covers the way from an order to the
released goods.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.browser.city_browsers import LOCALES, Cities
from tests.browser.keystroke_model import Pace
from tests.browser.steps import contacts, needs, offers, orders, register, shipments
from tests.browser.translated_browser import quiet
from tests.workflow import files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIVE_MINUTES = 300  # seconds, counted by clicks and keys (pace.py), not measured


class Placed(NamedTuple):
    """The addresses and references after the order was placed."""

    need: str
    question: str
    number: str
    bought: str


def up_to_the_order(town: Cities, photo: Path) -> Placed:
    """Go from a new need to a placed order.

    The way from the first offer to the approved order must take less than five minutes.
    """
    officer, verifier = town.officer, town.verifier
    need = needs.post_a_need(town, "12 000" if town.language == "fr-ca" else "12,000")
    needs.ask_zhongshan(town)

    question = contacts.link_about(town, town.product("MASK_SURG"))
    number = contacts.answer(town, question, photo)
    needs.check_coverage(officer, need, "Offered, not verified", 20_000)

    town.colleague()
    desks = (officer, verifier, town.approver)
    before = sum((seat.pace for seat in desks), Pace())
    officer.goes(need)
    officer.follows("中山康护用品有限公司 DEMO")
    officer.keeps("1-raw-offer")
    lead = officer.path
    assert offers.answer_findings(officer, lead)
    checks = offers.open_checks(town, lead)
    contacts.report_together(town, contacts.link_about(town, next(iter(checks))), len(checks))
    offers.accept_all_and_verify(verifier, lead)
    needs.check_coverage(officer, need, "Verified and available", 20_000)

    needs.allocate(officer, need, 12_000)
    bought = orders.write_and_approve(town)
    path = sum((seat.pace for seat in desks), Pace()) - before
    officer.notes("path", str(path))
    assert path.seconds < FIVE_MINUTES, path
    orders.place_and_confirm(town, bought)
    needs.check_coverage(officer, need, "Allocated, not shipped", 12_000)
    return Placed(need, question, number, bought)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Return a photo of a certificate."""
    taken = tmp_path / "certificate.jpg"
    taken.write_bytes(files.picture(size=(2400, 1800)))
    return taken


def test_need_becomes_order_in_browser_in_chinese(chromium, live_server, mail_folder, photo):
    town = Cities(chromium, live_server.url, "zh-hans")
    with quiet(town.seats):
        up_to_the_order(town, photo)


@pytest.mark.every_way
@pytest.mark.parametrize("language", LOCALES)
def test_need_becomes_released_lot_in_browser_in_each_language(
    chromium, live_server, mail_folder, photo, language
):
    town = Cities(chromium, live_server.url, language)
    officer, dock = town.officer, town.dock
    with quiet(town.seats):
        need, question, number, bought = up_to_the_order(town, photo)
        shipment = shipments.plan(dock, bought)
        shipments.pack(dock)
        shipments.upload_documents(
            dock, shipment, shipments.check_move_closed(dock, shipment, "Record departure")
        )
        shipments.clear_export(dock, shipment)
        shipments.record_move(dock, "Record departure")
        needs.check_coverage(officer, need, "In transit", 12_000)

        shipments.record_move(dock, "Record arrival in destination country")
        shipments.clear_import_after_hold(dock, shipment)
        shipments.record_move(dock, "Record delivery")
        shipments.receive_with_discrepancies(dock, shipment)
        needs.check_coverage(officer, need, "Arrived, not yet inspected", 11_500)
        shipments.inspect(dock, shipment)
        dock.goes(shipment)
        dock.presses("Close shipment")

        needs.check_coverage(officer, need, "Inspected and released", 11_500)
        register.check_exchange_added(town, 11_500)
        contacts.read_outcome(town, question, number)
