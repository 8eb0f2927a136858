"""Who makes the goods, where an offer names it, is a company of the order: interests in it and a ban on it count (ADR 75)."""

from types import SimpleNamespace

from procurement.orders.actions import deciding
from procurement.orders.rules.gates import uninvolved_in
from procurement.orders.rules.holding import held_on, kept_out
from procurement.suppliers.actions import judgements
from procurement.suppliers.actions.judgements import declare_interest
from procurement.verification.rules import tasks
from procurement.verification.rules.sharing import may_ask
from tests.procurement.refusals import refused
from tests.procurement.story import AT, Story
from tests.world import own_link, powers_for


def test_whom_the_maker_concerns_decides_nothing_about_a_check_of_its_goods() -> None:
    lead = SimpleNamespace(maker_id=7)
    task = SimpleNamespace(supplier_id=1, lead=lead)
    by = SimpleNamespace(concerned=frozenset({7}), may=lambda power, thing: True)
    assert "interest" in str(tasks.uninvolved_in(by, task))
    assert "interest" in str(may_ask(by, SimpleNamespace(task=task)))
    by.concerned = frozenset({8})
    assert tasks.uninvolved_in(by, task) is None


def test_whom_the_maker_concerns_orders_none_of_its_goods_and_a_ban_on_it_holds_everything(
    story: Story,
) -> None:
    maker, me = story.company("黄埔制造 DEMO"), story.officer
    order = story.draft(story.promise(maker=maker))
    with_maker = order.lines.get().allocation.lead.checks.first()
    assert kept_out(order, AT.date()) is None
    declare_interest(maker, me.user, by=me.by, at=AT)
    declare_interest(maker, story.checker.user, by=own_link(story.checker), at=AT)
    assert tasks.disinterested(with_maker) is not None
    by = powers_for(me.user)
    assert "interest" in str(uninvolved_in(by, order))
    with refused("not_allowed", order):
        deciding.approve(order, by=by, at=AT)
    second = story.second_officer.by
    judgements.judge(maker, story.city, "banned", reason="fakes", starts_on=AT.date(), by=second, at=AT)
    assert "fakes" in str(kept_out(order, AT.date()))
    assert maker.get_absolute_url() in {hold.url for hold in held_on(order, AT)}
