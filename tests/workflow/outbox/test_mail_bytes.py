"""Headers and body of a mail as the server receives them."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from tests.workflow.conftest import AT
from workflow.outbox import delivery
from workflow.outbox.delivery import DeliveryHooks, MessageContent

pytestmark = pytest.mark.django_db
ADDRESSES = [
    f"https://{host}/stop/{'a1:' * length}/"
    for host in ("t.example", "kit.city.example")
    for length in (1, 9, 60, 300)
]


def mail_bytes(office, sink, plan, filled, **facts) -> bytes:
    """Send one mail over a socket and return its bytes."""
    plan(**facts)
    hooks = DeliveryHooks(
        is_relevant=lambda message: True,
        build_content=lambda message: filled,
        on_bounce=office.bounced.append,
        on_give_up=office.given_up.append,
    )
    assert delivery.deliver(10, AT, hooks, pace=timedelta()).sent_count == 1
    return sink.raw[-1]


def header(raw: bytes, name: str) -> str:
    """Return the value of a header.

    A line break before a space is not part of the value (RFC 5322, 2.2.3).
    """
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii") + "\r\n"
    (found,) = re.findall(rf"(?mi)^{name}:((?:.*\r\n)(?:[ \t].*\r\n)*)", head)
    return found.replace("\r\n", "").strip()


@pytest.mark.parametrize("address", ADDRESSES)
def test_unsubscribe_address_is_sent_unbroken_whatever_its_length(office, sink, plan, address):
    raw = mail_bytes(
        office, sink, plan, MessageContent(unsubscribe_url=address), subject="请帮忙找口罩 " * 12
    )
    assert header(raw, "List-Unsubscribe") == f"<{address}>"
    assert header(raw, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert max(len(line) for line in raw.split(b"\r\n")) < 998
    assert sink.got[-1]["Subject"].startswith("请帮忙找口罩")
    assert address in sink.got[-1].get_content()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "To unsubscribe from these emails, open:"),
        ("fr-ca", "Pour ne plus recevoir ces courriels, ouvrez\xa0:"),
        ("zh-hans", "如需退订此类邮件，请打开："),
    ],
)
def test_mail_body_names_the_unsubscribe_address_in_the_readers_language(office, sink, plan, language, words):
    raw = mail_bytes(office, sink, plan, MessageContent(unsubscribe_url=ADDRESSES[3]), language=language)
    assert raw
    foot = sink.got[-1].get_content().rstrip().rpartition("\n\n")[2]
    assert words in foot
    assert foot.endswith(f"\n{ADDRESSES[3]}")


def test_mail_states_whom_a_reply_reaches(office, sink, plan):
    filled = MessageContent(reply_to="officer@burnaby.example", footer="Your reply reaches Ada, Burnaby.")
    raw = mail_bytes(office, sink, plan, filled)
    assert header(raw, "Reply-To") == "officer@burnaby.example"
    assert "Your reply reaches Ada, Burnaby." in sink.got[-1].get_content()


def test_mail_without_a_reply_address_has_no_such_header(office, sink, plan):
    assert b"Reply-To" not in mail_bytes(office, sink, plan, MessageContent())


def test_mail_without_a_person_for_replies_names_the_site_s_address(office, sink, plan, settings):
    settings.MAIL_REPLY_TO = "kit@city.example"
    assert header(mail_bytes(office, sink, plan, MessageContent()), "Reply-To") == "kit@city.example"
    filled = MessageContent(reply_to="officer@burnaby.example")
    assert header(mail_bytes(office, sink, plan, filled), "Reply-To") == "officer@burnaby.example"


def test_envelope_sender_is_the_address_for_bounces_and_from_stays(office, sink, plan, settings):
    settings.DEFAULT_FROM_EMAIL = "Twinlane <kit@city.example>"
    assert header(mail_bytes(office, sink, plan, MessageContent()), "From") == "Twinlane <kit@city.example>"
    settings.MAIL_BOUNCES = "bounces@city.example"
    assert header(mail_bytes(office, sink, plan, MessageContent()), "From") == "Twinlane <kit@city.example>"
    assert sink.senders == ["kit@city.example", "bounces@city.example"]


def test_mail_sent_outside_the_queue_is_delivered(sink):
    mail.EmailMessage("A new password", "Open this.", to=["reader@cast.example"]).send()
    assert sink.got[-1]["Subject"] == "A new password"
