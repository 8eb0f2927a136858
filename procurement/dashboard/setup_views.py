"""Guide to the set-up of a site, the buttons of its tasks (test message, not needed, needed again), and its settings."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import people
from partners.authenticated_requests import AuthenticatedRequest
from partners.todo_marks.actions import dismiss, remove_mark
from procurement.dashboard.setup_tasks import MARK_KIND_PREFIX, setup_lists
from procurement.dashboard.site_settings import shown_settings
from workflow import clock
from workflow.http.pages import render_page, run_action

SETUP_GUIDE_TEMPLATE = "dashboard/first_run.html"


@login_required
@require_safe
def setup_guide(request: AuthenticatedRequest) -> HttpResponse:
    """Show all set-up tasks: of each city whose members the reader manages and, for a coordinator, of the network."""
    return render_page(request, SETUP_GUIDE_TEMPLATE, _guide(request))


def _guide(request: AuthenticatedRequest) -> dict[str, Any]:
    return {"setup": setup_lists(request.by, clock.now())}


@login_required
@require_safe
def site_settings(request: AuthenticatedRequest) -> HttpResponse:
    """Show the settings of the site to administrators of cities and to coordinators."""
    if not request.by.managed_city_ids and not request.by.is_coordinator:
        raise PermissionDenied
    return render_page(request, "dashboard/site_settings.html", {"shown": shown_settings()})


@login_required
@require_POST
def send_test_mail(request: AuthenticatedRequest) -> HttpResponse:
    """Send a test message to the reader's own address."""
    if not request.by.managed_city_ids and not request.by.is_coordinator:
        raise PermissionDenied
    return run_action(
        request,
        lambda: people.send_test_mail(request.user, by=request.by, at=clock.now()),
        done=reverse("today"),
        template=SETUP_GUIDE_TEMPLATE,
        context=lambda: _guide(request),
    )


@login_required
@require_POST
def skip_setup_task(request: AuthenticatedRequest, code: str, pk: int) -> HttpResponse:
    """Mark a task as not needed: it leaves the reader's own list."""
    _require_task(request, code, pk)
    dismiss(MARK_KIND_PREFIX + code, pk, by=request.by, at=clock.now())
    return HttpResponseRedirect(reverse("today"), status=303)


@login_required
@require_POST
def resume_setup_task(request: AuthenticatedRequest, code: str, pk: int) -> HttpResponse:
    """Bring a task back that the reader marked as not needed."""
    _require_task(request, code, pk)
    remove_mark(MARK_KIND_PREFIX + code, pk, by=request.by)
    return HttpResponseRedirect(reverse("today"), status=303)


def _require_task(request: AuthenticatedRequest, code: str, pk: int) -> None:
    lists = setup_lists(request.by, clock.now())
    if not any(one.marked_thing_id == pk and code in [task.code for task in one.tasks] for one in lists):
        raise Http404
