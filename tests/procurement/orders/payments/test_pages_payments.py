"""Tests of due payments on their page and as a file.

They also cover payment blocks with their links, and the payment schedule on the order's page.
"""

import csv
import io
from datetime import date

import pytest

from procurement.orders.payments.models import Payment
from procurement.suppliers.actions.bank_accounts import propose_account
from tests.browsing import Browser
from tests.worlds.need_to_order import AT, Story
from workflow import clock
from workflow.clock import advance_clock

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.observer and story.stranger and story.approver and story.second_officer
        story.order = story.placed(bank_account=story.account())
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def csv_rows(browser, query=""):
    answer = browser.client.get(f"/payments/?as=csv{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    heading, *lines = csv.reader(io.StringIO(text))
    return [dict(zip(heading, line, strict=True)) for line in lines]


def test_due_payments_are_listed_and_downloaded_by_their_own_city_only(story, officer):
    page = officer.open("/orders/").follow("Payments due")
    assert story.order.reference in page
    assert "Deposit" in page
    assert "Surgical mask (fluid resistant), 10,000 pieces" in page
    assert "Against shipping documents" not in page.main.xpath("string(.//tbody)")
    (row,) = csv_rows(officer)
    assert (row["Order"], row["Amount"], row["Due"]) == (story.order.reference, "1500.00", str(AT.date()))
    assert len(csv_rows(officer, "&status=all")) == 3
    assert len(csv_rows(officer, "&status=planned&q=PO-2020")) == 3
    assert csv_rows(officer, "&status=paid") == []
    assert "No payments match." in officer.open("/payments/?status=paid")
    stranger = Browser(story.stranger.user)
    assert csv_rows(stranger) == []
    assert "No payments are due." in stranger.open("/payments/")


def test_payment_after_its_due_date_is_shown_as_overdue(story, officer):
    assert "Overdue" not in officer.open("/payments/")
    advance_clock(clock.now().replace(day=20))
    assert "Overdue" in officer.open("/payments/")


def test_today_lists_due_payments_for_people_who_can_pay(story, officer):
    row = f"Pay {story.order.supplier.name} "
    assert row in officer.open("/")
    assert row not in Browser(story.observer.user).open("/")


def test_due_date_of_a_payment_is_changed_on_its_page_with_a_reason(story, officer):
    deposit = story.order.payments.get(milestone="deposit")
    at = f"{deposit.get_absolute_url()}set_due/"
    wrong = officer.open(at).press("Change due date", due_on="soon", reason="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"due_on", "reason"})
    page = officer.open(at).press("Change due date", due_on="2020-05-02", reason="十天后付款")
    assert page.at == story.order.get_absolute_url()
    assert "十天后付款" in page
    deposit.refresh_from_db()
    assert (deposit.due_on, deposit.due_reason) == (date(2020, 5, 2), "十天后付款")


def test_order_page_states_payment_blocks_and_links_to_their_settlement(story, officer):
    page = officer.open(story.order)
    assert "was confirmed only recently" in page, "it cools"
    advance_clock(clock.now().replace(day=20))
    assert "Payments are on hold" not in officer.open(story.order)
    fresh = propose_account(
        story.supplier,
        holder="Kanghu Trading DEMO",
        number="HK 88 0001",
        bank="Bank DEMO",
        country="HK",
        proposed_by=story.officer.user,
        by=story.officer.by,
        at=clock.now(),
    )
    page = Browser(story.second_officer.user).open(story.order)
    assert "Payments are on hold" in page
    assert "Propose payment" not in page.buttons
    ask = page.main.xpath(f".//a[@href='{fresh.get_absolute_url()}confirm/']")
    assert ask, "the reason leads to the call back"


def test_urgent_payment_request_by_the_supplier_is_recorded_from_the_page(story, officer):
    advance_clock(clock.now().replace(day=20))
    officer.open(story.order).press("Propose payment")
    second = story.order.payments.get(milestone="against_documents")
    page = officer.open(f"{second.get_absolute_url()}record_early_request/").press(
        "Record early payment request", reason="EUR 880,000 by tonight"
    )
    assert "was requested on" in page
    assert Payment.objects.get(pk=second.pk).urgent_request_at is not None


def test_payment_schedule_of_a_draft_order_is_edited_on_its_page(story, officer):
    draft = story.draft()
    page = officer.open(draft).follow("Edit payment schedule")
    wrong = page.press("Edit payment schedule", deposit="40", against_documents="30", after_inspection="30")
    assert (wrong.status, set(wrong.wrong)) == (422, {"deposit_reason"})
    wrong = page.press("Edit payment schedule", deposit="20", against_documents="30", after_inspection="30")
    assert (wrong.status, "add up to 80 percent" in wrong.alert) == (422, True)
    data = {"deposit": "40", "against_documents": "0", "after_inspection": "60"}
    page = page.press("Edit payment schedule", deposit_reason="定制产品", **data)
    assert page.at == draft.get_absolute_url()
    assert "定制产品" in page
    assert "Cancelled" not in page.main.xpath("string(.//section[@id='payments'])")
    rows = Payment.objects.filter(order=draft).unpaid().order_by("pk")
    assert [(one.milestone, one.percent) for one in rows] == [("deposit", 40), ("after_inspection", 60)]


def test_call_back_form_without_a_confirmed_number_names_who_can_confirm_one(story):
    other = story.company("别的公司 DEMO")
    account = story.account(other, confirmed=False)
    second = Browser(story.second_officer.user)
    at = f"{account.get_absolute_url()}confirm/"
    page = second.open(at)
    assert "Ask a contact" in page
    assert page.follow("Add a number confirmed by a contact").at.startswith(other.get_absolute_url())
    forged = second.client.post(at, {"callback_number": "+86 10 100%"})
    assert forged.status_code == 422
    story.phone(other)
    forged = second.client.post(at, {"callback_number": "+86 10 100%"})
    assert "No contact has confirmed +86 10 100% as a number" in forged.content.decode()
    second.open(at).press("Confirm after calling back", callback_number="+86 760 0000 0000")
    account.refresh_from_db()
    assert account.status == "confirmed"
    again = second.open(f"{account.get_absolute_url()}record_callback/")
    again.press("Call back again", callback_number="+86 760 0000 0000")
