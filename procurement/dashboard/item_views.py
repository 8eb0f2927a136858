"""Views of one row of the start page (“Today”): do its task there, put it off, hand it over, or take it back."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from partners.authenticated_requests import AuthenticatedRequest
from partners.memberships.models import Membership
from partners.permissions.permissions import permissions_of
from partners.todo_marks.actions import hand_over, put_off, remove_mark
from procurement.dashboard.forms import HandOverForm, PutOffForm
from procurement.dashboard.todo_items import TodoItem, TodoKind
from procurement.dashboard.views import KIND_BY_CODE
from workflow import clock
from workflow.action_arguments import ActionArguments
from workflow.days import reader_day
from workflow.formatting import format_day
from workflow.http.confirmations import confirm_move, undoing_move
from workflow.http.pages import render_page, run_action
from workflow.moves import Move, action_of

MAX_COLLEAGUES = 30  # people of the city who are asked whether they have the row as well
TEMPLATE, DONE = "dashboard/row.html", "dashboard/row.html#done"


@login_required
def todo_row(request: AuthenticatedRequest, code: str, pk: int) -> HttpResponse:
    """Show one row of the start page with the forms that put it off and hand it over."""
    return render_page(request, f"{TEMPLATE}#later", _context(request, code, pk))


@login_required
@require_POST
def complete_todo(request: AuthenticatedRequest, code: str, pk: int) -> HttpResponse:
    """Make the move of a row that needs no form, and show the result on the start page."""
    kind, thing, _row = _find_row(request, code, pk)
    step = kind.row_action
    if step is None:
        raise Http404
    before = thing.status

    words = _("Done: %(label)s (%(thing)s).") % {"label": step.move.label, "thing": thing}

    def confirm(_made: Any) -> HttpResponse:
        at = clock.now()
        if not getattr(request, "htmx", False):
            undo = undoing_move(request.by, step.move, thing, at)
            offered = {undo.verb} if undo is not None else set()
            confirm_move(request, step.move, thing, before, at, plain=_plain_verb(undo), offered=offered)
            return _redirect_home(request)
        undo = undoing_move(request.by, step.move, thing, at)
        context = {"words": words, "thing": thing, "undo": undo, "undo_asks": not _plain_verb(undo)}
        return render_page(request, DONE, context)

    return run_action(
        request,
        lambda: step.make_move(request, thing),
        done=confirm,
        template=f"{TEMPLATE}#refused",
        context=lambda: _context(request, code, pk),
    )


@login_required
@require_POST
def put_off_todo(request: AuthenticatedRequest, code: str, pk: int) -> HttpResponse:
    """Hide a row until a day."""
    context, form, at = _context(request, code, pk), PutOffForm(request.POST), clock.now()
    context["put_off"] = form
    if not form.is_valid():
        return render_page(request, f"{TEMPLATE}#later", context, status=422)
    until = form.cleaned_data["until"]
    words = _("Postponed until %(day)s.") % {"day": format_day(until)}
    return run_action(
        request,
        lambda: put_off(code, pk, until=until, today=reader_day(at), by=request.by, at=at),
        done=lambda _mark: _replace_with_sentence(request, words, code=code, pk=pk),
        template=f"{TEMPLATE}#later",
        context=context,
    )


@login_required
@require_POST
def hand_over_todo(request: AuthenticatedRequest, code: str, pk: int) -> HttpResponse:
    """Hand a row to a colleague of the same city whose start page shows the row as well."""
    kind, thing, _row = _find_row(request, code, pk)
    form, at = HandOverForm(request.POST, colleagues_with_item(kind, thing, request.by)), clock.now()
    context = _context(request, code, pk) | {"hand_over": form}
    if not form.is_valid():
        return render_page(request, f"{TEMPLATE}#later", context, status=422)
    to, note = form.cleaned_data["to"], form.cleaned_data["note"]
    words = _("Handed over to %(who)s. The item returns to your list in a week if it is still open.") % {
        "who": to
    }
    return run_action(
        request,
        lambda: hand_over(code, pk, to=to, note=note, today=reader_day(at), by=request.by, at=at),
        done=lambda _mark: _replace_with_sentence(request, words, code=code, pk=pk),
        template=f"{TEMPLATE}#later",
        context=context,
    )


@login_required
@require_POST
def restore_todo(request: AuthenticatedRequest, code: str, pk: int) -> HttpResponse:
    """Bring a row back that the reader put off or handed over."""
    if code not in KIND_BY_CODE:
        raise Http404
    remove_mark(code, pk, by=request.by)
    if not getattr(request, "htmx", False):
        messages.success(request, _("The item is back on your list."))
        return _redirect_home(request)
    if KIND_BY_CODE[code].get_waiting_object(request.by, pk) is None:  # done in the meantime
        return HttpResponse("")
    return render_page(request, f"{TEMPLATE}#row", _context(request, code, pk))


def colleagues_with_item(kind: TodoKind, thing: Any, by: Any) -> list[User]:
    """Return the people of the object's city, without the reader, who have the row on their start page as well.

    Empty for an object of no city, and for one of a city in which the reader has no role.
    """
    city_id = getattr(thing, "city_id", None)
    if city_id is None or city_id not in by.visible_cities:
        return []
    staff = User.objects.filter(
        is_active=True, pk__in=Membership.objects.active().filter(city=city_id).values("user")
    )
    people = staff.exclude(pk=by.user_id).order_by("name", "pk")[:MAX_COLLEAGUES]
    return [
        one
        for one in people
        if kind.find_waiting(permissions_of(one, via=by.via)).filter(pk=thing.pk).exists()
    ]


def _find_row(request: AuthenticatedRequest, code: str, pk: int) -> tuple[TodoKind, Any, TodoItem]:
    """Return the kind, the object and the row, or raise 404 if the row is not the reader's."""
    kind = KIND_BY_CODE.get(code)
    if kind is None:
        raise Http404
    thing = kind.get_waiting_object(request.by, pk)
    if thing is None:
        raise Http404
    return kind, thing, kind.build_row(thing, clock.now())


def _context(request: AuthenticatedRequest, code: str, pk: int) -> dict[str, Any]:
    kind, thing, row = _find_row(request, code, pk)
    colleagues = colleagues_with_item(kind, thing, request.by)
    days = _quick_days(clock.now())
    return {
        "row": row,
        "at": clock.now(),
        "days": days,
        "put_off": PutOffForm(None),
        "hand_over": HandOverForm(None, colleagues) if colleagues else None,
    }


def _quick_days(at: datetime) -> list[tuple[str, Any]]:
    """Return the days that one press puts a row off to: tomorrow, and the Monday after."""
    today = reader_day(at)
    return [
        (_("Tomorrow"), today + timedelta(days=1)),
        (_("Next Monday"), today + timedelta(days=7 - today.weekday())),
    ]


def _plain_verb(undo: Move[Any] | None) -> frozenset[str]:
    """Return the verb of the move if it is a button without a form, else nothing."""
    if undo is None or ActionArguments.from_action(action_of(undo)).required_names():
        return frozenset()
    return frozenset({undo.verb})


def _replace_with_sentence(request: AuthenticatedRequest, words: str, **more: Any) -> HttpResponse:
    """Replace the row with a sentence (htmx), or go back to the start page with it."""
    if getattr(request, "htmx", False):
        return render_page(request, DONE, {"words": words, **more})
    messages.success(request, words)
    return _redirect_home(request)


def _redirect_home(_request: AuthenticatedRequest) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": reverse("today")})
