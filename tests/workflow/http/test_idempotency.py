"""A repeated request gets the first answer and is done once, at any time and from any process."""

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
    delete_expired,
    once_per_form,
    run_once,
)
from workflow.http.models import IdempotencyKey

ASKED = idempotency.fingerprint("POST", "/api/v1/needs/", b"{}")


def made(times: list[int], status: int = 201):
    """Return work that creates a row and answers with the number of its runs."""

    def run():
        times.append(1)
        Counter.objects.create(prefix="XX", year=len(times), last=1)
        return JsonResponse({"n": len(times)}, status=status, headers={"Location": "/x/"})

    return run


@pytest.mark.django_db
class TestOnce:
    def test_a_repetition_gets_the_stored_answer(self, user):
        times = []
        first = run_once(user.pk, "k", ASKED, made(times))
        again = run_once(user.pk, "k", ASKED, made(times))
        assert times == [1]
        assert (again.status_code, again.content, again["Location"]) == (201, first.content, "/x/")
        assert again["Content-Type"] == "application/json"
        assert again["Idempotency-Replayed"] == "true"
        assert "Idempotency-Replayed" not in first

    def test_another_request_with_the_same_key_is_refused(self, user):
        run_once(user.pk, "k", ASKED, made([]))
        with pytest.raises(Refused) as refused:
            run_once(user.pk, "k", "other", made([]))
        assert refused.value.code == "key_reused"

    def test_keys_are_each_persons_own(self, user, add_user):
        times = []
        for person in (user.pk, add_user().pk, None):
            run_once(person, "k", ASKED, made(times))
        assert len(times) == 3
        run_once(None, "k", ASKED, made(times))
        assert len(times) == 3

    def test_an_answer_that_changed_nothing_is_not_kept_and_undoes_everything(self, user):
        times = []
        assert run_once(user.pk, "k", ASKED, made(times, 422)).status_code == 422
        assert not Counter.objects.exists()
        assert not IdempotencyKey.objects.exists()
        assert run_once(user.pk, "k", ASKED, made(times)).status_code == 201

    def test_an_exception_leaves_neither_key_nor_work(self, user):
        def run():
            made([])()
            raise LookupError

        with pytest.raises(LookupError):
            run_once(user.pk, "k", ASKED, run)
        assert not Counter.objects.exists()
        assert not IdempotencyKey.objects.exists()

    def test_an_answer_that_is_not_rendered_yet_is_rendered_and_kept(self, user):
        page = engines["django"].from_string("Hello")
        run_once(user.pk, "k", ASKED, lambda: SimpleTemplateResponse(page))
        assert run_once(user.pk, "k", ASKED, made([])).content == b"Hello"

    def test_a_rendered_one_is_kept_as_it_is(self, user):
        run_once(
            user.pk, "k", ASKED, lambda: SimpleTemplateResponse(engines["django"].from_string("A")).render()
        )
        assert IdempotencyKey.objects.get().answer_body == "A"

    def test_a_key_that_is_too_long_is_refused(self, user):
        with pytest.raises(Refused) as refused:
            run_once(user.pk, "k" * 101, ASKED, made([]))
        assert refused.value.code == "key_too_long"

    def test_old_keys_are_forgotten(self, user):
        for key in ("old", "new"):
            run_once(user.pk, key, ASKED, lambda: HttpResponse("ok"))
        IdempotencyKey.objects.filter(key="old").update(created_at=Now() - timedelta(days=2))
        assert delete_expired(real_now() - timedelta(days=1)) == 1
        assert IdempotencyKey.objects.get().key == "new"


def test_fingerprints_tell_parts_apart():
    assert idempotency.fingerprint("ab", "c") != idempotency.fingerprint("a", "bc")


@pytest.mark.django_db(transaction=True)
def test_the_same_request_at_the_same_moment_is_asked_to_wait(user):
    begun, over = threading.Event(), threading.Event()
    answers = []

    def slow():
        begun.set()
        assert over.wait(10)
        return HttpResponse("done")

    def first():
        try:
            answers.append(run_once(user.pk, "k", ASKED, slow))
        finally:
            connection.close()

    other = threading.Thread(target=first)
    other.start()
    assert begun.wait(10)
    with pytest.raises(Refused) as refused:
        run_once(user.pk, "k", ASKED, made([]))
    assert refused.value.code == "in_progress"
    over.set()
    other.join()
    assert run_once(user.pk, "k", ASKED, made([])).content == answers[0].content == b"done"


def test_files_are_part_of_what_a_form_says(rf):
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

    def test_what_was_sent_before_is_answered_before_any_view_looks_at_it(self, rf, user):
        assert self.again(self.sent(rf, user)) is None
        once_per_form(self.sent(rf, user), lambda: HttpResponse("first"))
        answer = self.again(self.sent(rf, user))
        assert (answer.content, answer["Idempotency-Replayed"]) == (b"first", "true")

    def test_other_fields_another_page_and_another_person_are_no_repetition(self, rf, user):
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
    def test_a_form_whose_second_step_is_refused_leaves_nothing_of_its_first(self, rf, user, nonce):
        def both():
            Counter.objects.create(prefix="HALF", year=1, last=1)
            raise Refused("no", "Not today.")

        with pytest.raises(Refused):
            once_per_form(self.sent(rf, user, nonce=nonce), both)
        assert not Counter.objects.filter(prefix="HALF").exists()
