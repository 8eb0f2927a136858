"""Additions to a message when it is sent: a fresh link, a six-digit code, and the unsubscribe address."""

from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.actions.links import create_message_link_or_code, verify_email_code
from accounts.models import ActionLink, EmailCode
from accounts.tokens import token_matches, unsubscribe_token, unsubscribed_user_id
from tests.accounts import linked_pages
from tests.accounts.conftest import issue, path_of
from tests.worlds.cities import NOW, REAL_NOW
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db


def message(person, **facts) -> Message:
    """Return an unsaved message to the person, as the sender passes it to `create_message_link_or_code`."""
    return Message(
        id=uuid4(), recipient=person, thing_label=linked_pages.LINKED_OBJECT, thing_id=7, city_id=3, **facts
    )


def test_every_message_contains_unsubscribe_address_of_recipient(person):
    filled = create_message_link_or_code(message(person), at=NOW, real_at=REAL_NOW)
    assert filled.link == ""
    assert unsubscribed_user_id(path_of(filled.unsubscribe_url).split("/")[2]) == person.pk


@pytest.mark.parametrize("link", [{}, {"purpose": "answer"}, {"purpose": "code"}])
def test_unsubscribe_address_of_notification_stops_that_notification_kind(person, real_time, link):
    sent = message(person, link=link)
    sent.thing_id = issue(person).link.pk
    filled = create_message_link_or_code(sent, at=NOW, real_at=REAL_NOW, kind="comments")
    address = reverse("stop_kind", args=[unsubscribe_token(person.pk, "comments")])
    assert filled.unsubscribe_url == f"http://localhost:8000{address}"


def test_answer_link_is_created_when_message_is_sent(person):
    sent = message(person, link={"purpose": "answer"})
    filled = create_message_link_or_code(sent, at=NOW, real_at=REAL_NOW)
    link = ActionLink.objects.get()
    assert token_matches(path_of(filled.link).split("/")[2], link.digest)
    assert (link.thing_label, link.thing_id, link.city_id, link.message_id) == (
        linked_pages.LINKED_OBJECT,
        7,
        3,
        sent.pk,
    )


def test_message_link_can_point_to_record_other_than_its_subject(person):
    wanted = {"purpose": "my-page", "thing_label": "partners.city", "thing_id": 9, "city_id": None}
    create_message_link_or_code(message(person, link=wanted), at=NOW, real_at=REAL_NOW)
    link = ActionLink.objects.get()
    assert (link.purpose, link.thing_label, link.thing_id, link.city_id) == (
        "my-page",
        "partners.city",
        9,
        None,
    )


def test_code_is_generated_when_its_message_is_sent(person, real_time):
    link, _other = issue(person).link, issue(person)
    sent = message(person, link={"purpose": "code"})
    sent.thing_label, sent.thing_id = "accounts.actionlink", link.pk
    digits = create_message_link_or_code(sent, at=NOW, real_at=REAL_NOW).link
    assert EmailCode.objects.get().link == link
    assert verify_email_code(link, digits, at=NOW, real_at=REAL_NOW)
