"""Tests of the Idempotency-Key: the POST is done once, and the same POST again gets the first answer."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from procurement.requests.models import SupplyRequest
from tests.procurement.api.program import ROOT, Program, problem
from tests.workflow.files import photo_with_location
from tests.worlds.shipments import Journey
from workflow.http.idempotency import _lock_key
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db
KEY = {"idempotency-key": "b1946ac9"}
NEED = {"city": "burnaby", "title": "Masks"}


def test_repeated_idempotency_key_and_body_return_the_first_response(officer: Program) -> None:
    first = officer.ask("post", "supply-requests/", NEED, **KEY)
    again = officer.ask("post", "supply-requests/", NEED, **KEY)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first["Location"] == again["Location"] == f"/api/v1/supply-requests/{first.json()['reference']}/"
    assert again["Idempotency-Replayed"] == "true"
    assert SupplyRequest.objects.count() == 1


def test_post_without_an_idempotency_key_is_executed_each_time(officer: Program) -> None:
    officer.post("supply-requests/", NEED)
    officer.post("supply-requests/", NEED)
    assert SupplyRequest.objects.count() == 2


def test_idempotency_key_with_another_body_or_address_is_refused(officer: Program) -> None:
    need = officer.post("supply-requests/", NEED, **KEY)["reference"]
    for path, body in (
        ("supply-requests/", {**NEED, "title": "Gowns"}),
        (f"supply-requests/{need}/post/", {}),
    ):
        refusal = officer.refused(path, body, **KEY)
        assert (refusal["status"], refusal["code"]) == (422, "key_reused")


def test_idempotency_key_belongs_to_one_person(story: Journey, officer: Program) -> None:
    officer.post("supply-requests/", NEED, **KEY)
    Program(story.second_officer.user).post("supply-requests/", NEED, **KEY)
    assert SupplyRequest.objects.count() == 2


def test_refused_request_may_be_repeated_with_the_same_idempotency_key(officer: Program) -> None:
    assert officer.refused("supply-requests/", {"city": "burnaby"}, **KEY)["status"] == 422
    officer.post("supply-requests/", NEED, **KEY)
    assert SupplyRequest.objects.count() == 1


def test_overlong_idempotency_key_is_refused(officer: Program) -> None:
    refusal = officer.refused("supply-requests/", NEED, **{"idempotency-key": "x" * 101})
    assert (refusal["code"], refusal["errors"][0]["header"]) == ("key_too_long", "Idempotency-Key")


def test_file_sent_twice_with_one_idempotency_key_is_stored_once(officer: Program) -> None:
    at = f"supply-requests/{officer.post('supply-requests/', NEED)['reference']}"
    photo = photo_with_location()

    def send(data: bytes) -> object:
        form = {"thing": at, "file": SimpleUploadedFile("photo.jpg", data, "image/jpeg")}
        return officer.client.post(f"{ROOT}files/", data=form, headers={**officer.headers, **KEY})

    first, again = send(photo), send(photo)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert File.objects.count() == 1
    assert problem(send(photo + b" "))["code"] == "key_reused"


@pytest.mark.django_db(transaction=True)
def test_idempotent_request_still_in_progress_gets_409(story: Journey, officer: Program) -> None:
    held, done = threading.Event(), threading.Event()

    def work() -> None:
        with transaction.atomic():
            _lock_key(officer.user.pk, "api:b1946ac9")
            held.set()
            done.wait(10)
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    assert held.wait(10)
    refusal = officer.refused("supply-requests/", NEED, **KEY)
    done.set()
    worker.join()
    assert (refusal["status"], refusal["code"]) == (409, "in_progress")
