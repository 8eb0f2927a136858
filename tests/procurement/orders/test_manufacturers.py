"""Tests that the manufacturer of an offer counts as a company of the order (ADR 75).

Declared interests in it and a ban on it both count.
"""

from types import SimpleNamespace

from procurement.orders.actions.approve import approve_order
from procurement.orders.payments.rules.blocks import barred_supplier_refusal, payment_blocks_at
from procurement.orders.rules.blockers import interest_in_order_refusal
from procurement.suppliers.actions.statuses import declare_interest, set_status
from procurement.verification.rules import tasks
from procurement.verification.rules.reuse import may_request_reuse
from tests.procurement.refusals import assert_refused
from tests.worlds.cities import own_link, powers_for
from tests.worlds.need_to_order import AT, Story


def test_person_with_an_interest_in_the_maker_cannot_decide_on_checks_of_its_goods() -> None:
    lead = SimpleNamespace(maker_id=7)
    task = SimpleNamespace(supplier_id=1, lead=lead)
    by = SimpleNamespace(companies_with_interest=frozenset({7}), may=lambda power, thing: True)
    assert "interest" in str(tasks.reviewer_interest_refusal(by, task))
    assert "interest" in str(may_request_reuse(by, SimpleNamespace(task=task)))
    by.companies_with_interest = frozenset({8})
    assert tasks.reviewer_interest_refusal(by, task) is None


def test_interest_in_or_ban_of_the_maker_blocks_the_order_and_its_payments(
    story: Story,
) -> None:
    maker, me = story.company("黄埔制造 DEMO"), story.officer
    order = story.draft(story.promise(maker=maker))
    with_maker = order.lines.get().allocation.lead.checks.first()
    assert barred_supplier_refusal(order, AT.date()) is None
    declare_interest(maker, me.user, by=me.by, at=AT)
    declare_interest(maker, story.checker.user, by=own_link(story.checker), at=AT)
    assert tasks.contact_interest_refusal(with_maker) is not None
    by = powers_for(me.user)
    assert "interest" in str(interest_in_order_refusal(by, order))
    with assert_refused("not_allowed", order):
        approve_order(order, by=by, at=AT)
    second = story.second_officer.by
    set_status(maker, story.city, "banned", reason="fakes", starts_on=AT.date(), by=second, at=AT)
    assert "fakes" in str(barred_supplier_refusal(order, AT.date()))
    assert maker.get_absolute_url() in {hold.url for hold in payment_blocks_at(order, AT)}
