"""Idempotency of requests: a repetition gets the stored response, and its work is done once."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.functions import Now
from django.http import HttpResponse, JsonResponse
from django.template import engines
from django.template.response import SimpleTemplateResponse

from tests.worlds import cities
from workflow.base_models import Counter
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.http import idempotency
from workflow.http.idempotency import (
    ReplayFormMiddleware,
    _form_fingerprint,
    delete_expired_keys,
    once_per_form,
    run_once,
)
from workflow.http.models import IdempotencyKey

REQUEST_FINGERPRINT = idempotency.request_fingerprint("POST", "/api/v1/needs/", b"{}")


def counting_work(times: list[int], status: int = 201):
    """Return work that creates a row and answers with the number of its runs."""

    def run():
        times.append(1)
        Counter.objects.create(prefix="XX", year=len(times), last=1)
        return JsonResponse({"n": len(times)}, status=status, headers={"Location": "/x/"})

    return run


@pytest.mark.django_db
class TestRepeatedRequests:
    def test_repeated_request_gets_the_stored_response(self, user):
        times = []
        first = run_once(user.pk, "k", REQUEST_FINGERPRINT, counting_work(times))
        again = run_once(user.pk, "k", REQUEST_FINGERPRINT, counting_work(times))
        assert times == [1]
        assert (again.status_code, again.content, again["Location"]) == (201, first.content, "/x/")
        assert again["Content-Type"] == "application/json"
        assert again["Idempotency-Replayed"] == "true"
        assert "Idempotency-Replayed" not in first

    def test_idempotency_key_reused_for_another_request_is_refused(self, user):
        run_once(user.pk, "k", REQUEST_FINGERPRINT, counting_work([]))
        with pytest.raises(Refused) as refused:
            run_once(user.pk, "k", "other", counting_work([]))
        assert refused.value.code == "key_reused"

    def test_idempotency_keys_are_separate_for_each_person(self, user, add_user):
        times = []
        for person in (user.pk, add_user().pk, None):
            run_once(person, "k", REQUEST_FINGERPRINT, counting_work(times))
        assert len(times) == 3
        run_once(None, "k", REQUEST_FINGERPRINT, counting_work(times))
        assert len(times) == 3

    def test_failed_response_is_not_stored_and_rolls_back(self, user):
        times = []
        assert run_once(user.pk, "k", REQUEST_FINGERPRINT, counting_work(times, 422)).status_code == 422
        assert not Counter.objects.exists()
        assert not IdempotencyKey.objects.exists()
        assert run_once(user.pk, "k", REQUEST_FINGERPRINT, counting_work(times)).status_code == 201

    def test_exception_stores_neither_idempotency_key_nor_work(self, user):
        def run():
            counting_work([])()
            raise LookupError

        with pytest.raises(LookupError):
            run_once(user.pk, "k", REQUEST_FINGERPRINT, run)
        assert not Counter.objects.exists()
        assert not IdempotencyKey.objects.exists()

    def test_unrendered_response_is_rendered_and_stored(self, user):
        page = engines["django"].from_string("Hello")
        run_once(user.pk, "k", REQUEST_FINGERPRINT, lambda: SimpleTemplateResponse(page))
        assert run_once(user.pk, "k", REQUEST_FINGERPRINT, counting_work([])).content == b"Hello"

    def test_idempotent_template_response_is_stored_as_rendered(self, user):
        run_once(
            user.pk,
            "k",
            REQUEST_FINGERPRINT,
            lambda: SimpleTemplateResponse(engines["django"].from_string("A")).render(),
        )
        assert IdempotencyKey.objects.get().answer_body == "A"

    def test_overlong_idempotency_key_is_refused(self, user):
        with pytest.raises(Refused) as refused:
            run_once(user.pk, "k" * 101, REQUEST_FINGERPRINT, counting_work([]))
        assert refused.value.code == "key_too_long"

    def test_expired_idempotency_keys_are_deleted(self, user):
        for key in ("old", "new"):
            run_once(user.pk, key, REQUEST_FINGERPRINT, lambda: HttpResponse("ok"))
        IdempotencyKey.objects.filter(key="old").update(created_at=Now() - timedelta(days=2))
        assert delete_expired_keys(real_now() - timedelta(days=1)) == 1
        assert IdempotencyKey.objects.get().key == "new"


def test_request_fingerprint_distinguishes_the_boundaries_of_its_parts():
    assert idempotency.request_fingerprint("ab", "c") != idempotency.request_fingerprint("a", "bc")


@pytest.mark.django_db(transaction=True)
def test_same_request_at_the_same_moment_is_refused_as_in_progress(user):
    begun, over = threading.Event(), threading.Event()
    answers = []

    def slow():
        begun.set()
        assert over.wait(10)
        return HttpResponse("done")

    def first():
        try:
            answers.append(run_once(user.pk, "k", REQUEST_FINGERPRINT, slow))
        finally:
            connection.close()

    other = threading.Thread(target=first)
    other.start()
    assert begun.wait(10)
    with pytest.raises(Refused) as refused:
        run_once(user.pk, "k", REQUEST_FINGERPRINT, counting_work([]))
    assert refused.value.code == "in_progress"
    over.set()
    other.join()
    assert (
        run_once(user.pk, "k", REQUEST_FINGERPRINT, counting_work([])).content
        == answers[0].content
        == b"done"
    )


def test_fingerprint_of_repeated_form_includes_names_and_sizes_of_uploaded_files(rf):
    def asked(*contents):
        files = [SimpleUploadedFile("a.jpg", data) for data in contents]
        return _form_fingerprint(rf.post("/x/", {"text": "x", "file": files}))

    assert asked(b"1") == asked(b"2"), "a name and a size are enough"
    assert asked(b"1") != asked(b"12")
    assert asked(b"1") != asked(b"1", b"1")


@pytest.mark.django_db
class TestForms:
    """A form that is sent twice, and one whose second step is refused."""

    def sent(self, rf, user, path="/needs/new/", **fields):
        request = rf.post(path, {"title": "Masks", "nonce": "abc", **fields})
        request.user = user
        return request

    def again(self, request):
        return ReplayFormMiddleware(lambda _: HttpResponse("the view")).process_view(request, None, (), {})

    def test_repeated_form_is_answered_before_its_view_runs(self, rf, user):
        assert self.again(self.sent(rf, user)) is None
        once_per_form(self.sent(rf, user), lambda: HttpResponse("first"))
        answer = self.again(self.sent(rf, user))
        assert (answer.content, answer["Idempotency-Replayed"]) == (b"first", "true")

    def test_form_with_other_fields_page_or_person_is_not_a_repetition(self, rf, user):
        once_per_form(self.sent(rf, user), lambda: HttpResponse("first"))
        stranger = cities.user()
        for request in (
            self.sent(rf, user, title="Gloves"),
            self.sent(rf, user, path="/leads/new/"),
            self.sent(rf, stranger),
            self.sent(rf, user, nonce=""),
            self.sent(rf, user, path="/api/v1/leads/"),
            rf.get("/needs/new/", {"nonce": "abc"}),
        ):
            assert self.again(request) is None

    @pytest.mark.parametrize("nonce", ["", "abc"])
    def test_refused_second_step_rolls_back_the_first(self, rf, user, nonce):
        def both():
            Counter.objects.create(prefix="HALF", year=1, last=1)
            raise Refused("no", "Not today.")

        with pytest.raises(Refused):
            once_per_form(self.sent(rf, user, nonce=nonce), both)
        assert not Counter.objects.filter(prefix="HALF").exists()
