"""Tests that a contact's page offers only actions that succeed, and explains why others are closed."""

import pytest

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.leads.actions.leads import submit_answer
from procurement.leads.models.leads import SupplierLead
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.periodic import update_inquiries
from procurement.outreach.actions.replies import decline_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.requests import stop_request, withdraw_request
from procurement.verification.actions.assignment import accept_check, request_check
from procurement.verification.actions.checks import open_checks
from procurement.verification.actions.reports import return_report
from procurement.verification.models import VerificationTask
from tests.procurement.portal.by_link import open_link_page
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT, Story
from tests.worlds.reported_leads import report_by_provider, submitted_lead

pytestmark = pytest.mark.django_db
HELP, COLLEAGUE = "I replied that they cannot help", "Please ask my colleague"


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        assert story.officer
        edit_person(story.contact.user, PersonEdit(language="en"), by=CONSOLE_ACTOR, at=AT)
        story.colleague = cities.contact("zhongshan", "Chen Jing")
        story.line_asked = story.line(10_000)
        inquiry = draft_inquiry(
            story.line_asked.supply_request, story.contact, subject="Masks?", body="Dear Mr Li",
            author=story.officer.user, by=story.officer.by, at=AT,
        )  # fmt: skip
        story.asked = send_inquiry(inquiry, by=story.officer.by, at=AT)
        task = open_checks(submitted_lead(story), by=story.officer.by, at=AT)[0]
        story.task = request_check(task, story.contact, by=story.officer.by, at=AT)
        yield story


def inquiry_of(story) -> Inquiry:
    return Inquiry.objects.get(pk=story.asked.pk)


def task_of(story) -> VerificationTask:
    return VerificationTask.objects.get(pk=story.task.pk)


def link_targets(page) -> set[str]:
    """Return the targets of the page's own links."""
    return {where for _how, where in page.ways}


def answer_inquiry(story):
    submit_answer(
        inquiry_of(story), author=story.contact.user, by=own_link(story.contact), at=AT, line=story.line_asked,
        product=story.line_asked.product, supplier=story.supplier, stock_quantity=500,
    )  # fmt: skip


def pause_need(story):
    stop_request(story.line_asked.supply_request, reason="full", by=story.officer.by, at=AT)
    update_inquiries(AT)


def withdraw_need(story):
    withdraw_request(story.line_asked.supply_request, reason="none", by=story.officer.by, at=AT)


def answered_then_stopped(story):
    answer_inquiry(story)
    pause_need(story)


def answered_then_withdrawn(story):
    answer_inquiry(story)
    withdraw_need(story)


# The event meanwhile, the buttons that remain, True if an offer is accepted, and the text of the page.
QUESTIONS = [
    (lambda story: None, {"cannot", "colleague"}, True, ""),
    (answer_inquiry, set(), True, ""),
    (pause_need, {"cannot"}, False, "is not taking new offers for"),
    (answered_then_stopped, set(), False, "is not taking new offers for"),
    (answered_then_withdrawn, set(), False, "is no longer looking for these goods"),
    (
        lambda story: decline_inquiry(inquiry_of(story), by=own_link(story.contact), at=AT),
        set(), False, "You do not need to do anything more.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("meanwhile", "left", "taken", "says"), QUESTIONS)
def test_inquiry_page_offers_open_actions_and_explains_closed_ones(story, meanwhile, left, taken, says):
    page = open_link_page(inquiry_of(story))
    meanwhile(story)
    page = page.browser.open(f"/a/{story.asked.reference}/")
    offered_here = {
        way for way in ("cannot", "colleague") if f"/a/{story.asked.reference}/{way}/" in link_targets(page)
    }
    assert offered_here == left
    assert ("Check and send" in page.buttons) == taken
    assert says in page


@pytest.mark.parametrize("meanwhile", [pause_need, withdraw_need])
def test_contact_writing_while_the_need_is_paused_is_told_and_keeps_the_text(story, meanwhile):
    page = open_link_page(inquiry_of(story))
    check = page.press("Check and send", supplier="Anjie DEMO", stock="500", remark="soon")
    meanwhile(story)
    before = SupplierLead.objects.count()
    refused = check.press("Send")
    assert refused.status == 422
    assert "Burnaby" in refused.alert
    assert refused.value("remark") == "soon"
    assert SupplierLead.objects.count() == before


CHECKS = [
    ("requested", {"cannot", "colleague"}, True),
    ("in_progress", {"cannot", "colleague"}, False),
    ("returned", {"cannot"}, False),
    ("submitted", set(), False),
]


@pytest.mark.parametrize(("status", "left", "take"), CHECKS)
def test_check_page_offers_open_actions_by_status(story, status, left, take):
    page = open_link_page(task_of(story))
    if status == "in_progress":
        accept_check(task_of(story), by=own_link(story.contact), at=AT)
    if status in ("submitted", "returned"):
        report_by_provider(story, task_of(story), again=True)
    if status == "returned":
        return_report(task_of(story), question="Which lot?", by=story.officer.by, at=AT)
    page = page.browser.open(f"/c/{story.task.reference}/")
    assert task_of(story).status == status
    offered_here = {
        way for way in ("cannot", "colleague") if f"/c/{story.task.reference}/{way}/" in link_targets(page)
    }
    assert offered_here == left
    assert ("Accept the check" in page.buttons) == take
    assert ("Check and send" in page.buttons) == (status != "submitted")


def test_accepting_a_check_twice_says_so_and_still_shows_the_form(story):
    page = open_link_page(task_of(story))
    accept_check(task_of(story), by=own_link(story.contact), at=AT)
    late = page.press("Accept the check")
    assert late.status == 409
    assert "Check and send" in late.buttons
