"""Functions that all pages share: render a page or a fragment of it, run an action, and provide the page frame.

The frame is what surrounds the content of each page: header, navigation, banners and footer. Other apps register the
numbers shown in the navigation with `register_counter`; this module imports none of them.
"""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import cached_property
from django_htmx.http import HttpResponseClientRedirect

from workflow import clock
from workflow.clock import is_practice
from workflow.errors import Refused
from workflow.http.idempotency import new_nonce, once_per_form
from workflow.http.refusal_responses import http_status, refusal_from_database_error
from workflow.outbox import metrics
from workflow.outbox.metrics import oldest_due_age, tick_age

type Context = dict[str, Any]
type Counter = Callable[[HttpRequest], int]

MAIN_ELEMENT_ID = (
    "main"  # id of the element that a move made in place exchanges: everything between header and footer
)
FILE_FORMATS = frozenset({"csv", "xlsx"})  # formats in which a list can be downloaded: `?as=csv`
_counters: dict[str, Counter] = {}


def render_page(
    request: HttpRequest, template: str, context: Context | None = None, *, status: int = 200
) -> HttpResponse:
    """Return a whole page, or only the fragment named after `#` if htmx asks for it.

    htmx that exchanges the main part of a page takes it from the whole page.
    Example: `render_page(request, "requests/detail.html#leads", {...})`. Raises 404 if the address asks for a file.
    """
    if status == HTTPStatus.OK and request.GET.get("as") in FILE_FORMATS:
        raise Http404("This page cannot be downloaded as a file.")
    htmx: Any = getattr(request, "htmx", None)
    if not htmx or htmx.target == MAIN_ELEMENT_ID:
        template = template.partition("#")[0]
    return render(request, template, context, status=status)


def run_action[T](
    request: HttpRequest,
    action: Callable[[], T],
    *,
    done: str | Callable[[T], str | HttpResponse],
    template: str,
    context: Context | Callable[[], Context],
) -> HttpResponse:
    """Run an action for a submitted form, then redirect, or show the form again with the refusal.

    `done` is an address, or a function that makes one (or a complete response) from the action's result. On
    `Refused`, the template is shown with its context, with `refused` in it (the page prints it in
    `role="alert"`) and with the refusal's own status. If the refusal names a field of `context["form"]`, the
    sentence also appears at that field. If htmx sends the form to exchange the main part of its own page,
    only that part is exchanged. A form with a nonce that is sent twice runs the action once; the second response
    repeats the first.
    """

    def run() -> HttpResponse:
        result = action()
        return _continue_to(request, done(result) if callable(done) else done)

    try:
        return once_per_form(request, run)
    except Refused as error:
        refused = error
    except DatabaseError as error:
        database_refusal = refusal_from_database_error(error)
        if database_refusal is None:
            raise
        refused = database_refusal
    page_context = context() if callable(context) else context
    _add_error_to_field(page_context.get("form"), refused)
    return render_page(request, template, {**page_context, "refused": refused}, status=http_status(refused))


def _continue_to(request: HttpRequest, answer: str | HttpResponse) -> HttpResponse:
    if isinstance(answer, HttpResponse):
        return answer
    if getattr(request, "htmx", False) and not _is_current_page(request, answer):
        return HttpResponseClientRedirect(answer)
    return HttpResponseRedirect(answer, status=303)


def _is_current_page(request: HttpRequest, address: str) -> bool:
    """Return True if the reader is on the page of this address, and htmx exchanges its main part.

    htmx then follows a plain redirect and takes the main part of the page from the answer, without a new document.
    """
    htmx: Any = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    return bool(
        htmx.target == MAIN_ELEMENT_ID and urlsplit(htmx.current_url or "").path == urlsplit(address).path
    )


def _add_error_to_field(form: Any, refused: Refused) -> None:
    field = refused.details.get("field")
    if form is not None and form.is_bound and field in form.fields:
        form.add_error(field, str(refused.message))


def register_counter(name: str) -> Callable[[Counter], Counter]:
    """Register the function that counts a number of the navigation, shown as `{{ shell.counts.<name> }}`.

    It is called only if a page shows the number.
    """

    def register(counter: Counter) -> Counter:
        _counters[name] = counter
        return counter

    return register


class FrameCounts:
    """Numbers beside the links of the navigation, each counted when a template first uses it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.cached_counts: dict[str, int] = {}

    def __getitem__(self, name: str) -> int:
        if name not in self.cached_counts:
            self.cached_counts[name] = _counters[name](self.request)
        return self.cached_counts[name]


class PageFrame:
    """Data for the header, navigation, banners and footer of a page, computed when a template uses it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.counts = FrameCounts(request)

    @property
    def version(self) -> str:
        """Version of the product, for people who report a fault."""
        return str(settings.VERSION)

    @cached_property
    def is_practice_site(self) -> bool:
        """True on a practice site, whose banner names the day and offers "next morning"."""
        return is_practice()

    @cached_property
    def now(self) -> datetime:
        """Current time of the site."""
        return clock.now()

    @cached_property
    def mail_is_late(self) -> bool:
        """True if the oldest due message has waited more than ten minutes; staff then see a banner.

        On a practice site, the periodic job must be late as well.
        """
        if oldest_due_age(clock.now()) <= metrics.MAIL_LATE_AFTER:
            return False
        ticked = (
            tick_age()
        )  # "next morning" makes mail overdue in one step, so there the periodic job must be late too
        return not self.is_practice_site or ticked is None or ticked > metrics.MAIL_LATE_AFTER

    @property
    def nonce(self) -> str:
        """New value for a form's hidden `nonce` field.

        With it, the form is done once, however often it is sent.
        """
        return new_nonce()


def page_frame(request: HttpRequest) -> Context:
    """Context processor that adds the page frame to every template, under the name `shell`."""
    return {"shell": PageFrame(request)}
