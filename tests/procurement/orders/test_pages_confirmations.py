"""Tests of the supplier's confirmation: number, person and way on page and API, recorded once and then corrected."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from procurement.orders.actions.approve import (
    ConfirmationEdit,
    correct_confirmation,
    mark_ready,
    record_confirmation,
)
from procurement.orders.actions.close import cancel_order
from procurement.orders.actions.reminders import send_order_reminders
from procurement.orders.models import Order
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.generated_documents.test_kinds import facts_by_name
from tests.procurement.notifications.test_cancelled import sent_messages
from tests.procurement.refusals import assert_refused
from tests.worlds.generated_documents import Office
from tests.worlds.need_to_order import AT
from workflow.clock import clear_instance_cache
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    """Return an example purchase on a practice site, whose contact reads English."""
    found = Office()
    found.practise()
    found.contact.user.language = "en"
    found.contact.user.save(update_fields=["language"])
    yield found
    clear_instance_cache()


def test_officer_records_number_person_and_way_of_a_confirmation_on_the_page(office: Office) -> None:
    order = office.placed_order(6_000)
    page = Browser(office.officer.user).open(order)
    after = page.press(
        "Record supplier confirmation",
        promised_on="2020-05-04",
        supplier_reference=" KH-77120 ",
        confirmation_method="writing",
        confirmed_by_name="Chen Min",
    )
    kept = Order.objects.get(pk=order.pk)
    assert (kept.status, kept.promised_on) == ("confirmed", date(2020, 5, 4))
    assert (kept.supplier_reference, kept.confirmed_by_name) == ("KH-77120", "Chen Min")
    for one in ("KH-77120", "In writing", "Chen Min"):
        assert one in after, one
    entry = history_of(kept).get(verb="confirm")
    assert entry.after["supplier_reference"] == "KH-77120"
    assert (entry.by, entry.after["confirmation_method"]) == (office.officer.user, "writing")


def test_confirmation_by_phone_is_recorded_over_the_api(office: Office) -> None:
    order = office.placed_order(2_000)
    program = Program(office.officer.user)
    for wrong in ({"confirmation_method": "pigeon"}, {"supplier_reference": "7" * 61}):
        assert program.ask("post", f"orders/{order.reference}/confirm/", wrong).status_code == 422
    assert Order.objects.get(pk=order.pk).status == "placed"
    body = {"supplier_reference": "77/2020", "confirmation_method": "phone", "promised_on": "2020-05-02"}
    kept = program.post(f"orders/{order.reference}/confirm/", body)
    assert (kept["status"], kept["supplier_reference"]) == ("confirmed", "77/2020")
    assert (kept["confirmation_method"], kept["confirmed_by_name"]) == ("phone", "")
    assert program.get(f"orders/{order.reference}/")["supplier_reference"] == "77/2020"


def test_order_is_confirmed_once_and_never_after_it_was_cancelled(office: Office) -> None:
    order = office.placed_order(3_000)
    record_confirmation(order, supplier_reference="A-1", by=office.officer.by, at=AT)
    with assert_refused("wrong_status", order):
        record_confirmation(order, supplier_reference="A-2", by=office.officer.by, at=AT)
    assert Order.objects.get(pk=order.pk).supplier_reference == "A-1"
    other = office.placed_order(4_000)
    cancel_order(other, reason="Too late.", by=office.officer.by, at=AT)
    with assert_refused("wrong_status", other):
        record_confirmation(other, supplier_reference="A-3", by=office.officer.by, at=AT)
    for person in (office.observer, office.logistics):
        with assert_refused("not_allowed", order):
            record_confirmation(order, by=person.by, at=AT)


def test_untouched_form_records_no_way_of_confirmation(office: Office) -> None:
    order = office.placed_order(5_000)
    page = Browser(office.officer.user).open(order)
    assert page.form("Record supplier confirmation").choices("confirmation_method")["Not known"] == ""
    page.press("Record supplier confirmation")
    kept = Order.objects.get(pk=order.pk)
    assert (kept.status, kept.confirmation_method, kept.confirmed_by_name) == ("confirmed", "", "")
    ready = office.placed_order(6_000)
    Browser(office.officer.user).open(ready).press("Record confirmation and mark goods as ready")
    kept = Order.objects.get(pk=ready.pk)
    assert (kept.status, kept.confirmation_method) == ("ready_to_ship", "")


@pytest.mark.parametrize("ready", [False, True])
def test_confirmation_is_completed_when_the_number_comes_by_mail(office: Office, ready: bool) -> None:
    order = office.placed_order(4_000)
    record_confirmation(order, confirmation_method="phone", ready=ready, by=office.officer.by, at=AT)
    page = Browser(office.officer.user).open(order)
    after = page.do(
        "correct_confirmation", supplier_reference=" KH-9 ", promised_on="2020-05-08", confirmed_by_name="Wu"
    )
    assert "KH-9" in after
    kept = Order.objects.get(pk=order.pk)
    assert (kept.supplier_reference, kept.confirmation_method, kept.promised_on) == (
        "KH-9",
        "phone",
        date(2020, 5, 8),
    )
    assert kept.next_reminder_on is not None, "goods with a promised day are followed up"
    program = Program(office.second_officer.user)
    kept = program.post(f"orders/{order.reference}/correct-confirmation/", {"confirmation_method": "writing"})
    assert (kept["confirmation_method"], kept["supplier_reference"]) == ("writing", "KH-9")


def test_confirmation_is_corrected_only_by_officers_and_only_while_the_order_is_under_way(
    office: Office,
) -> None:
    placed = office.placed_order(3_000)
    with assert_refused("wrong_status", placed):
        correct_confirmation(placed, ConfirmationEdit(), by=office.officer.by, at=AT)
    gift = mark_ready(office.accepted(office.promise(1_000, kind="donation")), by=office.officer.by, at=AT)
    confirmed = office.confirmed(office.promise(2_000))
    for order, person in (
        (gift, office.officer),
        (confirmed, office.observer),
        (confirmed, office.logistics),
    ):
        with assert_refused("not_allowed", order):
            correct_confirmation(order, ConfirmationEdit(supplier_reference="7"), by=person.by, at=AT)


def test_today_lists_an_unconfirmed_order_without_purchase_order_once(office: Office) -> None:
    order = office.placed_order(9_000)
    later = AT + timedelta(days=5)
    assert send_order_reminders(later) == 1
    officer = Browser(office.officer.user)
    today = officer.open("/")
    assert "Open the page to generate it." in today
    assert "The supplier has not confirmed the order." not in today
    office.register()
    office.make("purchase_order", order=order)
    assert "Check that they have the purchase order." in officer.open("/")


def test_contact_gets_no_mail_about_a_confirmation(office: Office) -> None:
    order = office.placed_order(7_000)
    record_confirmation(order, promised_on=date(2020, 5, 6), by=office.officer.by, at=AT)
    assert sent_messages(order, "confirm") == []


def test_purchase_order_generated_after_the_confirmation_states_the_suppliers_number(office: Office) -> None:
    office.register()
    order = office.placed_order(8_000)
    record_confirmation(order, supplier_reference="KH-88", by=office.officer.by, at=AT)
    made = office.make("purchase_order", order=order)
    assert (made.version, facts_by_name(made)["卖方自编订单号"]) == (2, "KH-88")
