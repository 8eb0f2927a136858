"""Shared diligence: whose check may be lent, for how long, what either side learns, and when a lent one no longer stands."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from procurement.leads import actions as leads
from procurement.leads import anew
from procurement.suppliers import actions as suppliers
from procurement.verification import actions
from procurement.verification.models import Check, Reuse, VerificationTask
from procurement.verification.rules import sharing
from tests import world
from tests.procurement.refusals import refused
from tests.procurement.story import AT, LATER, Story
from tests.procurement.verification import lending
from workflow.actors import CLOCK
from workflow.models import Entry

LICENCE = Check.BUSINESS_LICENCE


def ours(reuse: Reuse) -> VerificationTask:
    return VerificationTask.objects.get(pk=reuse.task_id)


@pytest.mark.parametrize("check", Check.values)
def test_each_kind_says_for_how_many_days_it_may_be_lent(check):
    days = sharing.valid_days(check, AT.date())
    assert (days > 0) == (check != Check.PRICE), "a price is explained to the city it was asked of"
    assert sharing.valid_days(check, date(2019, 12, 31)) == 0, "the rule has a first day"


def test_a_check_is_offered_on_its_last_day_and_not_on_the_next(story):
    task = lending.licence(story)
    last = AT + timedelta(days=sharing.valid_days(LICENCE, AT.date()))
    origin = actions.reusable(task, last - timedelta(seconds=1))
    assert origin is not None
    assert (origin.city, origin.check_kind) == (story.city, LICENCE)
    assert sharing.valid_until(origin, AT.date()) == last.date()
    assert actions.reusable(task, last + timedelta(seconds=1)) is None
    assert sharing.valid_until(task, AT.date()) is None, "it is not accepted"


def test_only_an_accepted_check_of_the_same_company_and_goods_by_another_city_is_offered(story):
    lead = story.lead(story.line())
    _other, tasks = lending.markham(story, model="AL-S9", stock_quantity=20_000)
    assert actions.reusable(tasks[LICENCE], AT) is not None, "a licence is about no goods"
    assert actions.reusable(tasks[Check.VISIT], AT) is None, "another model was looked at"
    own = actions.propose(lead, Check.BANK, by=story.officer.by, at=AT)
    assert actions.reusable(own, AT) is None, "nobody has looked at the account"
    VerificationTask.objects.filter(lead=lead, check_kind=LICENCE).update(
        supplier=story.company("另一家 DEMO")
    )
    assert actions.reusable(tasks[LICENCE], AT) is None
    nothing = actions.propose(
        tasks[LICENCE].lead, Check.PRICE, by=world.powers_for(_other.officer.user), at=AT
    )
    assert actions.reusable(nothing, AT) is None


def test_the_same_goods_are_the_same_product_model_standard_and_certificate():
    def check(kind="sample_test", certificate=None, **goods):
        lead = SimpleNamespace(**{"product_id": 1, "model": "A", "standard_id": 2, **goods})
        return SimpleNamespace(check_kind=kind, certificate_id=certificate, lead=lead)

    assert sharing.fits(check(), check())
    for other in ({"product_id": 9}, {"model": "B"}, {"standard_id": 3}, {"certificate": 7}):
        assert not sharing.fits(check(), check(**other))
    assert sharing.fits(check("bank_account"), check("bank_account", product_id=9))


def test_one_asks_agrees_and_it_counts_as_an_accepted_check_of_the_other_city(story):
    reuse = lending.asked(story)
    lead = reuse.task.lead
    lead.refresh_from_db()
    before = lead.checks_open
    assert (reuse.city, reuse.status, reuse.origin.city) == (story.city, "asked", story.city)
    actions.agree(reuse, by=story.officer.by, at=LATER)
    task = ours(reuse)
    assert (reuse.status, reuse.answered_by, reuse.answered_at) == ("agreed", story.officer.user, LATER)
    assert (task.status, task.reused_from, task.contact) == ("accepted", reuse.origin, None)
    assert (task.judged_by, task.judged_at) == (reuse.author, LATER)
    lead.refresh_from_db()
    assert (lead.checks_open, lead.checks_accepted, lead.checks_by_others) == (before - 1, 1, 1)


def test_what_whoever_brought_the_offer_made_for_another_city_is_no_second_pair_of_eyes(story):
    story.lead(story.line())
    other, tasks = lending.markham(story, contact=story.checker)
    who = {"by": other.officer.by, "at": AT}
    reuse = actions.ask_for_reuse(tasks[LICENCE], author=other.officer.user, **who)
    actions.agree(reuse, by=story.officer.by, at=AT)
    lead = tasks[LICENCE].lead
    lead.refresh_from_db()
    assert (lead.checks_accepted, lead.checks_by_others) == (1, 0)


def test_a_city_that_would_rather_not_is_not_asked_again_and_nothing_counts(story):
    reuse = lending.refused_politely(story)
    assert (reuse.status, reuse.answered_by) == ("refused", story.verifier.user)
    task = ours(reuse)
    assert (task.status, task.reused_from) == ("proposed", None)
    with refused("nothing_to_share", task):
        actions.ask_for_reuse(task, author=reuse.author, by=world.powers_for(reuse.author), at=AT)


def test_nobody_sees_whose_it_is_but_the_city_that_is_asked(story):
    reuse = lending.asked(story)
    asker = world.powers_for(reuse.author)
    assert list(Reuse.objects.visible_to(story.observer.by)) == [reuse]
    assert list(Reuse.objects.open_to(frozenset({story.city.pk}))) == [reuse]
    for by in (asker, world.powers("coordinator"), world.own_link(story.checker)):
        assert not Reuse.objects.visible_to(by).exists()
    entry = Entry.objects.get(thing_label="procurement.reuse", verb="ask")
    assert entry.city_id == story.city.pk, "its history is the asked city's alone"


def test_who_may_not_give_checks_out_or_has_an_interest_neither_asks_nor_answers(story):
    task = lending.licence(story)
    markham = task.city
    for role in ("observer", "logistics"):
        user = world.member(role, markham)
        with refused("not_allowed", task):
            actions.ask_for_reuse(task, author=user, by=world.powers_for(user), at=AT)
    user = world.member("verifier", markham)
    suppliers.declare_interest(story.supplier, user, by=world.powers_for(user), at=AT)
    with refused("not_allowed", task):
        actions.ask_for_reuse(task, author=user, by=world.powers_for(user), at=AT)
    asker = world.member("officer", markham)
    reuse = actions.ask_for_reuse(task, author=asker, by=world.powers_for(asker), at=AT)
    suppliers.declare_interest(story.supplier, story.officer.user, by=story.officer.by, at=AT)
    with refused("not_allowed", reuse):
        actions.agree(reuse, by=world.powers_for(story.officer.user), at=AT)
    assert reuse.contact == story.checker
    assert reuse.lead == reuse.origin.lead


def test_nothing_is_asked_for_where_there_is_nothing_and_nothing_old_is_lent(story):
    _other, tasks = lending.markham(story)
    with refused("nothing_to_share", tasks[LICENCE]):
        actions.ask_for_reuse(tasks[LICENCE], author=_other.officer.user, by=_other.officer.by, at=AT)
    reuse = lending.asked(Story())
    late = AT + timedelta(days=sharing.valid_days(LICENCE, AT.date()) + 1)
    with refused("not_ready", reuse):
        actions.agree(reuse, by=story.officer.by, at=late)
    assert actions.settle_shared(late) == 1
    reuse.refresh_from_db()
    assert reuse.status == "cancelled"


def test_what_is_no_longer_needed_is_taken_back_by_itself(story):
    reuse = lending.asked(story)
    assert actions.settle_shared(AT) == 0
    actions.offer(ours(reuse), story.contact, by=world.powers_for(reuse.author), at=AT)
    with refused("not_ready", reuse):
        actions.agree(reuse, by=story.officer.by, at=AT)
    assert actions.settle_shared(AT) == 1
    reuse.refresh_from_db()
    assert reuse.status == "cancelled"


def test_a_lent_check_falls_with_the_one_it_rests_on_and_the_offer_is_checked_again(story):
    reuse = lending.agreed(story)
    lead, other = reuse.task.lead, Story("markham")
    for task in lead.checks.filter(status="proposed"):
        other.report(task)
    lead.refresh_from_db()
    verifier = world.member("verifier", lead.city)
    leads.verify(lead, verifier=verifier, by=world.powers_for(verifier), at=AT)
    assert actions.settle_shared(AT) == 0
    actions.outdate(reuse.origin, by=CLOCK, at=LATER)
    assert actions.settle_shared(LATER) == 1
    lead.refresh_from_db()
    assert ours(reuse).status == "outdated"
    assert lead.status == "checking"
    again = lead.checks.get(status="proposed")
    assert (again.check_kind, again.reused_from, again.why) == (LICENCE, None, "again")


def test_a_lent_check_falls_and_an_offer_that_is_being_checked_anyway_stays_so(story):
    reuse = lending.agreed(story)
    actions.outdate(reuse.origin, by=CLOCK, at=LATER)
    assert actions.settle_shared(LATER) == 1
    reuse.task.lead.refresh_from_db()
    assert (ours(reuse).status, reuse.task.lead.status) == ("outdated", "checking")


def test_a_lent_check_falls_when_the_facts_of_the_company_change(story):
    reuse = lending.agreed(story)
    change = suppliers.propose_change(
        story.supplier, "correct", {"address": "Another street 1"}, reason="It moved.", author=story.officer.user,
        by=story.officer.by, at=LATER,
    )  # fmt: skip
    suppliers.accept_change(change, decided_by=reuse.author, by=world.powers_for(reuse.author), at=LATER)
    anew.settle(LATER)
    actions.settle(LATER)
    assert ours(reuse).status == "outdated"
