"""Tests of a practice site's outbox: mail that waits for the recipient's morning, and its button to send it now."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from procurement.tasks import plan_messages
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow import clock
from workflow.clock import clear_instance_cache, create_instance
from workflow.installation_models import Instance
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(settings, tmp_path):
    settings.MAIL_DIR = tmp_path
    clear_instance_cache()
    create_instance("practice", AT)
    cities.twinning("burnaby", "zhongshan")
    yield Story("burnaby")
    clear_instance_cache()


@pytest.fixture
def client(story):
    browser = Client()
    browser.force_login(story.officer.user)
    return browser


def ask_at_night(story, client):
    """Ask through the page at nine in Vancouver, which is midnight in Zhongshan."""
    need = story.line(10_000).supply_request
    url = reverse("ask_contact", args=[need.reference, story.contact.pk])
    return client.post(
        url,
        {"subject": "能否协助？", "body": "您好！", "chosen_because": "", "nonce": str(uuid4())},
        follow=True,
    )


def test_officer_asking_at_night_is_told_when_the_letter_is_sent(story, client):
    page = ask_at_night(story, client).content.decode()
    assert "The email will be sent during the recipient’s working hours" in page
    assert "UTC+8" in page


def test_waiting_mail_is_in_the_practice_outbox_until_sent_now(story, client):
    ask_at_night(story, client)
    plan_messages(clock.now())
    message = Message.objects.filter(recipient=story.contact.user).latest("entry")
    assert message.next_try_at > clock.now()
    url = reverse("send_now", args=[message.pk])
    assert url in client.get(reverse("outbox")).content.decode()

    answer = client.post(url, follow=True)
    assert "The message is being sent" in answer.content.decode()
    message.refresh_from_db()
    assert message.next_try_at <= clock.now()
    assert client.get(url).status_code == 405

    Message.objects.filter(pk=message.pk).update(state=Message.State.CANCELLED)
    assert "already" in client.post(url, follow=True).content.decode()


def test_real_instance_cannot_send_mail_manually(story):
    client = Client()
    client.force_login(story.observer.user)  # a person who only reads needs no second factor there
    Instance.objects.update(kind="real", offset=timedelta())
    clear_instance_cache()
    assert client.post(reverse("send_now", args=[uuid4()])).status_code == 404
