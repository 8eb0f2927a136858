"""Tests of files through the API.

They are uploaded, opened in a separate process, listed, and sent only to people who may read them.
"""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.procurement.api.program import ROOT, Program, problem
from tests.workflow.files import photo_with_location
from tests.worlds import cities
from tests.worlds.shipments import Journey
from workflow.clock import real_now
from workflow.http.signed_urls import sign_for_reader
from workflow.uploads.models import File
from workflow.uploads.storage import stored_path

pytestmark = pytest.mark.django_db


def upload_photo(name: str = "licence.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo_with_location(), "image/jpeg")


def read_photo(answer: Any) -> Any:
    """Return the answer, after reading the photo in it to the end."""
    assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"
    return answer


def test_file_is_uploaded_and_downloaded_by_its_city_only(officer: Program, stranger: Program) -> None:
    at = f"supply-requests/{officer.post('supply-requests/', {'city': 'burnaby', 'title': 'x'})['reference']}"
    foreign = {"thing": at, "kind": "photo", "file": upload_photo()}
    refused = stranger.client.post(f"{ROOT}files/", data=foreign, headers=stranger.headers)
    assert problem(refused)["errors"][0]["pointer"] == "#/thing"
    assert not File.objects.exists()
    kept = officer.send("files/", thing=at, kind="photo", file=upload_photo())
    assert (kept["about"], kept["name"], kept["content_type"]) == (at, "licence.jpg", "image/jpeg")
    assert [one["key"] for one in officer.all(f"files/?about={at}")] == [kept["key"]]
    assert [
        one["key"] for one in officer.all(f"files/?uploaded_sha256={kept['uploaded_sha256']}&status=clean")
    ] == [kept["key"]]
    for accept in ("*/*", "image/jpeg", "application/json"):
        led = officer.ask("get", f"files/{kept['key']}/content/", accept=accept)
        assert (led.status_code, led["Cache-Control"]) == (302, "private, no-store")
        answer = officer.ask("get", led["Location"].removeprefix(ROOT), accept=accept)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["Content-Disposition"].startswith("attachment")
        assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"
    for path in (f"files/{kept['key']}/", f"files/{kept['key']}/content/"):
        assert problem(stranger.ask("get", path, accept="image/jpeg, */*"))["status"] == 404
    assert list(stranger.all("files/")) == []


def test_download_address_works_only_for_its_token_and_a_few_minutes(
    story: Journey, officer: Program, stranger: Program
) -> None:
    at = f"supply-requests/{officer.post('supply-requests/', {'city': 'burnaby', 'title': 'x'})['reference']}"
    kept = officer.send("files/", thing=at, kind="photo", file=upload_photo())
    content = f"files/{kept['key']}/content/"
    place = officer.ask("get", content)["Location"].removeprefix(ROOT)
    reader = place.removeprefix(content).partition(".")[0]
    past = sign_for_reader(kept["key"], reader, real_now() - timedelta(minutes=11))
    over = problem(officer.ask("get", f"{content}{past}/"))
    assert (over["status"], over["code"]) == (410, "address_ended")
    assert read_photo(officer.ask("get", place))["Content-Disposition"].startswith("attachment")
    assert problem(officer.ask("get", place[:-3] + "xx/"))["code"] == "address_altered"
    other = Program(officer.user)
    assert problem(other.ask("get", place))["code"] == "address_of_another"
    assert problem(stranger.ask("get", place))["code"] == "not_found"
    assert officer.client.get(ROOT + place).status_code == 401
    by_session = Client()
    by_session.force_login(story.observer.user)
    led = by_session.get(ROOT + content)
    read_photo(by_session.get(led["Location"]))
    assert by_session.get(ROOT + place).status_code == 403


def test_disguised_file_is_refused_at_its_field(officer: Program) -> None:
    at = f"supply-requests/{officer.post('supply-requests/', {'city': 'burnaby', 'title': 'x'})['reference']}"
    page = SimpleUploadedFile("licence.jpg", b"<html><script>alert(1)</script></html>", "image/jpeg")
    answer = officer.client.post(f"{ROOT}files/", data={"thing": at, "file": page}, headers=officer.headers)
    refusal = problem(answer)
    assert (refusal["status"], refusal["errors"][0]["pointer"]) == (422, "#/file")


def test_contact_can_upload_evidence_only_to_their_own_check(story: Journey, officer: Program) -> None:
    order = story.draft()
    check = order.lines.get().allocation.lead.checks.first()
    contact = Program(story.checker.user)
    at = f"verification-tasks/{check.reference}"
    kept = contact.send("files/", thing=at, kind="licence", file=upload_photo())
    assert officer.get(f"files/{kept['key']}/")["about"] == at
    other = Program(cities.contact("foshan").user)
    answer = other.client.post(
        f"{ROOT}files/", data={"thing": at, "file": upload_photo()}, headers=other.headers
    )
    assert problem(answer)["errors"][0] == {
        "pointer": "#/thing",
        "detail": problem(answer)["errors"][0]["detail"],
        "code": "no_thing",
    }


def test_observer_can_add_neither_file_nor_comment(story: Journey, officer: Program) -> None:
    at = f"supply-requests/{officer.post('supply-requests/', {'city': 'burnaby', 'title': 'x'})['reference']}"
    observer = Program(story.observer.user)
    answer = observer.client.post(
        f"{ROOT}files/", data={"thing": at, "file": upload_photo()}, headers=observer.headers
    )
    assert problem(answer)["code"] == "not_allowed"
    assert observer.refused("comments/", {"thing": at, "text": "x"})["code"] == "not_allowed"


NOWHERE = [
    *("", "x", "supply-requests", "supply-requests/", "nothing/SR-2020-0001"),
    *("payments/x", "payments/9" + "9" * 18, "cities/" + "x" * 81, 5),
]


@pytest.mark.parametrize("address", NOWHERE)
def test_comment_on_an_unknown_object_address_is_refused(officer: Program, address: object) -> None:
    refusal = officer.refused("comments/", {"thing": address, "text": "x"})
    assert refusal["errors"][0]["pointer"] == "#/thing"
    if address and isinstance(address, str):
        assert problem(officer.ask("get", f"entries/?about={address}"))["errors"][0]["parameter"] == "about"


def test_language_of_a_comment_is_stored_with_it(officer: Program) -> None:
    at = f"supply-requests/{officer.post('supply-requests/', {'city': 'burnaby', 'title': 'x'})['reference']}"
    assert (
        officer.post("comments/", {"thing": at, "text": "好", "language": "zh-hans"})["language"] == "zh-hans"
    )
    assert officer.get("comments/")["results"][0]["text"] == "好"
    assert officer.get("entries/?city=burnaby&ordering=-id")["results"][0]["verb"] == "comment"
    assert officer.get("entries/?city=markham")["results"] == []


def test_stored_file_hash_matches_the_download_and_an_altered_file_is_refused(
    story: Journey, officer: Program, caplog: pytest.LogCaptureFixture
) -> None:
    at = f"supply-requests/{officer.post('supply-requests/', {'city': 'burnaby', 'title': 'x'})['reference']}"
    photos = {name: upload_photo(f"{name}.jpg").read() for name in ("one", "two")}
    kept = {
        name: officer.send("files/", thing=at, kind="photo", file=upload_photo(f"{name}.jpg"))
        for name in photos
    }
    for name, told in kept.items():
        assert told["uploaded_sha256"] == sha256(photos[name]).hexdigest()
        led = officer.ask("get", f"files/{told['key']}/content/")
        got = b"".join(officer.ask("get", led["Location"].removeprefix(ROOT)).streaming_content)
        assert (told["kept_sha256"], told["size"]) == (sha256(got).hexdigest(), len(got))
    changed = File.objects.get(key=kept["one"]["key"])
    stored_path(changed.stored).write_bytes(photos["one"] + b"!")
    led = officer.ask("get", f"files/{changed.key}/content/")
    no = problem(officer.ask("get", led["Location"].removeprefix(ROOT)))
    assert (no["status"], no["code"]) == (410, "file_altered")
    assert changed.key in caplog.text
    page = Client()
    page.force_login(story.observer.user)
    told = page.get(page.get(f"/files/{changed.key}/")["Location"])
    assert (told.status_code, "was changed on disk" in told.content.decode()) == (410, True)
    assert "Get new link" not in told.content.decode()
    led = officer.ask("get", f"files/{kept['two']['key']}/content/")
    assert read_photo(officer.ask("get", led["Location"].removeprefix(ROOT))).status_code == 200
