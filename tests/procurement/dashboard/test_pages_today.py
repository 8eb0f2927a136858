"""Tests of the start page ("Today"): a contact opens their requests from it, and its key figures link to lists."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ActionLink
from partners.memberships.actions import delegate_approvals
from procurement.leads.models.leads import SupplierLead
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.reminders import cancel_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import propose_check
from tests.browsing import Browser, words
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    clear_instance_cache()
    create_instance("practice", AT)
    cities.twinning("burnaby", "zhongshan")
    yield Story("burnaby")
    clear_instance_cache()


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def write_inquiry(story, *, send=True):
    inquiry = draft_inquiry(
        story.line(10_000).supply_request,
        story.contact,
        subject="能否协助？",
        body="您好！",
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    return send_inquiry(inquiry, by=story.officer.by, at=AT) if send else inquiry


def test_contact_finds_and_answers_an_inquiry_from_today(story):
    inquiry = write_inquiry(story)
    client = client_of(story.contact.user)
    page = client.get("/").content.decode()
    url = reverse("portal_open_inquiry", args=[inquiry.reference])
    assert url in page
    assert 'class="figures' not in page, "the figures of a city are nothing to a contact"

    answer = client.post(url)
    assert answer.status_code == 303
    assert answer["Location"] == reverse("portal_inquiry", args=[inquiry.reference])
    line = inquiry.supply_request.lines.get()
    offer = {
        "supplier": "中山口罩厂",
        "line": line.pk,
        "stock": "5 000",
        "confirmed": "1",
        "nonce": str(uuid4()),
    }
    response = client.post(answer["Location"], offer)
    lead = SupplierLead.objects.get(inquiry=inquiry)
    assert response["Location"] == reverse("portal_inquiry_receipt", args=[inquiry.reference, lead.reference])

    page = client.get("/").content.decode()
    assert url in page, "the answered question opens again from what was offered"
    assert lead.reference in page


def test_contact_opens_a_check_from_today(story):
    lead = story.lead(story.line(10_000))
    task = propose_check(lead, "sample_test", needed=False, by=story.officer.by, at=AT)
    request_check(task, story.contact, by=story.officer.by, at=AT)
    client = client_of(story.contact.user)
    url = reverse("portal_open_check", args=[task.reference])
    assert url in client.get("/").content.decode()
    answer = client.post(url)
    assert answer["Location"] == reverse("portal_check", args=[task.reference])
    assert client.get(answer["Location"]).status_code == 200


def test_viewing_today_creates_no_link_and_other_people_get_404(story):
    inquiry = write_inquiry(story)
    url = reverse("portal_open_inquiry", args=[inquiry.reference])
    assert client_of(story.contact.user).get(url).status_code == 405
    assert Client().post(url).status_code == 302
    other = cities.contact("wuhan").user
    for stranger in (story.officer.user, story.stranger.user, other):
        assert client_of(stranger).post(url).status_code == 404
    assert not ActionLink.objects.exists()


def test_draft_or_cancelled_inquiry_cannot_be_opened_from_today(story):
    client = client_of(story.contact.user)
    proposed = write_inquiry(story, send=False)
    assert client.post(reverse("portal_open_inquiry", args=[proposed.reference])).status_code == 404
    taken_back = cancel_inquiry(write_inquiry(story), reason="found", by=story.officer.by, at=AT)
    assert taken_back.status == Inquiry.Status.CANCELLED
    assert client.post(reverse("portal_open_inquiry", args=[taken_back.reference])).status_code == 404


def test_key_figure_names_and_links_its_list(story):
    story.line(1)
    page = client_of(cities.member("coordinator", None)).get("/").content.decode()
    assert ">Needs not fully covered: Burnaby</a>" in page


def test_delegate_who_sees_no_list_of_the_city_reads_zero_orders_waiting(story):
    deputy = cities.member("coordinator", story.city)
    delegate_approvals(
        story.city,
        deputy,
        starts_on=AT.date(),
        ends_on=AT.date() + timedelta(days=7),
        by=story.approver.by,
        at=AT,
    )
    page = Browser(deputy).open("/")
    figures = [words(one) for one in page.main.xpath(".//*[contains(@class, 'figures')]")]
    assert "Orders waiting for approval 0" in " ".join(figures)
