"""What a notice asks for may be done elsewhere: once the offer is over or the need is covered, it asks no more."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners.actions import delegations
from partners.actions.people import suggest_change
from procurement import tasks
from procurement.leads.actions import deciding, findings, offers
from procurement.leads.models.finding import Finding
from procurement.leads.rules.findings import NOT_ANSWERED, answerable
from procurement.leads.screening.sentences import LATER, SENTENCES
from procurement.leads.screening.values import Found
from procurement.outreach.actions import answering, writing
from procurement.outreach.actions.asking import send
from procurement.requests.actions import needs
from procurement.verification.actions import asking
from procurement.verification.actions.asking import request_check
from procurement.verification.actions.opening import open_checks
from tests import world
from tests.procurement.api.program import Program
from tests.procurement.notices.test_settled import page
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from tests.world import own_link, powers_by_link_to
from workflow import clock
from workflow.actors import CLOCK
from workflow.models.bell import InAppNotice
from workflow.models.post import Message

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(hours=1)


@pytest.fixture
def story(db) -> Voyage:
    voyage = Voyage("richmond")
    voyage.practise()
    world.twinning(voyage.city, voyage.abroad)
    yield voyage
    clock.forget()


def offered(story):
    line = story.line(4_000)
    lead = offers.draft(
        story.city, author=story.officer.user, by=story.officer.by, at=AT, line=line, product=line.product,
        supplier=story.supplier, contact=story.contact, stock_quantity=4_000, kind="sale",
    )  # fmt: skip
    return offers.offer(lead, by=story.officer.by, at=AT)


def blocked(lead, code: str = "capacity_missing") -> Finding:
    """What screening finds in an offer and blocks it."""
    figures = dict.fromkeys(re.findall(r"%\((\w+)\)", str((SENTENCES | LATER)[code])), "1")
    findings.find(lead, [Found(code=code, severity="block", figures=figures)], at=AT, only=frozenset({code}))
    return Finding.objects.get(lead=lead, code=code)


def unread(user, thing) -> bool:
    """Whether the bell still counts a notice about this thing."""
    return InAppNotice.objects.about(thing).filter(recipient=user).unread().exists()


class TestFindings:
    def ended(self, story, lead, how: str) -> None:
        if how == "expire":
            deciding.expire(lead, by=CLOCK, at=SOON)
        else:
            getattr(deciding, how)(lead, reason="A trader.", by=story.officer.by, at=SOON)

    @pytest.mark.parametrize("how", ["reject", "withdraw", "expire"])
    def test_nobody_is_asked_to_answer_what_was_found_in_an_offer_that_is_over(self, story, how):
        lead = offered(story)
        finding, keeper = blocked(lead), story.officer.user
        tasks.announce(AT)
        (mail,) = Message.objects.about(finding)
        assert unread(keeper, finding)
        self.ended(story, lead, how)
        assert "Settled." in page(keeper)
        tasks.announce(SOON)
        assert not unread(keeper, finding)
        tasks.deliver(mail.next_try_at)
        mail.refresh_from_db()
        assert mail.state == Message.State.CANCELLED

    @pytest.mark.parametrize("code", sorted(NOT_ANSWERED))
    def test_what_no_answer_lifts_is_said_to_be_lifted_in_its_own_way(self, story, code):
        finding = blocked(offered(story), code)
        tasks.announce(AT)
        (mail,) = Message.objects.about(finding)
        for told in (mail.body, Program(story.officer.user).get("notices/")["results"][0]["says"]):
            assert "Answer it in writing" not in told
            assert str(answerable(finding)) in told

    def test_what_an_answer_lifts_asks_for_it(self, story):
        finding = blocked(offered(story))
        tasks.announce(AT)
        (mail,) = Message.objects.about(finding)
        assert "Answer it in writing, or uphold it." in mail.body


class TestNeeds:
    def test_once_the_need_is_over_nobody_else_has_to_be_asked(self, story):
        asked, keeper = story.asked(story.line()), story.officer.user
        answering.decline(asked, by=own_link(story.contact), at=AT)
        tasks.run(AT)
        assert unread(keeper, asked)
        needs.withdraw(asked.supply_request, reason="Enough.", by=story.officer.by, at=SOON)
        assert "Settled." in page(keeper)
        tasks.run(SOON)
        assert not unread(keeper, asked)
        assert "Settled: " in page(keeper)

    def test_once_the_need_is_covered_nobody_else_has_to_be_asked_until_more_is_needed(self, story):
        line, keeper = story.line(10_000), story.officer.user
        asked = story.asked(line)
        answering.decline(asked, by=own_link(story.contact), at=AT)
        tasks.run(AT)
        assert unread(keeper, asked)
        lead = story.lead(line, stock=10_000)
        tasks.run(SOON)
        assert not unread(keeper, asked)
        deciding.reject(lead, reason="A trader.", by=story.officer.by, at=SOON)
        tasks.run(SOON + timedelta(minutes=1))
        assert unread(keeper, asked)

    def test_an_answer_waits_until_its_offer_is_taken_up(self, story):
        line, keeper = story.line(), story.officer.user
        asked = story.asked(line)
        lead = offers.answer(
            asked, author=story.contact.user, by=powers_by_link_to(story.contact, asked), at=AT,
            line=line, product=line.product, supplier=story.supplier, stock_quantity=4_000, kind="donation",
        )  # fmt: skip
        tasks.run(AT)
        assert "Look at the offer." in page(keeper)
        assert unread(keeper, asked)
        open_checks(lead, by=story.officer.by, at=SOON)
        assert "Settled." in page(keeper)
        tasks.run(SOON)
        assert not unread(keeper, asked)

    def test_a_check_that_cannot_be_done_is_asked_of_nobody_else_once_the_need_is_over(self, story):
        lead, keeper = offered(story), story.officer.user
        task = open_checks(lead, by=story.officer.by, at=AT)[0]
        request_check(task, story.checker, by=story.officer.by, at=AT)
        asking.decline(task, remark="No.", by=own_link(story.checker), at=AT)
        tasks.announce(AT)
        assert unread(keeper, task)
        needs.withdraw(lead.line.supply_request, reason="Enough.", by=story.officer.by, at=SOON)
        assert "Settled." in page(keeper)
        tasks.announce(SOON)
        assert not unread(keeper, task)


@pytest.mark.parametrize("verb", ["decline", "answer"])
def test_the_page_asks_no_more_of_the_database_for_many_such_notices(
    story, verb, django_assert_max_num_queries
):
    lines = [story.line() for _number in range(4)]
    questions = [
        send(
            writing.propose(
                line.supply_request, story.contact, subject="s", body="b", author=story.officer.user,
                by=story.officer.by, at=AT, chosen_because="The nearest.",
            ),
            by=story.officer.by, at=AT,
        )
        for line in lines
    ]  # fmt: skip
    for line, asked in zip(lines, questions, strict=True):
        by = powers_by_link_to(story.contact, asked)
        if verb == "decline":
            answering.decline(asked, by=by, at=AT)
        else:
            offers.answer(
                asked, author=story.contact.user, by=by, at=AT, line=line, product=line.product,
                supplier=story.supplier, stock_quantity=4_000, kind="donation",
            )  # fmt: skip
    tasks.announce(AT)
    browser = Client()
    browser.force_login(story.officer.user)
    browser.get("/notices/")
    with django_assert_max_num_queries(16) as made:
        browser.get("/notices/")
    asked = [query["sql"] for query in made.captured_queries]
    for read in ('"procurement_requestline"."supply_request_id"', '"procurement_supplierlead"."inquiry_id"'):
        assert sum(f"WHERE {read} " in sql for sql in asked) <= 1, asked


def asked_for(user) -> int:
    """How often the page asks the database."""
    browser = Client()
    browser.force_login(user)
    browser.get("/notices/")
    with CaptureQueriesContext(connection) as made:
        browser.get("/notices/")
    return len(made)


def test_the_page_reads_the_cities_that_many_suggestions_name_at_once(story):
    keeper = world.member("administrator", story.contact.city)
    suggest_change(story.contact, by=story.officer.by, at=AT, reason="The title.")
    tasks.announce(AT)
    one = asked_for(keeper)
    for name in ("Zhao Lan", "Sun Yi", "He Min"):
        contact = world.contact(story.abroad, name)
        suggest_change(contact, by=story.officer.by, at=AT, reason="The title.")
    tasks.announce(AT)
    assert InAppNotice.objects.filter(recipient=keeper, entry__verb="suggest_change").count() == 4
    assert asked_for(keeper) == one


def test_the_page_reads_the_people_of_many_leaves_to_approve_at_once(story):
    today, deputy = story.city.day_at(AT), story.logistics.user
    counts = []
    for _number in range(3):
        approver = story.person("approver")
        delegations.delegate(
            story.city, deputy=deputy, starts_on=today, ends_on=today + timedelta(days=9), by=approver.by, at=AT
        )  # fmt: skip
        tasks.announce(AT)
        counts.append(asked_for(deputy))
    assert len(set(counts)) == 1, counts
