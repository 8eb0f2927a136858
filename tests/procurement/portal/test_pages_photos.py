"""Tests of a contact's photos, uploaded one by one by the page's script or with the form without script.

Nothing typed is lost.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.actions.links import issue_link
from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import propose_check
from procurement.verification.questions import questions_for_task
from tests.browsing import Browser
from tests.workflow import files
from tests.worlds.need_to_order import AT, Story
from workflow.clock import real_now
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db
TYPED = {"supplier": "中山康护用品有限公司 DEMO", "stock": "20,000", "gift": "on"}


@pytest.fixture
def story(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Story()


def open_link(thing) -> Client:
    """Return the contact's browser after pressing Continue."""
    made = issue_link(
        thing.contact.user,
        purpose="answer",
        thing_label=thing._meta.label_lower,
        thing_id=thing.pk,
        by=CONSOLE_ACTOR,
        at=AT,
        real_at=real_now(),
    )
    client = Client(headers={"Accept-Language": "en"})
    assert client.post(made.url.removeprefix("http://localhost:8000")).status_code == 303
    return client


@pytest.fixture
def question(story):
    who = story.officer
    need = story.line().supply_request
    asked = draft_inquiry(
        need, story.contact, subject="Can you help?", body="Please.", author=who.user, by=who.by, at=AT
    )
    return send_inquiry(asked, by=who.by, at=AT)


