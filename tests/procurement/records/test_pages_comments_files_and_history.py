"""Tests of the part of an object's page with comments, files and history, loaded when the reader opens it.

Only the city's own people may add to it or read it.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.browsing import Browser
from tests.workflow.files import photo_with_location
from tests.worlds.need_to_order import Story
from workflow.comments_and_files.models import Comment
from workflow.templatetags import history
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.observer and story.stranger
        story.need = story.line(10_000).supply_request
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def test_comment_is_shown_with_author_in_its_own_language(story, officer):
    page = officer.activity(story.need).press("Add comment", text="佛山那边也可以问一问。")
    assert page.at == f"{story.need.get_absolute_url()}?activity"
    assert "佛山那边也可以问一问。" in page
    assert str(story.officer.user) in page
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("text", ["", "x" * 5001], ids=["empty", "endless"])
def test_empty_or_overlong_comment_is_refused_at_its_field(story, officer, text):
    wrong = officer.activity(story.need).press("Add comment", text=text)
    assert (wrong.status, set(wrong.wrong)) == (422, {"text"})
    assert not Comment.objects.exists()


def test_photo_is_added_and_downloadable_for_people_who_may_see_it(story, officer):
    photo = SimpleUploadedFile("licence.jpg", photo_with_location(), "image/jpeg")
    page = officer.activity(story.need).press("Add file", file=photo)
    assert "licence.jpg" in page
    file = File.objects.get()
    assert file.status == File.Status.CLEAN
    answer = officer.client.get(file.get_absolute_url(), follow=True)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert "attachment" in answer["Content-Disposition"]
    assert Browser(story.stranger.user).open(file).status == 404
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"


def test_file_of_an_unsupported_type_is_refused_with_a_reason(story, officer):
    program = SimpleUploadedFile("photo.jpg", b"MZ\x90\x00" + b"\x00" * 200, "image/jpeg")
    refused = officer.activity(story.need).press("Add file", file=program)
    assert refused.status == 422
    assert refused.alert
    assert not File.objects.filter(status=File.Status.CLEAN).exists()


def test_missing_file_is_refused_at_its_field(story, officer):
    wrong = officer.activity(story.need).press("Add file")
    assert (wrong.status, set(wrong.wrong)) == (422, {"file"})


def test_activity_post_is_403_for_observers_and_404_for_other_cities(story):
    base = f"/things/supplyrequest/{story.need.pk}"
    observer, stranger = Browser(story.observer.user), Browser(story.stranger.user)
    assert "Add comment" not in observer.activity(story.need).buttons
    refused = observer.client.post(f"{base}/comment/", {"text": "I have a view"})
    assert (refused.status_code, "I have a view" in refused.content.decode()) == (403, True)
    photo = SimpleUploadedFile("licence.jpg", photo_with_location(), "image/jpeg")
    assert observer.client.post(f"{base}/file/", {"file": photo}).status_code == 403
    assert stranger.client.post(f"{base}/comment/", {"text": "Hello"}).status_code == 404
    assert stranger.client.post(f"{base}/file/", {}).status_code == 404
    assert not Comment.objects.exists()
    assert not File.objects.exists()


@pytest.mark.parametrize("label", ["nothing", "requestline", "stockmark", "user"])
def test_comment_on_an_object_without_a_page_gets_404(officer, label):
    assert officer.client.post(f"/things/{label}/1/comment/", {"text": "Hello"}).status_code == 404


def test_comment_address_refuses_get(story, officer):
    assert officer.client.get(f"/things/supplyrequest/{story.need.pk}/comment/").status_code == 405


@pytest.mark.parametrize(
    ("language", "button"), [("fr-ca", "Ajouter un commentaire"), ("zh-hans", "添加评论")]
)
def test_history_is_in_the_readers_language(story, language, button):
    page = Browser(story.officer.user, language).activity(story.need)
    assert len(page.buttons) >= 2
    said = page.press(page.buttons[-2], text="口罩不够")
    assert "口罩不够" in said


def test_older_history_entries_are_shown_on_request(story, officer, monkeypatch):
    for said in ("one", "two", "three"):
        officer.activity(story.need).press("Add comment", text=f"number {said}")
    monkeypatch.setattr(history, "INITIAL_ENTRIES_SHOWN", 2)
    page = officer.activity(story.need)
    assert page.main.xpath("count(.//ol[@class='history']/li)") == 2
    older = page.follow("Show earlier entries")
    assert older.at.startswith(story.need.get_absolute_url())
    assert older.main.xpath("count(.//ol[@class='history']/li)") > 4
    assert "Show earlier entries" not in older
    monkeypatch.setattr(history, "MAX_ENTRIES_SHOWN", 3)
    assert "Showing the latest 3 entries." in officer.open(f"{story.need.get_absolute_url()}?older")


def test_activity_shows_the_newest_entries_until_opened(story, officer):
    for said in ("one", "two", "three", "four"):
        officer.activity(story.need).press("Add comment", text=f"number {said}")
    page = officer.open(story.need)
    assert page.main.xpath("count(.//ol[@class='history']/li)") == 2
    assert "number four" not in page
    assert "Add comment" not in page.buttons
    opened = page.follow("Show comments, files and full history")
    assert opened.main.xpath("count(.//ol[@class='history']/li)") > 4
    assert "number four" in opened
    assert "Add comment" in opened.buttons
