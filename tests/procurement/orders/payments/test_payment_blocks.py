"""Tests of the blocks that hold payments after the contract (fraud case 8).

These are a changed account, findings, watchlists, and a banned company. Urgent payments: test_urgent_payments.py.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from procurement.leads.actions.findings import answer_finding
from procurement.leads.models.findings import Finding
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.screening.watchlists import WATCHLIST_CODES
from procurement.orders.actions.close import cancel_order
from procurement.orders.actions.create import choose_account
from procurement.orders.actions.screening import screen_account_changes
from procurement.orders.models import Order
from procurement.orders.payments.actions import record_payment
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.account_changes import was_called_back_since
from procurement.orders.payments.rules.blocks import payment_blocks, payment_blocks_at
from procurement.orders.payments.rules.payments import all_payment_blocks
from procurement.suppliers.actions.bank_accounts import propose_account, retire_account
from procurement.suppliers.actions.facts import retract_fact
from procurement.suppliers.actions.statuses import set_status
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.rules.bank_accounts import WAITING_PERIOD
from tests.procurement.orders.payments.account_steps import (
    DAY,
    SECOND,
    call_back,
    deposit_of,
    findings_in_effect,
    propose_payment_of,
)
from tests.procurement.refusals import assert_refused
from tests.worlds.completed_orders import LATE
from tests.worlds.need_to_order import AT, Story
from workflow.errors import Refused


def propose_new_account(story: Story, at: datetime = LATE, number: str = "HK 88 0001") -> BankAccount:
    """Propose another account of the company, from a letter that came after the contract."""
    officer = story.officer
    return propose_account(
        story.supplier,
        holder="Kanghu Trading DEMO",
        number=number,
        bank="Bank of Lagos DEMO",
        country="NG",
        proposed_by=officer.user,
        by=officer.by,
        at=at,
    )


# --- an account that changes after the contract -------------------------------------------------------------------
def test_bank_account_added_after_the_contract_blocks_payment_until_call_back_and_waiting_period(
    story: Story,
) -> None:
    order = story.placed(bank_account=story.account())
    fresh = propose_new_account(story)
    assert screen_account_changes(LATE) > 0
    (finding,) = findings_in_effect("account_after_contract")
    assert (finding.severity, finding.subject) == ("block", f"{order.reference} {fresh.pk}")
    assert fresh.masked_account_number in finding_sentence(finding.code, finding.figures)
    assert finding.lead.blocking_findings == 1
    with pytest.raises(Refused):
        answer_finding(
            finding, answer="They wrote it.", answered_by=story.verifier.user, by=story.verifier.by, at=LATE
        )
    with assert_refused("not_ready", deposit_of(order)):
        propose_payment_of(story, deposit_of(order))
    called = call_back(story, fresh, LATE + DAY)
    screen_account_changes(LATE + DAY)
    assert findings_in_effect("account_after_contract"), "it cools"
    assert screen_account_changes(LATE + DAY) == 0, "nothing more is to be looked at before it has cooled"
    cold = LATE + DAY + WAITING_PERIOD
    assert called.waiting_period_ends_at == cold
    screen_account_changes(cold)
    assert findings_in_effect("account_after_contract") == []
    assert propose_payment_of(story, deposit_of(order), cold).status == "proposed"


def test_retired_bank_account_is_not_reported_as_an_account_change(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    fresh = propose_new_account(story)
    screen_account_changes(LATE)
    retire_account(fresh, reason="They know nothing of it.", by=story.officer.by, at=LATE)
    screen_account_changes(LATE)
    assert findings_in_effect("account_after_contract") == []
    assert propose_payment_of(story, deposit_of(order)).status == "proposed"


def test_bank_account_added_after_the_contract_account_was_retired_is_reported_as_a_change(
    story: Story,
) -> None:
    first = story.account()
    story.placed(bank_account=first)
    retire_account(first, reason="They moved.", by=story.officer.by, at=LATE)
    fresh = propose_new_account(story)
    screen_account_changes(LATE)
    assert [one.subject.split()[1] for one in findings_in_effect("account_after_contract")] == [str(fresh.pk)]


def test_first_bank_account_of_a_supplier_is_not_reported_as_a_change(story: Story) -> None:
    order = story.placed()
    first = story.account(confirmed=False)
    screen_account_changes(LATE)
    assert findings_in_effect("account_after_contract") == []
    choose_account(order, first, reason="From the invoice.", by=story.officer.by, at=LATE)
    assert findings_in_effect("account_after_contract") == []


def test_payment_to_an_account_other_than_the_contracts_needs_a_new_call_back(story: Story) -> None:
    """The other account has long been confirmed, but for this order it is still a change."""
    mine, other = story.account(), propose_new_account(story, AT, "6222 0000 0000 9999")
    call_back(story, other, AT)
    order = story.placed(bank_account=mine)
    screen_account_changes(LATE)
    assert findings_in_effect("account_after_contract") == []
    choose_account(order, other, reason="They asked for it.", by=story.officer.by, at=LATE)
    (finding,) = findings_in_effect("account_after_contract")
    assert finding.subject.endswith(f" {other.pk}")
    with assert_refused("not_ready", deposit_of(order)) as caught:
        propose_payment_of(story, deposit_of(order))
    assert finding.reference in str(caught.value)
    call_back(story, other, LATE, again=True)
    screen_account_changes(LATE + WAITING_PERIOD)
    assert findings_in_effect("account_after_contract") == []
    assert propose_payment_of(story, deposit_of(order), LATE + WAITING_PERIOD).status == "proposed"


def test_returning_to_the_contract_account_settles_the_account_change_finding(story: Story) -> None:
    mine, other = story.account(), propose_new_account(story, AT, "6222 0000 0000 9999")
    call_back(story, other, AT)
    order = story.placed(bank_account=mine)
    choose_account(order, other, reason="They asked for it.", by=story.officer.by, at=LATE)
    choose_account(order, mine, reason="It was no letter of theirs.", by=story.officer.by, at=LATE)
    assert findings_in_effect("account_after_contract") == []


def test_cancelling_the_order_ends_its_account_change_finding(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    propose_new_account(story)
    screen_account_changes(LATE)
    cancel_order(order, reason="We trust them no more.", by=story.officer.by, at=LATE)
    assert findings_in_effect("account_after_contract") == []


def test_another_account_in_its_waiting_period_blocks_payments_of_the_order(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    call_back(story, propose_new_account(story), LATE)
    with assert_refused("account_in_waiting_period", deposit_of(order)):
        propose_payment_of(story, deposit_of(order), LATE + DAY)


def test_payments_are_blocked_until_the_last_waiting_account_of_the_supplier_is_ready(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    first = call_back(story, propose_new_account(story), LATE)
    last = call_back(story, propose_new_account(story, number="HK 88 0002"), LATE + DAY)
    assert first.waiting_period_ends_at is not None
    assert last.waiting_period_ends_at is not None
    ends = last.waiting_period_ends_at.isoformat()
    for at in (LATE + DAY, first.waiting_period_ends_at, last.waiting_period_ends_at - SECOND):
        (hold,) = payment_blocks_at(order, at)
        assert (hold.refusal.details["until"], hold.url) == (ends, story.supplier.get_absolute_url())
    assert payment_blocks_at(order, last.waiting_period_ends_at) == []
    others = story.company("黄埔制造 DEMO")
    BankAccount.objects.exclude(pk=order.bank_account_id).update(supplier=others)
    assert payment_blocks_at(order, LATE + DAY) == [], "an account of another company holds nothing"


def test_accounts_with_one_end_of_waiting_or_none_give_one_reason(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    for number in ("HK 88 0001", "HK 88 0002", "HK 88 0003"):
        last = call_back(story, propose_new_account(story, number=number), LATE)
    BankAccount.objects.filter(pk=last.pk).update(waiting_period_ends_at=None)
    (hold,) = payment_blocks_at(order, LATE)
    assert hold.refusal.details["until"] == (LATE + WAITING_PERIOD).isoformat()


def test_account_retired_during_its_waiting_period_blocks_no_payment(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    fresh = call_back(story, propose_new_account(story), LATE)
    assert len(payment_blocks_at(order, LATE)) == 1
    retire_account(fresh, reason="A forgery.", by=story.second_officer.by, at=LATE)
    assert payment_blocks_at(order, LATE) == []


def test_waiting_account_blocks_only_cities_that_know_it_or_pay_into_it(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    fresh = call_back(story, propose_new_account(story), LATE)
    BankAccount.objects.filter(pk=fresh.pk).update(cities=[0])
    assert payment_blocks_at(order, LATE) == []
    order.bank_account = fresh
    assert len(payment_blocks_at(order, LATE)) == 1


def test_each_unconfirmed_new_account_is_named_as_a_payment_block(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    both = [propose_new_account(story), propose_new_account(story, number="HK 88 0002")]
    told = payment_blocks(order)
    assert [(one.refusal.details["field"], one.refusal.details["account"], one.url) for one in told] == [
        ("bank_account", one.pk, f"{one.get_absolute_url()}confirm/") for one in both
    ]
    BankAccount.objects.filter(pk=both[0].pk).update(supplier=story.company("黄埔制造 DEMO"))
    call_back(story, both[1], LATE)
    assert payment_blocks(Order.objects.get(pk=order.pk)) == []


@pytest.mark.parametrize(
    ("account", "phone", "where"),
    [
        ({}, {}, ""),
        ({"status": "proposed"}, {}, "company"),
        ({"phone": None}, {}, "record_callback"),
        ({}, {"status": "retracted"}, "record_callback"),
        ({}, {"excluded_city_ids": ["here"]}, "record_callback"),
        ({}, {"excluded_city_ids": ["elsewhere"]}, ""),
    ],
)
def test_account_block_links_to_confirmation_when_no_phone_number_counts_for_the_city(
    story: Story, account: dict[str, object], phone: dict[str, object], where: str
) -> None:
    order = story.placed(bank_account=story.account())
    used = order.bank_account
    assert used is not None
    assert used.phone is not None
    if "excluded_city_ids" in phone:
        phone = {"excluded_city_ids": [order.city_id if phone["excluded_city_ids"] == ["here"] else 0]}
    for one, facts in ((used, account), (used.phone, phone)):
        for name, value in facts.items():
            setattr(one, name, value)
    again = f"{used.get_absolute_url()}record_callback/"
    urls = {"": [], "company": [order.supplier.get_absolute_url()], "record_callback": [again]}[where]
    told = payment_blocks(order)
    assert [(one.refusal.details["field"], one.url) for one in told] == [
        ("bank_account", url) for url in urls
    ]


def test_payment_is_blocked_until_a_bank_account_is_chosen(story: Story) -> None:
    order = story.placed()
    (hold,) = payment_blocks(order)
    assert (hold.refusal.details["field"], hold.url) == (
        "bank_account",
        f"{order.get_absolute_url()}use_account/",
    )


def test_payments_are_open_only_from_placed_to_completed_orders(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    free = []
    for status in Order.Status.values:
        one = Order.objects.get(pk=order.pk)
        one.status = status
        told = payment_blocks(one)
        assert [hold.url for hold in told] in ([], [order.get_absolute_url()])
        free += [] if told else [status]
    assert free == ["placed", "confirmed", "ready_to_ship", "completed"]


def test_payment_is_blocked_when_the_call_back_number_is_retracted(story: Story) -> None:
    account = story.account()
    order = story.placed(bank_account=account)
    assert account.phone is not None
    retract_fact(account.phone, reason="another company", by=story.officer.by, at=LATE)
    with assert_refused("not_ready", deposit_of(order)) as caught:
        propose_payment_of(story, deposit_of(order))
    assert "Call back on a number that a contact has confirmed." in str(caught.value)
    story.phone(story.supplier)
    call_back(story, account, LATE, again=True)
    assert propose_payment_of(story, deposit_of(order), LATE + WAITING_PERIOD).status == "proposed"


def test_order_without_an_account_has_no_call_back() -> None:
    assert not was_called_back_since(None, AT, LATE)


# --- everything else that holds money -----------------------------------------------------------------------------
def add_finding(order: Order, code: str = "price_four_times") -> Finding:
    lead = order.lines.get().allocation.lead
    return Finding.objects.create(
        lead=lead, city=order.city, code=code, severity="block", status="open", reference=f"FI-{code}", created_at=LATE,
        figures={"price": "1", "high": "2", "currency": "CAD", "account": "…0001"},
    )  # fmt: skip


def test_open_blocking_finding_blocks_payment_until_answered(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    finding = add_finding(order)
    deposit = deposit_of(order)
    with assert_refused("not_ready", deposit) as caught:
        propose_payment_of(story, deposit)
    assert caught.value.details["finding"] == finding.reference
    (hold,) = all_payment_blocks(deposit_of(order), LATE)
    assert hold.url == f"{finding.get_absolute_url()}answer/"
    answer_finding(
        finding,
        answer="It is twice as thick.",
        answered_by=story.verifier.user,
        by=story.verifier.by,
        at=LATE,
    )
    assert propose_payment_of(story, deposit_of(order)).status == "proposed"


def test_finding_covered_by_an_override_does_not_block_payment(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    finding = add_finding(order)
    Order.objects.filter(pk=order.pk).update(override_covers=[finding.reference])
    assert propose_payment_of(story, deposit_of(order)).status == "proposed"


def test_finding_that_cannot_be_overridden_blocks_payment_despite_an_override(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    elsewhere, listed = add_finding(order, "account_changed"), add_finding(order, "list_match")
    order.override_covers = [elsewhere.reference]
    (hold,) = payment_blocks(order)
    assert (hold.refusal.details["finding"], hold.url) == (elsewhere.reference, elsewhere.get_absolute_url())
    assert listed.code in WATCHLIST_CODES, "the match itself holds it, not the finding about it"


def test_upheld_finding_blocks_payment_and_links_to_the_finding(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    finding = add_finding(order)
    data = {"answer": "Too thin.", "answered_by": story.verifier.user, "answered_at": LATE}
    Finding.objects.filter(pk=finding.pk).update(status="upheld", **data)
    assert [hold.url for hold in payment_blocks(order)] == [finding.get_absolute_url()]


def test_payment_to_a_supplier_banned_today_is_blocked(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    judged = {
        "starts_on": AT.date(),
        "ends_on": (LATE - DAY).date(),
        "reason": "a fake",
        "by": story.officer.by,
    }
    set_status(story.supplier, story.city, "banned", at=AT, **judged)
    assert propose_payment_of(story, deposit_of(order)).status == "proposed"
    again = {**judged, "ends_on": None, "reason": "another fake"}
    set_status(story.supplier, story.city, "banned", at=LATE, **again)
    with assert_refused("kept_out", deposit_of(order)) as caught:
        record_payment(deposit_of(order), paid_on=LATE.date(), transfer="TT", by=story.approver.by, at=LATE)
    assert "another fake" in str(caught.value)


@pytest.mark.parametrize("status", ["approved", "on_watch"])
def test_payment_to_an_approved_or_watched_supplier_is_allowed(story: Story, status: str) -> None:
    order = story.placed(bank_account=story.account())
    facts = {"starts_on": AT.date(), "reason": "their last batch", "by": story.officer.by, "at": AT}
    set_status(story.supplier, story.city, status, **facts)
    assert payment_blocks_at(order, LATE) == []


def test_supplier_ban_blocks_payment_from_midnight_to_midnight_in_the_citys_time_zone(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    day = date(2020, 4, 30)
    ban = {"starts_on": day, "ends_on": day, "reason": "a fake", "by": story.officer.by, "at": AT}
    set_status(story.supplier, story.city, "banned", **ban)
    midnight, second = datetime(2020, 4, 30, tzinfo=order.city.zone), timedelta(seconds=1)
    for at, held in (
        (midnight - second, False),
        (midnight, True),
        (midnight + DAY - second, True),
        (midnight + DAY, False),
    ):
        found = payment_blocks_at(order, at.astimezone(UTC))
        assert [(one.refusal.code, one.url) for one in found] == [
            ("kept_out", story.supplier.get_absolute_url())
        ] * held
        assert all(one.refusal.details["status"] == "banned" for one in found)


def test_every_payment_block_is_listed_with_the_page_that_settles_it(story: Story) -> None:
    order = story.placed(bank_account=story.account(confirmed=False))
    finding = add_finding(order)
    set_status(
        story.supplier,
        story.city,
        "suspended",
        starts_on=AT.date(),
        reason="a fake",
        by=story.officer.by,
        at=AT,
    )
    told = all_payment_blocks(order.payments.get(milestone="against_documents"), LATE)
    assert [hold.refusal.details.get("finding", hold.refusal.code) for hold in told] == [
        "not_ready",
        finding.reference,
        "kept_out",
        "not_ready",
    ]
    assert all(hold.url.startswith("/") and str(hold.link_text) for hold in told)
    Payment.objects.filter(order=order).update(status="cancelled")
    assert all_payment_blocks(deposit_of(order), LATE) == []
