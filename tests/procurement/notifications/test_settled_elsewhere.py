"""Tests of notifications that need no answer any more because the offer has ended or the need is covered."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners.contacts.actions import suggest_change
from partners.memberships import actions
from procurement.allocations.actions import withdraw_lead
from procurement.leads.actions.decisions import expire_lead, reject_lead
from procurement.leads.actions.findings import record_findings
from procurement.leads.actions.leads import draft_lead, submit_answer, submit_lead
from procurement.leads.hooks import screening_rules
from procurement.leads.models.findings import Finding
from procurement.leads.rules.finding_transitions import finding_answer_refusal, is_settled_only_by_remedy
from procurement.leads.screening.offer_data import FindingData
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.replies import decline_inquiry
from procurement.requests.actions.requests import withdraw_request
from procurement.tasks import deliver_messages, plan_messages, run_tick
from procurement.verification.actions.assignment import decline_check, request_check
from procurement.verification.actions.checks import open_checks
from tests.procurement.api.program import Program
from tests.procurement.notifications.test_settled import page_html
from tests.worlds import cities
from tests.worlds.cities import own_link, powers_by_link_to
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.actors import SYSTEM
from workflow.clock import clear_instance_cache
from workflow.outbox.models import Message, Notification

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(hours=1)


@pytest.fixture
def story(db) -> Journey:
    voyage = Journey("richmond")
    voyage.practise()
    cities.twinning(voyage.city, voyage.partner_place)
    yield voyage
    clear_instance_cache()


def submitted_offer_of(story):
    line = story.line(4_000)
    lead = draft_lead(
        story.city, author=story.officer.user, by=story.officer.by, at=AT, line=line, product=line.product,
        supplier=story.supplier, contact=story.contact, stock_quantity=4_000, kind="sale",
    )  # fmt: skip
    return submit_lead(lead, by=story.officer.by, at=AT)


def add_blocking_finding(lead, code: str = "capacity_missing") -> Finding:
    """Return a blocking finding that screening raises about an offer."""
    figures = dict.fromkeys(re.findall(r"%\((\w+)\)", str(screening_rules.get()[code].message)), "1")
    record_findings(
        lead, [FindingData(code=code, severity="block", figures=figures)], at=AT, only=frozenset({code})
    )
    return Finding.objects.get(lead=lead, code=code)


def has_unread(user, thing) -> bool:
    """Return True if a notice about this object is still unread."""
    return Notification.objects.about(thing).filter(recipient=user).unread().exists()


def is_listed(user, thing) -> bool:
    """Return True if the reader's open notifications show this object."""
    return str(thing) in unescape(page_html(user))


def is_listed_as_settled(user, thing, how: str = "Settled.") -> bool:
    """Return True if only the list of all notifications shows this object, and says that it is settled."""
    everything = unescape(page_html(user, "/notifications/?show=all"))
    return not is_listed(user, thing) and str(thing) in everything and how in everything


class TestFindings:
    def ended(self, story, lead, how: str) -> None:
        if how == "expire":
            expire_lead(lead, by=SYSTEM, at=SOON)
        else:
            end = {"reject": reject_lead, "withdraw": withdraw_lead}[how]
            end(lead, reason="A trader.", by=story.officer.by, at=SOON)

    @pytest.mark.parametrize("how", ["reject", "withdraw", "expire"])
    def test_finding_notification_is_settled_when_its_offer_has_ended(self, story, how):
        lead = submitted_offer_of(story)
        finding, keeper = add_blocking_finding(lead), story.officer.user
        plan_messages(AT)
        (mail,) = Message.objects.about(finding)
        assert has_unread(keeper, finding) and is_listed(keeper, finding)
        self.ended(story, lead, how)
        assert is_listed_as_settled(keeper, finding)
        plan_messages(SOON)
        assert not has_unread(keeper, finding)
        deliver_messages(mail.next_try_at)
        mail.refresh_from_db()
        assert mail.state == Message.State.CANCELLED

    @pytest.mark.parametrize("code", sorted(filter(is_settled_only_by_remedy, screening_rules.get())))
    def test_finding_settled_elsewhere_is_announced_with_its_own_instruction(self, story, code):
        finding = add_blocking_finding(submitted_offer_of(story), code)
        plan_messages(AT)
        (mail,) = Message.objects.about(finding)
        for told in (mail.body, Program(story.officer.user).get("notifications/")["results"][0]["says"]):
            assert "Respond to the finding" not in told
            assert str(finding_answer_refusal(finding)) in told

    def test_finding_settled_by_an_answer_is_announced_with_a_request_to_respond(self, story):
        finding = add_blocking_finding(submitted_offer_of(story))
        plan_messages(AT)
        (mail,) = Message.objects.about(finding)
        assert "Respond to the finding, or uphold it." in mail.body


