"""Rendering of pages and fragments, actions sent by forms, and the page frame."""

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
from workflow.installation_models import Instance
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
    def test_full_page_is_rendered_for_a_normal_request(self):
        page = render_page(request(), "page.html#part", {"word": "Hello"})
        assert b"<b>Hello</b>" in page.content
        assert b"<main>" in page.content

    def test_only_the_fragment_is_rendered_for_htmx(self):
        page = render_page(request(htmx=True), "page.html#part", {"word": "Hello"}, status=409)
        assert page.content.strip() == b"<b>Hello</b>"
        assert page.status_code == 409

    def test_whole_page_is_rendered_for_htmx_that_exchanges_its_main_part(self):
        page = render_page(request(htmx=True, **{"HX-Target": "main"}), "page.html#part", {"word": "Hello"})
        assert b"<main>" in page.content


@pytest.mark.django_db
class TestAttempt:
    def attempt(self, made, action, done="/done/", **context):
        return run_action(made, action, done=done, template="page.html#part", context=context)

    def test_completed_action_redirects_with_303(self):
        answer = self.attempt(request("post"), lambda: None)
        assert (answer.status_code, answer["Location"]) == (303, "/done/")

    def test_action_result_decides_the_redirect_or_the_response(self):
        answer = self.attempt(request("post"), lambda: "SR-1", done=lambda made: f"/needs/{made}/")
        assert answer["Location"] == "/needs/SR-1/"
        answer = self.attempt(request("post"), lambda: "SR-1", done=HttpResponse)
        assert answer.content == b"SR-1"

    def test_htmx_request_is_redirected_by_the_hx_redirect_header(self):
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
    def test_htmx_action_on_the_open_page_replaces_its_content(self, target, open_page, in_place):
        headers = {"HX-Target": target, "HX-Current-URL": open_page}
        answer = self.attempt(request("post", htmx=True, **headers), lambda: None, done="/done/#customs")
        if in_place:
            assert (answer.status_code, answer["Location"]) == (303, "/done/#customs")
        else:
            assert (answer.status_code, answer["HX-Redirect"]) == (200, "/done/#customs")

    @pytest.mark.parametrize(
        ("code", "status"), [("not_allowed", 403), ("wrong_status", 409), ("not_ready", 422), ("else", 422)]
    )
    def test_refused_action_shows_the_page_again_with_reason_and_status(self, code, status):
        def action():
            raise Refused(code, "Ask someone who may.")

        answer = self.attempt(request("post"), action, word="Again")
        assert answer.status_code == status
        assert b'<p role="alert">Ask someone who may.</p>' in answer.content
        assert b"<b>Again</b>" in answer.content

    def test_page_context_is_not_built_for_a_redirect(self):
        def context():
            raise AssertionError

        answer = run_action(request("post"), lambda: None, done="/", template="page.html", context=context)
        assert answer.status_code == 303

    def test_refusal_naming_a_field_is_shown_at_the_form_field(self):
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
    def test_refusal_naming_an_unknown_field_leaves_the_form_without_errors(self, form):
        def action():
            raise Refused("not_ready", "Not yet.", field="other")

        self.attempt(request("post"), action, form=form)
        assert not form.errors

    @pytest.mark.django_db(transaction=True)
    def test_database_lock_of_another_request_is_reported_with_409(self, user):
        def action():
            with connection.cursor() as cursor:
                cursor.execute(
                    "DO $$ BEGIN RAISE EXCEPTION 'held' USING ERRCODE = 'lock_not_available'; END $$"
                )

        answer = self.attempt(request("post"), action)
        assert answer.status_code == 409
        assert b"Someone else is changing this" in answer.content

    def test_operational_database_error_in_form_action_is_not_caught(self):
        def action():
            raise OperationalError("gone")

        with pytest.raises(OperationalError):
            self.attempt(request("post"), action)

    @pytest.mark.parametrize("error", [IntegrityError("a_constraint"), DataError("numeric field overflow")])
    def test_rejected_database_value_shows_the_page_with_422_and_is_logged(self, error, caplog):
        def action():
            raise error

        answer = self.attempt(request("post"), action)
        assert answer.status_code == 422
        assert b"One of the values cannot be stored" in answer.content
        assert str(error).encode() not in answer.content
        [told] = [one for one in caplog.records if one.levelname == "ERROR"]
        assert told.exc_info[1] is error

    def test_programming_error_in_a_query_is_raised(self):
        def action():
            raise ProgrammingError

        with pytest.raises(ProgrammingError):
            self.attempt(request("post"), action)

    def test_form_sent_twice_runs_its_action_once(self, user):
        done = []
        made = request("post", {"text": "x", "nonce": "abc"}, user=user)
        first = self.attempt(made, lambda: done.append(1))
        again = self.attempt(
            request("post", {"text": "x", "nonce": "abc"}, user=user), lambda: done.append(1)
        )
        assert done == [1]
        assert (again.status_code, again["Location"]) == (303, first["Location"])

    def test_form_sent_again_with_other_values_is_refused(self, user):
        self.attempt(request("post", {"text": "x", "nonce": "abc"}, user=user), lambda: None)
        answer = self.attempt(request("post", {"text": "y", "nonce": "abc"}, user=user), lambda: None)
        assert answer.status_code == 422
        assert b"has already been sent" in answer.content

    def test_refused_form_may_be_sent_again(self, user):
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
    def test_page_without_shell_values_runs_no_query(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert self.render("plain") == "plain"

    def test_shell_gives_each_form_another_nonce(self):
        assert self.render("{{ shell.nonce }}") != self.render("{{ shell.nonce }}")

    def test_registered_counter_is_evaluated_once_and_only_when_shown(self):
        asked = []

        @register_counter("test_figure")
        def figure(made):
            asked.append(made.path)
            return 7

        assert self.render("plain") == "plain"
        assert self.render("{{ shell.counts.test_figure }} {{ shell.counts.test_figure }}") == "7 7"
        assert asked == ["/needs/"]

    @pytest.mark.django_db
    def test_practice_instance_is_announced_with_its_date(self):
        create_instance(Instance.Kind.PRACTICE, AT)
        assert self.render("{{ shell.is_practice_site }} {{ shell.now|date:'Y' }}") == "True 2020"

    @pytest.mark.django_db
    def test_late_mail_shows_a_banner_on_a_real_instance(self, plan):
        create_instance(Instance.Kind.REAL)
        assert self.render("{{ shell.mail_is_late }}") == "False"
        plan(next_try_at=clock.now() - metrics.MAIL_LATE_AFTER - timedelta(seconds=5))
        assert self.render("{{ shell.mail_is_late }}") == "True"

    @pytest.mark.django_db
    def test_overdue_mail_shows_banner_on_practice_site_only_without_periodic_job(self, plan):
        create_instance(Instance.Kind.PRACTICE, AT)
        plan(next_try_at=AT - timedelta(hours=9))
        assert self.render("{{ shell.mail_is_late }}") == "True"
        record_tick()
        assert self.render("{{ shell.mail_is_late }}") == "False", "the clock was moved on a moment ago"
