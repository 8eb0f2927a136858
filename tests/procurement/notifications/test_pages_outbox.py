"""Tests of the log of sent mail (outbox) on a real site, and of the parts that a city's people may see."""

import pytest
from django.test import Client
from django.urls import reverse

from procurement.notifications.builder import build_messages
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.journal.entries import history_of
from workflow.outbox import queue
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
ADDRESS = "/outbox/"


@pytest.fixture(autouse=True)
def real(db):
    clear_instance_cache()
    create_instance("real")


@pytest.fixture
def story():
    cities.twinning("burnaby", "zhongshan")
    return Story("burnaby")


@pytest.fixture
def mail_of_inquiry(story):
    """Return the mail of an inquiry that was sent to a contact."""
    facts = {"subject": "能否协助？", "body": "我们需要口罩。", "body_own": "We need masks."}
    made = draft_inquiry(
        story.line().supply_request,
        story.contact,
        **facts,
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    send_inquiry(made, by=story.officer.by, at=AT)
    queue.enqueue(build_messages(history_of(made).get(verb="send"), AT))
    return Message.objects.get(recipient=story.contact.user)


def outbox_seen_by(user) -> str:
    client = Client()
    client.force_login(user)
    session = client.session
    session["second_factor"] = True
    session.save()
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    return answer.content.decode()


def test_city_members_see_recipients_and_status_of_their_citys_mail(story, mail_of_inquiry):
    page = outbox_seen_by(story.officer.user)
    assert mail_of_inquiry.subject in page
    assert str(story.contact.user) in page
    assert "Planned" in page
    Message.objects.update(state="sent", sent_at=AT)
    assert "Sent" in outbox_seen_by(story.second_officer.user)


@pytest.mark.parametrize("role", ["officer", "administrator", "observer"])
def test_members_of_another_city_see_no_mail_in_the_outbox(mail_of_inquiry, role):
    other = cities.member(role, cities.city("markham"))
    page = outbox_seen_by(other.user if hasattr(other, "user") else other)
    assert mail_of_inquiry.subject not in page
    assert "No messages yet." in page


def test_outbox_page_shows_no_address_body_or_link(story, mail_of_inquiry):
    page = outbox_seen_by(story.officer.user)
    for kept in (mail_of_inquiry.address, "我们需要口罩", "{{ link }}"):
        assert kept not in page


def test_recipient_invisible_to_the_reader_is_not_named_in_the_outbox(story, mail_of_inquiry):
    stranger = cities.user("Somebody Elsewhere")
    Message.objects.filter(pk=mail_of_inquiry.pk).update(recipient=stranger)
    page = outbox_seen_by(story.officer.user)
    assert "Somebody Elsewhere" not in page
    assert "not visible to you" in page


def test_subject_about_an_object_invisible_to_the_reader_is_hidden_in_the_outbox(story, mail_of_inquiry):
    other = Story("markham")
    need = other.line().supply_request
    Message.objects.filter(pk=mail_of_inquiry.pk).update(
        thing_label="procurement.supplyrequest", thing_id=need.pk, subject="A secret of Markham"
    )
    page = outbox_seen_by(story.officer.user)
    assert "A secret of Markham" not in page


def test_every_person_sees_their_own_received_mail_in_the_outbox(story, mail_of_inquiry):
    reader = cities.member("observer", cities.city("markham"))
    user = reader.user if hasattr(reader, "user") else reader
    Message.objects.filter(pk=mail_of_inquiry.pk).update(recipient=user)
    assert mail_of_inquiry.subject in outbox_seen_by(user)


def test_menu_links_to_the_outbox(story):
    client = Client()
    client.force_login(story.observer.user)
    page = client.get(reverse("today")).content.decode()
    assert f'href="{ADDRESS}"' in page


@pytest.mark.parametrize("odd", ["0", "-1", "x", "99999", "２"])
def test_invalid_outbox_page_number_still_gets_200(story, odd):
    client = Client()
    client.force_login(story.observer.user)
    assert client.get(ADDRESS, {"page": odd}).status_code == 200
