"""Tests of messages in the reader's language: place names, goods, and typed text with the name of its author."""

import pytest
from django.test import Client
from django.utils import translation

from accounts.actions.links import issue_link
from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.documents.actions.requests import request_documents
from procurement.notifications.builder import build_messages
from procurement.shipments.reference_tables import place_label
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import propose_check
from procurement.verification.actions.reports import return_report, submit_report
from procurement.verification.questions import questions_for_task
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache, real_now
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db) -> Journey:
    voyage = Journey("richmond")
    voyage.practise()
    yield voyage
    clear_instance_cache()


@pytest.mark.parametrize(
    ("language", "code", "label"),
    [
        ("en", "CNCAN", "Guangzhou (CNCAN)"),
        ("zh-hans", "CNCAN", "广州（CNCAN）"),
        ("fr-ca", "CAVAN", "Vancouver (CAVAN)"),
        ("en", "XXYYY", "XXYYY"),
    ],
)
def test_place_is_named_with_its_code_in_each_language(language, code, label):
    with translation.override(language):
        assert place_label(code) == label


@pytest.mark.parametrize("ports", [("CNCAN", "CAVAN"), ("CNSHA", "USSEA")])
def test_document_request_names_ports_with_their_codes(story, ports):
    origin, destination = ports
    shipment = story.plan(origin=origin, destination=destination)
    call = request_documents(
        shipment, "broker", name="Ann Roy", email="ann@roy.example", note="Bitte schnell.", author=story.officer.user,
        by=story.officer.by, at=AT,
    )  # fmt: skip
    (mail,) = build_messages(history_of(call).get(verb="request"), AT)
    for code in ports:
        assert f"({code})" in mail.body
    assert "Richmond wrote:\n\nBitte schnell." in mail.body


def test_email_about_a_returned_report_says_which_city_wrote_the_question(story):
    edit_person(story.checker.user, PersonEdit(language="fr-ca"), by=CONSOLE_ACTOR, at=AT)
    lead = story.lead(story.line(4_000), 4_000)
    task = propose_check(lead, "sample_test", needed=False, by=story.officer.by, at=AT)
    request_check(task, story.checker, by=story.officer.by, at=AT)
    submit_report(
        task, answers={one.code: {"answer": "yes"} for one in questions_for_task(task)}, method="visit",
        seen_on=AT.date(), confidence=3, author=story.checker.user, by=own_link(story.checker), at=AT,
    )  # fmt: skip
    return_report(task, question="Which lot was it?", by=story.officer.by, at=AT)
    mails = build_messages(history_of(task).get(verb="return"), AT)
    (mail,) = [one for one in mails if one.template == "check_returned"]
    assert "Richmond a écrit :\n\nWhich lot was it?" in mail.body


def test_inquiry_link_page_names_goods_in_the_readers_language(story):
    edit_person(story.contact.user, PersonEdit(language="zh-hans"), by=CONSOLE_ACTOR, at=AT)
    asked = story.asked(story.line())
    issued = issue_link(
        story.contact.user, purpose="answer", thing_label="procurement.inquiry", thing_id=asked.pk, by=CONSOLE_ACTOR, at=AT,
        real_at=real_now(),
    )  # fmt: skip
    page = Client().get("/" + issued.url.partition("//")[2].partition("/")[2]).content.decode()
    assert asked.supply_request.title not in page
    with translation.override("zh-hans"):
        assert str(asked.supply_request.lines.get().product.name) in page


def test_typed_text_on_the_contact_page_is_marked_with_its_language(story):
    asked = story.asked(story.line())
    asked.language_own = "en"
    asked.save()
    browser = Client()
    issued = issue_link(
        story.contact.user, purpose="answer", thing_label="procurement.inquiry", thing_id=asked.pk, by=CONSOLE_ACTOR, at=AT,
        real_at=real_now(),
    )  # fmt: skip
    opened = browser.post("/" + issued.url.partition("//")[2].partition("/")[2])
    page = browser.get(opened["Location"]).content.decode()
    assert f'lang="en" dir="auto">{asked.supply_request.title}<' in page
