"""Tests of orders and donations on pages: created from allocations, approved, and paid by two people."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from procurement.orders.models import Order
from procurement.orders.payments.models import Payment
from procurement.orders.views.purchase_figures import purchase_figures
from tests.browsing import Browser
from tests.worlds.need_to_order import Story
from workflow import clock
from workflow.clock import advance_clock
from workflow.formatting import format_decimals

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.observer and story.stranger and story.approver and story.second_officer
        story.bought = story.promise(10_000)
        story.given = story.promise(5_000, kind="donation", price=None)
        story.mine = story.account()
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


@pytest.fixture
def approver(story):
    return Browser(story.approver.user)


def draft_on_page(story, *allocations) -> Order:
    """Save a draft from the page of its allocations; a donation without a value goes to an approver."""
    page = Browser(story.officer.user).open(allocations[0]).follow("Create order")
    button = "Save draft" if "Save draft" in page.buttons else f"Send to {story.approver.user} for acceptance"
    page.press(button, allocations=[str(one.pk) for one in allocations])
    return Order.objects.latest("pk")


def reloaded_order(order) -> Order:
    return Order.objects.get(pk=order.pk)


def edit_figures(officer, order, **typed):
    return officer.open(f"{order.get_absolute_url()}edit/").press("Save details", **typed)


def test_purchase_is_created_from_an_allocation_and_its_figures_are_edited(story, officer):
    page = officer.open("/orders/")
    assert "Create order" in page
    order = draft_on_page(story, story.bought)
    assert (order.kind, order.status, order.goods_total) == ("purchase", "draft", Decimal("5000.00"))
    page = edit_figures(
        officer, order, extra_costs="1 250,50", taxes="250.00", incoterm="FCA", incoterm_place="中山",
        budget_line="MED-2020", offers_sought="1", few_offers_reason="Only one maker had stock.",
        promised_on="2020年5月4日",
    )  # fmt: skip
    assert page.at == order.get_absolute_url()
    order = reloaded_order(order)
    assert (order.extra_costs, order.taxes, order.promised_on) == (
        Decimal("1250.50"),
        Decimal(250),
        date(2020, 5, 4),
    )
    assert order.total == Decimal("6500.50")


def test_unreadable_order_values_are_refused_at_their_fields_and_nothing_changes(story, officer):
    order = draft_on_page(story, story.bought)
    wrong = edit_figures(officer, order, extra_costs="much", offers_sought="0", promised_on="May 4")
    assert (wrong.status, set(wrong.wrong)) == (422, {"extra_costs", "offers_sought", "promised_on"})
    assert reloaded_order(order).extra_costs == 0


def test_order_without_required_reasons_cannot_be_approved_on_its_page(story, officer):
    order = draft_on_page(story, story.bought)
    assert "Approve order" not in officer.open(order).buttons
    refused = officer.client.post(f"{order.get_absolute_url()}approve/")
    assert refused.status_code == 422
    assert "Explain why you sought fewer than three quotes." in refused.content.decode()
    assert reloaded_order(order).status == "draft"


def test_order_above_the_limit_is_approved_or_returned_by_an_approver_on_its_page(story, officer, approver):
    story.limit("1000")
    order = draft_on_page(story, story.bought)
    edit_figures(officer, order, few_offers_reason="Only one maker had stock.")
    officer.open(order).press("Send for approval")
    refused = officer.client.post(f"{order.get_absolute_url()}approve/")
    assert (refused.status_code, 'role="alert"' in refused.content.decode()) == (403, True)
    wrong = approver.open(f"{order.get_absolute_url()}return/").press("Return order", reason="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"reason"})
    approver.open(order).follow("Return order").press("Return order", reason="为什么只有一家供应商？")
    assert reloaded_order(order).status == "draft"
    officer.open(order).press("Send for approval")
    approver.open(order).press("Approve order")
    assert (reloaded_order(order).status, reloaded_order(order).approved_by) == (
        "approved",
        story.approver.user,
    )


def test_order_is_placed_confirmed_and_paid_by_two_people_on_its_page(story, officer, approver):
    order = draft_on_page(story, story.bought)
    edit_figures(officer, order, few_offers_reason="Only one maker had stock.")
    page = officer.open(order).press("Approve order").press("Place order")
    page = page.press("Record supplier confirmation", promised_on="2020/5/4")
    page.press("Mark goods as ready")
    assert (reloaded_order(order).status, reloaded_order(order).promised_on) == (
        "ready_to_ship",
        date(2020, 5, 4),
    )
    ask = officer.open(order).follow("Choose the supplier’s bank account")
    wrong = ask.press("Choose the supplier’s bank account", account=str(story.mine.pk), reason="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"reason"})
    ask.press("Choose the supplier’s bank account", account=str(story.mine.pk), reason="From the invoice")
    deposit = order.payments.get(milestone="deposit")
    cooling = officer.client.post(f"/payments/{deposit.pk}/propose/")
    assert (cooling.status_code, "confirmed only recently" in cooling.content.decode()) == (422, True)
    advance_clock(clock.now().replace(day=20))
    officer.open(order).press("Propose payment")
    own = officer.open(f"/payments/{deposit.pk}/pay/")
    assert (own.status, "so another person must make it" in own.alert) == (403, True)
    wrong = approver.open(f"/payments/{deposit.pk}/pay/").press(
        "Record payment", paid_on="tomorrow", transfer=""
    )
    assert (wrong.status, set(wrong.wrong)) == (422, {"paid_on", "transfer"})
    page = approver.open(f"/payments/{deposit.pk}/pay/").press(
        "Record payment", paid_on="2020年4月20日", transfer="TT 2020-1"
    )
    assert page.at == order.get_absolute_url()
    deposit.refresh_from_db()
    assert (deposit.status, deposit.paid_by, deposit.paid_on) == (
        "paid",
        story.approver.user,
        date(2020, 4, 20),
    )


def test_proposed_payment_is_withdrawn_with_a_reason_on_its_page(story, officer):
    order = draft_on_page(story, story.bought)
    edit_figures(officer, order, few_offers_reason="Only one maker had stock.")
    officer.open(order).press("Approve order").press("Place order")
    officer.open(f"{order.get_absolute_url()}use_account/").press(
        "Choose the supplier’s bank account", account=str(story.mine.pk), reason="From the invoice"
    )
    advance_clock(clock.now().replace(day=20))
    deposit = order.payments.get(milestone="deposit")
    assert officer.open(f"/payments/{deposit.pk}/").at == order.get_absolute_url()
    officer.open(order).press("Propose payment")
    deposit.refresh_from_db()
    assert deposit.status == "proposed"
    back = officer.open(f"/payments/{deposit.pk}/withdraw_proposal/").press(
        "Withdraw proposal", reason="金额有误"
    )
    assert back.at == order.get_absolute_url()
    deposit.refresh_from_db()
    assert deposit.status == "planned"
    text = officer.open(order).text
    for said in ("proposed the payment (Deposit)", "withdrew the proposal (Deposit)"):
        assert f"{story.officer.user} {said}" in text, said
    assert "金额有误" in text


def test_cancelled_or_written_off_order_frees_its_allocation_on_its_page(story, officer):
    order = draft_on_page(story, story.bought)
    officer.open(order).follow("Cancel order").press("Cancel order", reason="Another city needs it more.")
    assert reloaded_order(order).status == "cancelled"
    story.bought.refresh_from_db()
    assert story.bought.status == "undone"
    late = officer.open(f"{order.get_absolute_url()}cancel/").press("Cancel order", reason="Again")
    assert late.status == 409


def test_donation_without_a_price_gets_a_customs_value_before_acceptance(story, officer):
    gift = draft_on_page(story, story.given)
    assert (gift.kind, gift.reference[:2], gift.total) == ("donation", "DN", 0)
    refused = officer.client.post(f"{gift.get_absolute_url()}accept/")
    assert refused.status_code == 403, "only an approver accepts goods of unknown value"
    assert 'role="alert"' in refused.content.decode()
    line = gift.lines.get()
    wrong = edit_figures(officer, gift, **{f"value{line.pk}": "dear"})
    assert (wrong.status, set(wrong.wrong)) == (422, {f"value{line.pk}"})
    edit_figures(officer, gift, **{f"value{line.pk}": "0,40"})
    assert reloaded_order(gift).total == Decimal(2000)
    officer.open(gift).press("Accept donation").press("Mark goods as ready")
    assert reloaded_order(gift).status == "ready_to_ship"


def test_donation_is_declined_with_thanks_on_its_page(story, officer):
    gift = draft_on_page(story, story.given)
    wrong = officer.open(f"{gift.get_absolute_url()}decline/").press(
        "Decline donation with thanks", reason=""
    )
    assert (wrong.status, set(wrong.wrong)) == (422, {"reason"})
    officer.open(gift).follow("Decline donation with thanks").press(
        "Decline donation with thanks", reason="十分感谢，我们已有足够。"
    )
    assert reloaded_order(gift).status == "declined"


def test_override_of_an_order_without_blocking_issues_is_refused_on_its_page(story, officer, approver):
    order = draft_on_page(story, story.bought)
    edit_figures(officer, order, few_offers_reason="Only one maker had stock.")
    ask = approver.open(f"{order.get_absolute_url()}override/")
    refused = ask.press("Override and order", reason="It is urgent.")
    assert refused.status == 422
    assert "Nothing is blocking this order." in refused.alert
    assert reloaded_order(order).override_by is None


def test_order_list_is_filtered_and_orders_are_closed_to_other_cities_and_observers(story, officer):
    order = draft_on_page(story, story.bought)
    assert order.reference in officer.open("/orders/?status=draft")
    assert order.reference not in officer.open("/orders/?status=placed")
    stranger, observer = Browser(story.stranger.user), Browser(story.observer.user)
    payment = Payment.objects.filter(order=order).first()
    base = order.get_absolute_url()
    for where in (base, f"{base}edit/", f"/payments/{payment.pk}/", f"/payments/{payment.pk}/pay/"):
        assert stranger.open(where).status == 404, where
    assert stranger.client.post(f"{base}cancel/", {"reason": "x"}).status_code == 404
    assert "No allocations are waiting to be ordered." in stranger.open("/orders/new/")
    assert order.reference not in stranger.open("/orders/")
    refused = observer.client.post(f"{base}cancel/", {"reason": "I would not"})
    assert (refused.status_code, "I would not" in refused.content.decode()) == (403, True)


@pytest.mark.parametrize(
    ("language", "total", "taxes"), [("fr-ca", "5 000,00 USD", "0,00"), ("zh-hans", "USD 5,000.00", "0.00")]
)
def test_order_sums_are_formatted_in_the_readers_language_including_the_form(story, language, total, taxes):
    order = draft_on_page(story, story.bought)
    reader = Browser(story.officer.user, language)
    assert total in reader.open(order)
    assert reader.open(f"{order.get_absolute_url()}edit/").value("taxes") == taxes


def test_purchase_figures_count_placed_purchases_only(story, officer):
    assert "has not made a purchase yet" in officer.open("/orders/figures/")
    order = draft_on_page(story, story.bought)
    edit_figures(officer, order, few_offers_reason="Only one maker had stock.")
    officer.open(order).press("Approve order").press("Place order")
    order = reloaded_order(order)
    page = officer.open("/orders/figures/")
    assert format_decimals(order.total_in_city_currency) in page
    assert "Nothing has been delivered yet." in page
    (figures,) = purchase_figures(SimpleNamespace(by=story.officer.by))
    (month,) = figures.months
    assert (month.order_count, month.amount_spent, month.median_days) == (
        1,
        order.total_in_city_currency,
        None,
    )
    month.delivery_days.extend([10, 20, 60])
    assert month.median_days == 20
    assert purchase_figures(SimpleNamespace(by=story.stranger.by)) == []
