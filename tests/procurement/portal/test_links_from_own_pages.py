"""Tests of opening a request from a contact's own pages, which leads them to their own items only."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ActionLink, User
from partners.contacts.models import Contact
from procurement.outreach.models.inquiries import Inquiry
from procurement.verification.models import VerificationTask
from tests.procurement.outreach.test_inquiries import sent_inquiry
from tests.worlds import cities
from tests.worlds.checks import requested_check
from tests.worlds.need_to_order import Story


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened_page_url(person: Contact, thing: Inquiry | VerificationTask) -> str:
    """Return the page to which a signed-in contact comes from the list of their requests, "" if there is none."""
    url = f"portal_open_{'inquiry' if isinstance(thing, Inquiry) else 'check'}"
    client = signed_in(person.user)
    answer = client.post(reverse(url, args=[thing.reference]))
    assert answer.status_code in (303, 404)
    if answer.status_code == 404:
        return ""
    assert client.get(answer["Location"]).status_code == 200
    return answer["Location"]


@pytest.fixture
def colleague(story: Story) -> Contact:
    """Return a contact in the same place, who was asked something else."""
    other = cities.contact("zhongshan", "Zhao Min")
    sent_inquiry(story, contact=other)
    return other


def test_contact_opens_their_own_inquiry_and_no_other(story: Story, colleague: Contact) -> None:
    inquiry = sent_inquiry(story)
    assert opened_page_url(inquiry.contact, inquiry) == reverse("portal_inquiry", args=[inquiry.reference])
    assert opened_page_url(colleague, inquiry) == ""
    link = ActionLink.objects.get(user=inquiry.contact.user, thing_id=inquiry.pk)
    assert (link.purpose, link.thing_label, link.city_id) == ("answer", "procurement.inquiry", story.city.pk)
    assert link.expires_at is not None
    assert link.expires_at - link.created_at == timedelta(days=1)


def test_introducing_contact_opens_the_inquiry_for_consent_before_it_is_sent(
    story: Story, colleague: Contact
) -> None:
    inquiry = sent_inquiry(story)
    Inquiry.objects.filter(pk=inquiry.pk).update(
        introducer=colleague, status="awaiting_consent", sent_at=None
    )
    assert opened_page_url(colleague, inquiry) == reverse("portal_introduction", args=[inquiry.reference])
    assert opened_page_url(inquiry.contact, inquiry) == ""


def test_contact_opens_their_own_check_until_it_is_cancelled(story: Story, colleague: Contact) -> None:
    task = requested_check(story)
    assert opened_page_url(task.contact, task) == reverse("portal_check", args=[task.reference])
    assert opened_page_url(colleague, task) == ""
    VerificationTask.objects.filter(pk=task.pk).update(status="cancelled")
    assert opened_page_url(task.contact, task) == ""
