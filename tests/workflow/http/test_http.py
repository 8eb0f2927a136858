"""Pages and their fragments, attempts and refusals, the frame, and served files."""

from datetime import timedelta

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError, connection
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from tests.workflow.conftest import AT
from workflow import clock
from workflow.clock import create_instance, record_tick
from workflow.errors import Refused
from workflow.http.models import IdempotencyKey
from workflow.http.pages import register_counter, render_page, run_action
from workflow.instance_models import Instance
from workflow.outbox import metrics

TEMPLATE = """
{% partialdef part inline %}<b>{{ word }}</b>{% endpartialdef %}{% if refused %}<p role="alert">{{ refused }}</p>{% endif %}
<form>{{ form.errors }}</form><main></main>
"""


@pytest.fixture(autouse=True)
def template(settings, tmp_path):
    (tmp_path / "page.html").write_text(TEMPLATE)
    one = {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    settings.TEMPLATES = [one]


def request(method="get", data=None, *, htmx=False, user=None, **headers):
    headers = {"HX-Request": "true", **headers} if htmx else {}
    made = getattr(RequestFactory(), method)("/needs/", data or {}, headers=headers)
    made.user = user or AnonymousUser()
    made.htmx = HtmxDetails(made)
    return made


class Words(forms.Form):
    text = forms.CharField()


class TestShow:
    def test_a_whole_page(self):
        page = render_page(request(), "page.html#part", {"word": "Hello"})
        assert b"<b>Hello</b>" in page.content
        assert b"<main>" in page.content

    def test_only_the_fragment_for_htmx(self):
        page = render_page(request(htmx=True), "page.html#part", {"word": "Hello"}, status=409)
        assert page.content.strip() == b"<b>Hello</b>"
        assert page.status_code == 409


@pytest.mark.django_db
class TestAttempt:
    def attempt(self, made, action, done="/done/", **context):
        return run_action(made, action, done=done, template="page.html#part", context=context)

    def test_it_goes_on_when_the_action_is_done(self):
        answer = self.attempt(request("post"), lambda: None)
        assert (answer.status_code, answer["Location"]) == (303, "/done/")

    def test_the_result_may_say_where_to_go_or_be_the_answer(self):
        answer = self.attempt(request("post"), lambda: "SR-1", done=lambda made: f"/needs/{made}/")
        assert answer["Location"] == "/needs/SR-1/"
        answer = self.attempt(request("post"), lambda: "SR-1", done=HttpResponse)
        assert answer.content == b"SR-1"

    def test_htmx_is_led_on_by_its_own_header(self):
        answer = self.attempt(request("post", htmx=True), lambda: None)
        assert (answer.status_code, answer["HX-Redirect"]) == (200, "/done/")

    @pytest.mark.parametrize(
        ("target", "open_page", "in_place"),
        [
            ("main", "http://testserver/done/", True),
            ("main", "http://testserver/done/?activity#activity", True),
            ("main", "http://testserver/needs/", False),
            ("row-1", "http://testserver/done/", False),
        ],
    )
    def test_the_open_page_is_exchanged_without_a_new_document(self, target, open_page, in_place):
        headers = {"HX-Target": target, "HX-Current-URL": open_page}
        answer = self.attempt(request("post", htmx=True, **headers), lambda: None, done="/done/#customs")
        if in_place:
            assert (answer.status_code, answer["Location"]) == (303, "/done/#customs")
        else:
            assert (answer.status_code, answer["HX-Redirect"]) == (200, "/done/#customs")

    @pytest.mark.parametrize(
        ("code", "status"), [("not_allowed", 403), ("wrong_status", 409), ("not_ready", 422), ("else", 422)]
    )
    def test_a_refusal_shows_the_page_again_with_its_sentence_and_status(self, code, status):
        def action():
            raise Refused(code, "Ask someone who may.")

        answer = self.attempt(request("post"), action, word="Again")
        assert answer.status_code == status
        assert b'<p role="alert">Ask someone who may.</p>' in answer.content
        assert b"<b>Again</b>" in answer.content

    def test_the_context_is_made_only_when_it_is_needed(self):
        def context():
            raise AssertionError

        answer = run_action(request("post"), lambda: None, done="/", template="page.html", context=context)
        assert answer.status_code == 303

    def test_a_refusal_that_names_a_field_stands_there(self):
        def action():
            raise Refused("not_ready", "Write more.", field="text")

        form = Words({"text": "x"})
        assert form.is_valid()
        answer = run_action(
            request("post"), action, done="/", template="page.html", context=lambda: {"form": form}
        )
        assert b"Write more." in answer.content
        assert form.errors["text"] == ["Write more."]

    @pytest.mark.parametrize("form", [Words(), Words({"text": "x"})])
    def test_a_form_that_was_not_sent_or_has_no_such_field_is_left_alone(self, form):
        def action():
            raise Refused("not_ready", "Not yet.", field="other")

        self.attempt(request("post"), action, form=form)
        assert not form.errors

    @pytest.mark.django_db(transaction=True)
    def test_someone_elses_lock_is_a_sentence(self, user):
        def action():
            with connection.cursor() as cursor:
                cursor.execute(
                    "DO $$ BEGIN RAISE EXCEPTION 'held' USING ERRCODE = 'lock_not_available'; END $$"
                )

        answer = self.attempt(request("post"), action)
        assert answer.status_code == 409
        assert b"Someone else is changing this" in answer.content

    def test_another_database_error_is_not_hidden(self):
        def action():
            raise OperationalError("gone")

        with pytest.raises(OperationalError):
            self.attempt(request("post"), action)

    @pytest.mark.parametrize("error", [IntegrityError("a_constraint"), DataError("numeric field overflow")])
    def test_what_the_database_does_not_take_shows_the_page_again_and_is_logged(self, error, caplog):
        def action():
            raise error

        answer = self.attempt(request("post"), action)
        assert answer.status_code == 422
        assert b"One of the values cannot be stored" in answer.content
        assert str(error).encode() not in answer.content
        [told] = [one for one in caplog.records if one.levelname == "ERROR"]
        assert told.exc_info[1] is error

    def test_a_bug_in_what_the_database_is_asked_stays_one(self):
        def action():
            raise ProgrammingError

        with pytest.raises(ProgrammingError):
            self.attempt(request("post"), action)

    def test_a_form_sent_twice_is_done_once(self, user):
        done = []
        made = request("post", {"text": "x", "nonce": "abc"}, user=user)
        first = self.attempt(made, lambda: done.append(1))
        again = self.attempt(
            request("post", {"text": "x", "nonce": "abc"}, user=user), lambda: done.append(1)
        )
        assert done == [1]
        assert (again.status_code, again["Location"]) == (303, first["Location"])

    def test_a_form_sent_again_with_other_words_is_refused(self, user):
        self.attempt(request("post", {"text": "x", "nonce": "abc"}, user=user), lambda: None)
        answer = self.attempt(request("post", {"text": "y", "nonce": "abc"}, user=user), lambda: None)
        assert answer.status_code == 422
        assert b"has already been sent" in answer.content

    def test_a_refused_form_may_be_sent_again_as_it_was(self, user):
        answers = [Refused("not_ready", "Not yet."), None]

        def action():
            if refused := answers.pop(0):
                raise refused

        made = {"text": "x", "nonce": "abc"}
        assert self.attempt(request("post", made, user=user), action).status_code == 422
        assert not IdempotencyKey.objects.exists()
        assert self.attempt(request("post", made, user=user), action).status_code == 303


class TestShell:
    def render(self, text, **facts):
        made = request(**facts)
        return engines["django"].from_string(text).render({}, made)

    @pytest.mark.django_db
    def test_a_page_that_asks_for_nothing_costs_nothing(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert self.render("plain") == "plain"

    def test_languages_address_and_nonce(self, settings):
        assert "简体中文" in self.render("{{ shell.languages }}")
        assert self.render("{{ shell.address }}") == settings.BASE_URL
        assert self.render("{{ shell.nonce }}") != self.render("{{ shell.nonce }}")

    def test_a_registered_figure_is_counted_once_a_page_and_only_when_shown(self):
        asked = []

        @register_counter("test_figure")
        def figure(made):
            asked.append(made.path)
            return 7

        assert self.render("plain") == "plain"
        assert self.render("{{ shell.counts.test_figure }} {{ shell.counts.test_figure }}") == "7 7"
        assert asked == ["/needs/"]

    @pytest.mark.django_db
    def test_a_practice_instance_says_so_and_shows_its_day(self):
        create_instance(Instance.Kind.PRACTICE, AT)
        assert self.render("{{ shell.practice }} {{ shell.now|date:'Y' }}") == "True 2020"

    @pytest.mark.django_db
    def test_late_mail_is_a_banner_on_a_real_instance(self, plan):
        create_instance(Instance.Kind.REAL)
        assert self.render("{{ shell.mail_is_late }}") == "False"
        plan(next_try_at=clock.now() - metrics.LATE - timedelta(seconds=5))
        assert self.render("{{ shell.mail_is_late }}") == "True"

    @pytest.mark.django_db
    def test_on_a_practice_instance_only_when_no_one_ticks(self, plan):
        create_instance(Instance.Kind.PRACTICE, AT)
        plan(next_try_at=AT - timedelta(hours=9))
        assert self.render("{{ shell.mail_is_late }}") == "True"
        record_tick()
        assert self.render("{{ shell.mail_is_late }}") == "False", "the clock was moved on a moment ago"
