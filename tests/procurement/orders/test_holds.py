"""Tests of orders on hold: what a hold stops, how long it lasts, and all orders to a company at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from partners.cities.models import City
from procurement.dashboard.todo_items import read_items
from procurement.dashboard.views import KIND_BY_CODE
from procurement.logistics.actions.journey import record_departure
from procurement.logistics.actions.planning import LineQuantity, plan_shipment
from procurement.orders.actions.approve import accept_donation, approve_order, place_order, submit_order
from procurement.orders.actions.close import cancel_order, complete_order
from procurement.orders.actions.holds import (
    hold_order,
    hold_orders_to_supplier,
    resume_expired_holds,
    resume_order,
)
from procurement.orders.actions.reminders import send_order_reminders
from procurement.orders.models import Order
from procurement.orders.payments.actions import propose_payment, record_payment
from procurement.orders.rules.holds import (
    has_open_payments,
    hold_check_day,
    hold_has_ended,
    order_on_hold_refusal,
    past_last_hold_day_refusal,
)
from procurement.orders.rules.orders import HOLD_ORDER, RESUME_ORDER
from procurement.orders.rules.readiness import ReadinessLevel
from procurement.orders.views.readiness_panel import may_plan_shipment, order_readiness_panel
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.statuses import declare_interest
from tests.procurement.refusals import assert_refused
from tests.worlds.cities import powers_for
from tests.worlds.completed_orders import LATE, mark_all_goods_released
from tests.worlds.need_to_order import AT, Story
from tests.worlds.shipments import DEPARTED_AT, Journey
from workflow.errors import Refused
from workflow.journal.entries import history_of

DAY = timedelta(days=1)
FRIDAY = date(2020, 4, 24)
BURNABY = City(name_en="Burnaby", country="CA", subdivision="CA-BC", timezone="America/Vancouver")


def hold(story: Story, order: Order, **facts: object) -> Order:
    given: dict[str, object] = {"reason": "A caller says the licence is forged.", "at": AT, **facts}
    return hold_order(order, by=story.officer.by, **given)


def reloaded_order(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


# --- what a hold stops --------------------------------------------------------------------------------------------
@pytest.mark.django_db
class TestBlockedActions:
    def test_held_order_cannot_be_approved_until_resumed(self, story: Story) -> None:
        order = hold(story, story.draft())
        with assert_refused("on_hold", order) as caught:
            approve_order(order, by=story.officer.by, at=AT)
        assert "licence is forged" in str(caught.value)
        resume_order(order, reason="The licence is genuine.", by=story.officer.by, at=AT)
        assert approve_order(order, by=story.officer.by, at=AT).status == "approved"

    def test_held_order_cannot_be_approved_by_a_second_person(self, story: Story) -> None:
        order = hold(story, submit_order(story.draft(), by=story.officer.by, at=AT))
        with assert_refused("on_hold", order):
            approve_order(order, by=story.approver.by, at=AT)

    def test_held_order_cannot_be_placed(self, story: Story) -> None:
        order = hold(story, story.approved())
        with assert_refused("on_hold", order):
            place_order(order, by=story.officer.by, at=AT)

    def test_held_donation_cannot_be_accepted(self, story: Story) -> None:
        order = hold(story, story.gift())
        with assert_refused("on_hold", order):
            accept_donation(order, by=story.officer.by, at=AT)

    def test_payment_of_a_held_order_can_be_neither_proposed_nor_recorded(self, story: Story) -> None:
        order = story.placed(bank_account=story.account())
        deposit = order.payments.get(milestone="deposit")
        hold(story, order)
        with assert_refused("on_hold", deposit):
            propose_payment(deposit, by=story.officer.by, at=LATE)
        resume_order(order, reason="settled", by=story.officer.by, at=AT)
        propose_payment(deposit, by=story.officer.by, at=LATE)
        hold(story, order)
        with assert_refused("on_hold", deposit):
            record_payment(deposit, paid_on=LATE.date(), transfer="TT-1", by=story.approver.by, at=LATE)

    def test_held_order_is_refused_at_its_field_when_a_shipment_is_planned(self, story: Story) -> None:
        order = hold(story, story.ready())
        loads = [LineQuantity(line, 1_000) for line in order.lines.all()]
        with assert_refused("on_hold", order) as caught:
            plan_shipment(
                loads,
                mode="air",
                origin="CNCAN",
                destination="CAVAN",
                author=story.logistics.user,
                by=story.logistics.by,
                at=AT,
            )
        assert caught.value.details["field"] == "lines"
        assert not may_plan_shipment(powers_for(story.logistics.user), order)

    def test_packed_goods_of_a_held_order_cannot_depart(self, story: Journey) -> None:
        shipment = story.packed()
        story.hand_in_all(shipment, "depart")
        story.clear(shipment, "export")
        order = Order.objects.get(lines__shipment_lines__shipment=shipment)
        hold(story, order)
        with assert_refused("on_hold", shipment, order):
            record_departure(shipment, by=story.logistics.by, at=DEPARTED_AT)
        resume_order(order, reason="settled", by=story.officer.by, at=AT)
        assert record_departure(shipment, by=story.logistics.by, at=DEPARTED_AT).status == "in_transit"

    def test_readiness_of_a_held_order_is_red_and_links_to_resuming(self, story: Story) -> None:
        order = hold(story, story.draft(), held_until=FRIDAY)
        panel = order_readiness_panel(powers_for(story.officer.user), reloaded_order(order))
        assert panel is not None
        assert panel.readiness.level is ReadinessLevel.RED
        first = panel.readiness.reasons[0]
        assert first.url.endswith("/resume/")
        assert "licence is forged" in str(first.text)

    def test_held_order_gets_no_reminders(self, story: Story) -> None:
        hold(story, story.placed())
        assert send_order_reminders(AT + 30 * DAY) == 0


# --- its life -----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
class TestHoldLifeCycle:
    @pytest.mark.parametrize(
        ("who", "holds", "resumes"),
        [
            ("officer", True, True),
            ("approver", True, True),
            ("logistics", True, False),
            ("verifier", False, False),
            ("observer", False, False),
            ("stranger", False, False),
        ],
    )
    def test_order_is_held_and_resumed_only_by_permitted_roles(
        self, story: Story, who: str, holds: bool, resumes: bool
    ) -> None:
        by, order = getattr(story, who).by, story.placed()
        assert (HOLD_ORDER.refusal(by, order, AT) is None) is holds
        hold(story, order)
        assert (RESUME_ORDER.refusal(by, order, AT) is None) is resumes

    def test_person_with_an_interest_can_hold_but_not_resume_an_order(self, story: Story) -> None:
        order, second = story.placed(), story.second_officer
        declare_interest(story.supplier, second.user, words="a share", by=second.by, at=AT)
        by = powers_for(second.user)
        hold_order(order, reason="I heard of fraud.", by=by, at=AT)
        with assert_refused("not_allowed", order):
            resume_order(order, reason="It was nothing.", by=by, at=AT)

    def test_hold_keeps_the_status_and_journals_reason_and_day(self, story: Story) -> None:
        order = hold(story, story.placed(), held_until=FRIDAY)
        assert (order.status, order.held_since, order.held_by_id) == ("placed", AT, story.officer.user.pk)
        entry = history_of(order).filter(verb="hold").get()
        assert (entry.reason, entry.after["held_until"]) == (order.hold_reason, "2020-04-24")

    def test_second_hold_replaces_the_first(self, story: Story) -> None:
        order = hold(story, story.placed(), held_until=FRIDAY)
        hold(story, order, at=AT + DAY, reason="More was heard.", held_until=None)
        assert (order.held_since, order.held_until, order.hold_reason) == (AT, None, "More was heard.")

    @pytest.mark.parametrize(("days", "is_refused"), [(-1, True), (0, False)])
    def test_hold_with_a_last_day_in_the_past_is_refused(
        self, story: Story, days: int, is_refused: bool
    ) -> None:
        order, day = story.placed(), story.city.day_at(AT) + days * DAY
        if not is_refused:
            assert hold(story, order, held_until=day).held_until == day
            return
        with assert_refused("day_past", order) as caught:
            hold(story, order, held_until=day)
        assert caught.value.details["field"] == "held_until"

    def test_hold_ends_automatically_after_its_last_day_in_the_city(self, story: Story) -> None:
        order = hold(story, story.placed(), held_until=FRIDAY)
        endless = hold(story, story.placed(story.promise()))
        midnight = datetime(2020, 4, 25, tzinfo=ZoneInfo("America/Vancouver"))
        assert resume_expired_holds(midnight - timedelta(minutes=1)) == 0
        assert resume_expired_holds(midnight) == 1
        assert reloaded_order(order).held_since is None
        assert reloaded_order(endless).held_since == AT
        entry = history_of(order).filter(verb="resume").get()
        assert (entry.via, entry.reason) == ("clock", "The last day of the hold has passed.")

    def test_order_that_is_not_held_cannot_be_resumed(self, story: Story) -> None:
        order = story.placed()
        with assert_refused("not_ready", order):
            resume_order(order, reason="why not", by=story.officer.by, at=AT)

    def test_completed_order_can_be_held_only_while_payments_are_open(self, story: Story) -> None:
        order = story.ready()
        hold(story, order)
        complete_order(mark_all_goods_released(order), by=story.logistics.by, at=LATE)
        assert reloaded_order(order).held_since == AT
        for payment in order.payments.all():
            payment.status = "cancelled"
            payment.save(update_fields=["status"])
        with assert_refused("not_ready", order):
            hold(story, order)

    def test_hold_ends_with_the_order(self, story: Story) -> None:
        cancelled = cancel_order(hold(story, story.placed()), reason="fraud", by=story.officer.by, at=AT)
        assert (cancelled.held_since, cancelled.hold_reason) == (None, "")


class TestDayOnToday:
    @pytest.mark.parametrize(
        ("until", "day"),
        [
            (date(2020, 4, 29), date(2020, 4, 27)),  # a Wednesday
            (date(2020, 4, 27), date(2020, 4, 23)),  # a Monday
            (date(2020, 4, 17), date(2020, 4, 16)),  # never before the day it began
            (None, date(2020, 4, 23)),
        ],
    )
    def test_hold_is_on_today_two_working_days_before_its_end_or_a_week_after_its_start(
        self, until: date | None, day: date
    ) -> None:
        assert hold_check_day(Order(city=BURNABY), until, AT) == day

    @pytest.mark.django_db
    def test_hold_is_on_today_from_its_check_day_on(self, story: Story) -> None:
        order, kind = hold(story, story.placed(), held_until=date(2020, 4, 29)), KIND_BY_CODE["held_orders"]
        by = powers_for(story.officer.user)
        assert not kind.waiting_objects(by, date(2020, 4, 26)).exists()
        (row,) = read_items({kind: kind.first_pks(by, date(2020, 4, 28))}, by, AT + 12 * DAY)
        assert f"from {order.supplier.name} ends on 29 Apr" in str(row.sentence)
        assert row.reference == order.reference
        assert not kind.waiting_objects(powers_for(story.observer.user), date(2020, 4, 29)).exists()


# --- all orders to a company --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_all_orders_to_a_company_are_held_with_a_result_for_each(story: Story) -> None:
    first, second = story.placed(), hold(story, story.approved(story.promise()), reason="Known already.")
    gone = cancel_order(story.placed(story.promise()), reason="x", by=story.officer.by, at=AT)
    trader = story.company("佛山市示例贸易有限公司")
    merged, elsewhere = story.placed(story.promise(supplier=trader)), story.company("东莞市示例有限公司")
    other = story.placed(story.promise(supplier=elsewhere))
    merge_suppliers(trader, into=story.supplier, reason="one company", by=story.officer.by, at=AT)
    with pytest.raises(Refused) as caught:
        hold_orders_to_supplier(
            story.supplier, reason="fraud", held_until=AT.date() - 2 * DAY, by=story.officer.by, at=AT
        )
    assert caught.value.details["field"] == "held_until"
    assert hold_orders_to_supplier(story.supplier, reason="fraud", by=story.stranger.by, at=AT) == []
    results = hold_orders_to_supplier(story.supplier, reason="fraud", by=story.logistics.by, at=AT)
    found = [(one.order.pk, one.refusal.code if one.refusal else "") for one in results]
    assert found == [(first.pk, ""), (second.pk, "held_already"), (merged.pk, "")]
    assert [reloaded_order(one).hold_reason for one in (first, second, merged, gone, other)] == [
        *("fraud", "Known already.", "fraud"),
        *("", ""),
    ]


# --- a payment and a hold at the same moment ----------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_payment_waiting_for_a_concurrent_hold_is_refused() -> None:
    story = Story()
    order = story.placed(bank_account=story.account())
    deposit = propose_payment(order.payments.get(milestone="deposit"), by=story.officer.by, at=LATE)
    payer, paying = story.approver.by, Event()

    def pay() -> str:
        try:
            paying.set()
            record_payment(deposit, paid_on=LATE.date(), transfer="TT-1", by=payer, at=LATE)
        except Refused as no:
            return no.code
        finally:
            connection.close()
        return "paid"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            hold(story, order, at=LATE)
            answer = pool.submit(pay)
            assert paying.wait(20)
            with pytest.raises(TimeoutError):
                answer.result(timeout=1)
        assert answer.result(timeout=20) == "on_hold"
    deposit.refresh_from_db()
    assert (deposit.status, reloaded_order(order).held_since) == ("proposed", LATE)


# --- the days of a hold, by the city's calendar -------------------------------------------------------------------
EVENING = datetime(2020, 4, 25, 3, tzinfo=ZoneInfo("UTC"))  # Friday, 24 April, in Burnaby


def held_order(**facts: object) -> Order:
    return Order(
        reference="PO-2020-0007", city=BURNABY, held_since=AT, hold_reason="A forged licence.", **facts
    )


@pytest.mark.parametrize(
    ("held_until", "words", "until"),
    [
        (None, "PO-2020-0007 is on hold: A forged licence.", None),
        (FRIDAY, "PO-2020-0007 is on hold until the end of 24 April 2020: A forged licence.", "2020-04-24"),
    ],
)
def test_refusal_of_a_held_order_names_the_order_its_reason_and_its_last_day(
    held_until: date | None, words: str, until: str | None
) -> None:
    no = order_on_hold_refusal(held_order(held_until=held_until))
    assert no is not None
    assert str(no) == words
    assert (no.details["order"], no.details["until"]) == ("PO-2020-0007", until)


def test_last_day_of_a_hold_is_a_day_of_the_city() -> None:
    order = held_order()
    assert past_last_hold_day_refusal(order, FRIDAY, EVENING) is None
    no = past_last_hold_day_refusal(order, FRIDAY - DAY, EVENING)
    assert no is not None
    assert no.details["field"] == "held_until"
    assert not hold_has_ended(held_order(held_until=FRIDAY), EVENING)
    assert hold_has_ended(held_order(held_until=FRIDAY), EVENING + DAY)
    assert not hold_has_ended(held_order(), EVENING)


def test_hold_is_checked_by_the_day_and_the_holidays_of_the_city() -> None:
    order = held_order()
    assert hold_check_day(order, None, EVENING) == FRIDAY + 7 * DAY
    at = datetime(2020, 2, 11, 20, tzinfo=ZoneInfo("UTC"))
    after_family_day = date(2020, 2, 19)  # Wednesday; Monday is a holiday of the province
    assert hold_check_day(order, after_family_day, at) == date(2020, 2, 14)
    order.city = City(name_en="Ottawa", country="CA", timezone="America/Toronto")
    assert hold_check_day(order, after_family_day, at) == date(2020, 2, 17)
    june = datetime(2020, 6, 25, 20, tzinfo=ZoneInfo("UTC"))
    assert hold_check_day(order, date(2020, 7, 2), june) == date(2020, 6, 29), (
        "1 July is a holiday of the country"
    )


@pytest.mark.django_db
def test_donation_has_no_open_payments_even_if_one_is_in_the_record(story: Story) -> None:
    order = story.placed()
    assert has_open_payments(order)
    order.kind = "donation"
    assert not has_open_payments(order)
