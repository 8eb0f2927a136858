"""A contact's photos: sent one by one by the page's script, or with the form where no script runs. Nothing typed is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.actions import links
from accounts.actors import CONSOLE
from procurement.outreach import actions as outreach
from procurement.verification import actions as verification
from tests.procurement.story import AT, Story
from tests.workflow import files
from workflow import clock
from workflow.models import File

pytestmark = pytest.mark.django_db
TYPED = {"supplier": "中山康护用品有限公司 DEMO", "stock": "20,000", "gift": "on"}


@pytest.fixture
def story(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Story()


def opened(thing) -> Client:
    """The contact's browser after Continue."""
    made = links.issue(
        thing.contact.user,
        purpose="answer",
        thing_label=thing._meta.label_lower,
        thing_id=thing.pk,
        by=CONSOLE,
        at=AT,
        real_at=clock.real_now(),
    )
    client = Client(headers={"Accept-Language": "en"})
    assert client.post(made.url.removeprefix("http://localhost:8000")).status_code == 303
    return client


@pytest.fixture
def question(story):
    who = story.officer
    need = story.line().supply_request
    asked = outreach.propose(
        need, story.contact, subject="Can you help?", body="Please.", author=who.user, by=who.by, at=AT
    )
    return outreach.send(asked, by=who.by, at=AT)


def photo(data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("licence.jpg", data or files.picture(), "image/jpeg")


def test_the_script_is_told_the_number_of_each_photo(question):
    address = reverse("answer_photo", args=[question.reference])
    client = opened(question)
    answer = client.post(address, {"file": photo()}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["id"]) == (201, File.objects.get().pk)
    for sent, status in (({"file": photo(b"no picture")}, 422), ({}, 422)):
        answer = client.post(address, sent, headers={"Accept": "application/json"})
        assert (answer.status_code, bool(answer.json()["title"])) == (status, True)


def test_without_a_script_the_page_comes_back_with_what_was_typed(question):
    client = opened(question)
    address = reverse("answer_photo", args=[question.reference])
    page = client.post(address, {**TYPED, "file": photo()})
    text = page.content.decode()
    assert page.status_code == 200
    assert File.objects.count() == 1
    for words in ("licence.jpg", 'value="中山康护用品有限公司 DEMO"', 'value="20,000"', "checked"):
        assert words in text, words
    assert f'action="{reverse("answer", args=[question.reference])}"' in text
    refused = client.post(address, {**TYPED, "file": photo(b"no picture")})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert 'value="20,000"' in refused.content.decode()
    assert client.post(address, TYPED).status_code == 200
    assert File.objects.count() == 1


def test_a_check_takes_its_photos_the_same_way(story):
    task = verification.propose(story.lead(story.line()), "sample_test", by=story.officer.by, at=AT)
    verification.offer(task, story.contact, by=story.officer.by, at=AT)
    client = opened(task)
    page = client.post(
        reverse("report_photo", args=[task.reference]), {"place": "Zhongshan, hall 3", "file": photo()}
    )
    assert page.status_code == 200
    assert "Zhongshan, hall 3" in page.content.decode()
    assert File.objects.get().name == "licence.jpg"


def test_whoever_looks_once_more_at_the_check_page_may_change_something(question):
    client = opened(question)
    address = reverse("answer", args=[question.reference])
    told = {
        "supplier": "中山康护用品有限公司 DEMO",
        "line": question.supply_request.lines.get().pk,
        "stock": "20000",
    }
    check = client.post(address, told).content.decode()
    assert 'name="change"' in check
    again = client.post(address, {**told, "confirmed": "1", "change": "1"})
    assert again.status_code == 200
    assert "中山康护用品有限公司 DEMO" in again.content.decode()
    assert not question.answers.exists()
