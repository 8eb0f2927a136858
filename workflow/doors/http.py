"""The two moves every page shares: show a page or its fragment, and attempt an action and say why it was refused.

Also `shell`, what every page's frame needs. Knows no stage: rooms above add their figures with `count`.
"""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject, cached_property
from django_htmx.http import HttpResponseClientRedirect

from workflow import clock
from workflow.clock import is_practice
from workflow.doors.idempotency import new_nonce, once_per_form
from workflow.doors.refusals import of_database, status_of
from workflow.errors import Refused
from workflow.outbox import figures
from workflow.outbox.figures import oldest_due_age, tick_age

type Context = dict[str, Any]
type Counter = Callable[[HttpRequest], int]

FILES = frozenset({"csv", "xlsx"})  # what a list is taken home as: `?as=csv`
_counters: dict[str, Counter] = {}


def show(
    request: HttpRequest, template: str, context: Context | None = None, *, status: int = 200
) -> HttpResponse:
    """A whole page, or only its fragment when htmx asks for one: `show(request, "requests/detail.html#leads", {...})`."""
    if status == HTTPStatus.OK and request.GET.get("as") in FILES:
        raise Http404("This page is no list that is handed out as a file.")
    if not getattr(request, "htmx", False):
        template = template.partition("#")[0]
    return render(request, template, context, status=status)


def attempt[T](
    request: HttpRequest,
    action: Callable[[], T],
    *,
    done: str | Callable[[T], str | HttpResponse],
    template: str,
    context: Context | Callable[[], Context],
) -> HttpResponse:
    """Run one action for a submitted form: go on to `done`, or show the form again with the reason why not.

    `done` is an address, or makes one (or a whole answer) of the action's result. On `Refused` the template is shown with its
    context, `refused` in it (the page prints it in `role="alert"`) and the refusal's own status; where the refusal names a
    field of `context["form"]`, the sentence stands at that field as well. A form that carries a nonce and is sent twice is done
    once: the second answer is the first one again.
    """

    def run() -> HttpResponse:
        result = action()
        return _go_on(request, done(result) if callable(done) else done)

    try:
        return once_per_form(request, run)
    except Refused as error:
        refused = error
    except DatabaseError as error:
        told = of_database(error)
        if told is None:
            raise
        refused = told
    page = context() if callable(context) else context
    _point_at_field(page.get("form"), refused)
    return show(request, template, {**page, "refused": refused}, status=status_of(refused))


def _go_on(request: HttpRequest, answer: str | HttpResponse) -> HttpResponse:
    if isinstance(answer, HttpResponse):
        return answer
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(answer)
    return HttpResponseRedirect(answer, status=303)


def _point_at_field(form: Any, refused: Refused) -> None:
    field = refused.details.get("field")
    if form is not None and form.is_bound and field in form.fields:
        form.add_error(field, str(refused.message))


def count(name: str) -> Callable[[Counter], Counter]:
    """Register a figure of the frame, shown as `{{ shell.counts.<name> }}` and asked for only where a page prints it."""

    def register(counter: Counter) -> Counter:
        _counters[name] = counter
        return counter

    return register


class Counts:
    """The figures beside the navigation, each one computed when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.known: dict[str, int] = {}

    def __getitem__(self, name: str) -> int:
        if name not in self.known:
            self.known[name] = _counters[name](self.request)
        return self.known[name]


class Shell:
    """What the frame of a page shows besides the page: every part is worked out only when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.counts = Counts(request)

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Codes of the languages with their own names, for the switch."""
        return [("en", "English"), ("fr-ca", "Français"), ("zh-hans", "简体中文")]

    @property
    def address(self) -> str:
        """The instance's own address, to print on papers and pages."""
        return settings.BASE_URL

    @cached_property
    def practice(self) -> bool:
        """Whether this is a practice instance, whose banner names the day and offers "next morning"."""
        return is_practice()

    @cached_property
    def now(self) -> datetime:
        """The moment the story is at."""
        return clock.now()

    @cached_property
    def mail_is_late(self) -> bool:
        """Whether the oldest due message has waited more than ten minutes: a banner for staff."""
        if oldest_due_age(clock.now()) <= figures.LATE:
            return False
        ticked = (
            tick_age()
        )  # "next morning" makes mail overdue in one step; then it counts only when nobody ticks
        return not self.practice or ticked is None or ticked > figures.LATE

    @property
    def nonce(self) -> str:
        """A fresh value for a form's hidden `nonce` field: the form is then done once, however often it is sent."""
        return new_nonce()


def shell(request: HttpRequest) -> Context:
    """Context processor: `shell` in every template that is rendered with a request."""
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