class TestNeeds:
    def test_declined_inquiry_notification_is_settled_when_the_need_ends(self, story):
        asked, keeper = story.asked(story.line()), story.officer.user
        decline_inquiry(asked, by=own_link(story.contact), at=AT)
        run_tick(AT)
        assert has_unread(keeper, asked) and is_listed(keeper, asked)
        withdraw_request(asked.supply_request, reason="Enough.", by=story.officer.by, at=SOON)
        assert is_listed_as_settled(keeper, asked)
        run_tick(SOON)
        assert not has_unread(keeper, asked)
        assert is_listed_as_settled(keeper, asked, "Settled: ")

    def test_declined_inquiry_notification_is_settled_while_the_need_is_covered(self, story):
        line, keeper = story.line(10_000), story.officer.user
        asked = story.asked(line)
        decline_inquiry(asked, by=own_link(story.contact), at=AT)
        run_tick(AT)
        assert has_unread(keeper, asked)
        lead = story.lead(line, stock=10_000)
        run_tick(SOON)
        assert not has_unread(keeper, asked)
        reject_lead(lead, reason="A trader.", by=story.officer.by, at=SOON)
        run_tick(SOON + timedelta(minutes=1))
        assert has_unread(keeper, asked)

    def test_answer_notification_is_settled_when_its_offer_is_taken_up(self, story):
        line, keeper = story.line(), story.officer.user
        asked = story.asked(line)
        lead = submit_answer(
            asked, author=story.contact.user, by=powers_by_link_to(story.contact, asked), at=AT,
            line=line, product=line.product, supplier=story.supplier, stock_quantity=4_000, kind="donation",
        )  # fmt: skip
        run_tick(AT)
        assert "Review the offer." in page_html(keeper)
        assert has_unread(keeper, asked) and is_listed(keeper, asked)
        open_checks(lead, by=story.officer.by, at=SOON)
        assert is_listed_as_settled(keeper, asked)
        run_tick(SOON)
        assert not has_unread(keeper, asked)

    def test_declined_check_notification_is_settled_when_the_need_ends(self, story):
        lead, keeper = submitted_offer_of(story), story.officer.user
        task = open_checks(lead, by=story.officer.by, at=AT)[0]
        request_check(task, story.checker, by=story.officer.by, at=AT)
        decline_check(task, remark="No.", by=own_link(story.checker), at=AT)
        plan_messages(AT)
        assert has_unread(keeper, task) and is_listed(keeper, task)
        withdraw_request(lead.line.supply_request, reason="Enough.", by=story.officer.by, at=SOON)
        assert is_listed_as_settled(keeper, task)
        plan_messages(SOON)
        assert not has_unread(keeper, task)


@pytest.mark.parametrize("verb", ["decline", "answer"])
def test_notification_page_reads_needs_and_offers_of_many_inquiries_at_once(
    story, verb, django_assert_max_num_queries
):
    lines = [story.line() for _number in range(4)]
    questions = [
        send_inquiry(
            draft_inquiry(
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
            decline_inquiry(asked, by=by, at=AT)
        else:
            submit_answer(
                asked, author=story.contact.user, by=by, at=AT, line=line, product=line.product,
                supplier=story.supplier, stock_quantity=4_000, kind="donation",
            )  # fmt: skip
    plan_messages(AT)
    browser = Client()
    browser.force_login(story.officer.user)
    browser.get("/notifications/")
    with django_assert_max_num_queries(16) as made:
        browser.get("/notifications/")
    asked = [query["sql"] for query in made.captured_queries]
    for read in ('"procurement_requestline"."supply_request_id"', '"procurement_supplierlead"."inquiry_id"'):
        assert sum(f"WHERE {read} " in sql for sql in asked) <= 1, asked


def page_query_count(user) -> int:
    """Return the number of queries of the page of notices."""
    browser = Client()
    browser.force_login(user)
    browser.get("/notifications/")
    with CaptureQueriesContext(connection) as made:
        browser.get("/notifications/")
    return len(made)


def test_notification_page_reads_cities_of_many_suggestions_at_once(story):
    keeper = cities.member("administrator", story.contact.city)
    suggest_change(story.contact, by=story.officer.by, at=AT, reason="The title.")
    plan_messages(AT)
    one = page_query_count(keeper)
    for name in ("Zhao Lan", "Sun Yi", "He Min"):
        contact = cities.contact(story.partner_place, name)
        suggest_change(contact, by=story.officer.by, at=AT, reason="The title.")
    plan_messages(AT)
    assert Notification.objects.filter(recipient=keeper, entry__verb="suggest_change").count() == 4
    assert page_query_count(keeper) == one


def test_notification_page_of_many_delegations_needs_no_further_queries(story):
    today, deputy = story.city.day_at(AT), story.logistics.user
    counts = []
    for _number in range(3):
        approver = story.person("approver")
        actions.delegate_approvals(
            story.city, deputy=deputy, starts_on=today, ends_on=today + timedelta(days=9), by=approver.by, at=AT
        )  # fmt: skip
        plan_messages(AT)
        counts.append(page_query_count(deputy))
    assert len(set(counts)) == 1, counts