def photo(data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("licence.jpg", data or files.picture(), "image/jpeg")


def test_photo_script_receives_the_number_of_each_photo(question):
    address = reverse("portal_inquiry_photo", args=[question.reference])
    client = open_link(question)
    answer = client.post(address, {"file": photo()}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["id"]) == (201, File.objects.get().pk)
    for sent, status in (({"file": photo(b"no picture")}, 422), ({}, 422)):
        answer = client.post(address, sent, headers={"Accept": "application/json"})
        assert (answer.status_code, bool(answer.json()["title"])) == (status, True)


def test_photo_upload_without_javascript_keeps_the_typed_values(question):
    client = open_link(question)
    address = reverse("portal_inquiry_photo", args=[question.reference])
    page = client.post(address, {**TYPED, "file": photo()})
    text = page.content.decode()
    assert page.status_code == 200
    assert File.objects.count() == 1
    for words in ("licence.jpg", 'value="中山康护用品有限公司 DEMO"', 'value="20,000"', "checked"):
        assert words in text, words
    assert f'action="{reverse("portal_inquiry", args=[question.reference])}"' in text
    refused = client.post(address, {**TYPED, "file": photo(b"no picture")})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert 'value="20,000"' in refused.content.decode()
    assert client.post(address, TYPED).status_code == 200
    assert File.objects.count() == 1


def test_photos_of_a_check_are_uploaded_like_those_of_an_inquiry(story):
    task = propose_check(story.lead(story.line()), "sample_test", by=story.officer.by, at=AT)
    request_check(task, story.contact, by=story.officer.by, at=AT)
    client = open_link(task)
    page = client.post(
        reverse("portal_check_photo", args=[task.reference]), {"place": "Zhongshan, hall 3", "file": photo()}
    )
    assert page.status_code == 200
    assert "Zhongshan, hall 3" in page.content.decode()
    assert File.objects.get().name == "licence.jpg"


def test_answer_can_be_changed_from_the_review_page(question):
    client = open_link(question)
    address = reverse("portal_inquiry", args=[question.reference])
    context = {
        "supplier": "中山康护用品有限公司 DEMO",
        "line": question.supply_request.lines.get().pk,
        "stock": "20000",
    }
    check = client.post(address, context).content.decode()
    assert 'name="change"' in check
    again = client.post(address, {**context, "confirmed": "1", "change": "1"})
    assert again.status_code == 200
    assert "中山康护用品有限公司 DEMO" in again.content.decode()
    assert not question.answers.exists()


def sample_test_in_english(story):
    """Return a sample test requested from a contact who reads English."""
    edit_person(
        story.contact.user, PersonEdit(language="en", time_zone="Asia/Shanghai"), by=CONSOLE_ACTOR, at=AT
    )
    task = propose_check(story.lead(story.line()), "sample_test", by=story.officer.by, at=AT)
    return request_check(task, story.contact, by=story.officer.by, at=AT)


def test_photo_for_one_question_is_shown_beside_its_answer(story):
    again = sample_test_in_english(story)
    client = open_link(again)
    address = reverse("portal_check_photo", args=[again.reference])
    response = client.post(
        f"{address}?of=sample_sealed", {"file": photo()}, headers={"Accept": "application/json"}
    )
    assert (response.status_code, File.objects.get().kind) == (201, "sample_sealed")
    assert client.post(f"{address}?of=head_bands", {"file": photo()}).status_code == 404
    page = client.get(reverse("portal_check", args=[again.reference])).content.decode()
    listed = page.partition('id="list-sample_sealed"')[2].partition("</ul>")[0]
    assert "licence.jpg" in listed
    assert "licence.jpg" not in page.partition('id="photo-list"')[2]
    context = {one.code: "yes" for one in questions_for_task(again)}
    context |= {"method": "visit", "seen_on": "2020-04-15", "seen_at": "09:40", "confidence": "3"}
    context |= {"confirmed": "1"}
    assert client.post(reverse("portal_check", args=[again.reference]), context).status_code == 303
    report = again.reports.get()
    assert (report.file_ids, f"{report.seen_at:%H:%M}") == ([File.objects.get().pk], "09:40")
    officer = Browser(story.observer.user).open(again.get_absolute_url())
    assert "09:40" in officer
    answer = (
        officer.answer.content.decode()
        .partition("Did you draw and seal the sample yourself?")[2]
        .partition("</li>")[0]
    )
    assert File.objects.get().get_absolute_url() in answer


def test_photo_for_a_question_is_stored_without_javascript_whatever_else_is_chosen(story):
    task = sample_test_in_english(story)
    address = reverse("portal_check_photo", args=[task.reference])
    chosen = {
        "file": photo(),
        "file-result_meets": photo(),
        "file-sample_sealed": photo(files.picture("PNG")),
    }
    page = open_link(task).post(f"{address}?of=sample_sealed", chosen)
    kept = File.objects.get()
    assert (page.status_code, kept.kind, kept.content_type) == (200, "sample_sealed", "image/png")


def test_unreadable_photo_is_named_and_not_stored_as_evidence(story):
    task = sample_test_in_english(story)
    client = open_link(task)
    address = reverse("portal_check_photo", args=[task.reference])
    good = client.post(address, {"file": photo()}, headers={"Accept": "application/json"})
    broken = SimpleUploadedFile("hall 3.jpg", files.picture()[:200], "image/jpeg")
    bad = client.post(f"{address}?of=sample_sealed", {"file": broken}, headers={"Accept": "application/json"})
    assert (good.status_code, bad.status_code) == (201, 422)
    assert "cannot be opened" in bad.json()["title"]
    page = client.get(reverse("portal_check", args=[task.reference])).content.decode()
    refused = page.partition('id="list-sample_sealed"')[2].partition("</ul>")[0]
    for words in (
        "hall 3.jpg",
        "cannot be opened",
        "The other photos have been saved. Please retake this one.",
    ):
        assert words in refused, words
    assert "licence.jpg" in page.partition('id="photo-list"')[2]
    context = {one.code: "could_not_check" for one in questions_for_task(task)}
    context |= {"method": "visit", "seen_on": "2020-04-15", "seen_at": "late", "confidence": "1"}
    wrong = client.post(reverse("portal_check", args=[task.reference]), context)
    assert wrong.status_code == 422
    assert "Enter the time in the format 14:30." in wrong.content.decode()
    assert (
        client.post(
            reverse("portal_check", args=[task.reference]), context | {"seen_at": "", "confirmed": "1"}
        ).status_code
        == 303
    )
    assert task.reports.get().file_ids == [File.objects.get(name="licence.jpg").pk]
