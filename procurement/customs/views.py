"""Pages of clearances and customs holds, and the moves on them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.customs.actions import DeclaredLine, record_hold, reply_to_customs
from procurement.customs.forms import (
    CustomsHoldForm,
    DeclarationForm,
    EndHoldForm,
    FileClearanceForm,
    HoldAnswerForm,
    HoldReplyForm,
)
from procurement.customs.models import CustomsClearance, CustomsHold
from procurement.customs.rules import (
    ADD_DECLARATION,
    ANSWER_CUSTOMS,
    END_HOLD,
    FILE_CLEARANCE,
    RECORD_RELEASE,
    Side,
    may_clear,
)
from procurement.shipments.form_fields import EventTimeForm, event_time_form_factory, milestone_place
from workflow import clock
from workflow.actors import Actor
from workflow.base_models import JournaledModel
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.moves import Move


@login_required
def redirect_to_clearance(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Redirect to the clearance on its shipment's page."""
    return redirect(clearance_url(_find_clearance(request, reference)))


@login_required
def redirect_to_hold(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Redirect to the customs hold on its shipment's page."""
    return redirect(hold_url(_find_hold(request, pk)))


@login_required
def clearance_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on a clearance, or make the move."""
    return run_move(request, _find_clearance(request, reference), verb, CLEARANCE_MOVE_OPTIONS)


@login_required
def add_hold(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Record that customs holds the goods, and its question. Requires the power CLEAR_CUSTOMS."""
    thing = _find_clearance(request, reference)
    form = CustomsHoldForm(request.POST or None, thing)
    require_permission(request, Power.CLEAR_CUSTOMS, thing)
    context = {"thing": thing.shipment, "form": form, "title": _("Record customs hold")}
    if not form.is_valid():
        return render_page(request, "http/record_form.html", context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: record_hold(thing, by=request.by, at=clock.now(), **form.cleaned_data),
        done=clearance_url(thing),
        template="http/record_form.html",
        context=context,
    )


@login_required
def customs_hold_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Show the form of a move on a customs hold, or make the move."""
    return run_move(request, _find_hold(request, pk), verb, HOLD_MOVE_OPTIONS)


@login_required
def reply_to_hold(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Record the answer to customs, with the file sent along. Requires the power CLEAR_CUSTOMS."""
    thing = _find_hold(request, pk)
    require_permission(request, Power.CLEAR_CUSTOMS, thing)
    posted = request.method == "POST"
    form = HoldReplyForm(request.POST if posted else None, request.FILES if posted else None)
    context = {"thing": thing.clearance.shipment, "form": form, "title": ANSWER_CUSTOMS.label}
    if not form.is_valid():
        return render_page(request, "http/record_form.html", context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: _reply(request, thing, **form.cleaned_data),
        done=hold_url(thing),
        template="http/record_form.html",
        context=context,
    )


def _reply(request: AuthenticatedRequest, thing: CustomsHold, *, answer: str, upload: Any) -> None:
    reply_to_customs(thing, answer=answer, upload=upload or None, by=request.by, at=clock.now())
    messages.success(
        request, gettext("Your answer to customs has been recorded. When customs accepts it, end the hold.")
    )


def _find_clearance(request: AuthenticatedRequest, reference: str) -> CustomsClearance:
    return get_object_or_404(
        CustomsClearance.objects.visible_to(request.by).select_related("shipment"), reference=reference
    )


def _find_hold(request: AuthenticatedRequest, pk: int) -> CustomsHold:
    return get_object_or_404(
        CustomsHold.objects.visible_to(request.by).select_related("clearance__shipment"), pk=pk
    )


def clearance_url(clearance: CustomsClearance) -> str:
    """Return the address of the clearance on its shipment's page."""
    return f"{clearance.shipment.get_absolute_url()}#customs"


def hold_url(hold: CustomsHold) -> str:
    """Return the address of the customs hold on its shipment's page."""
    return f"{hold.clearance.shipment.get_absolute_url()}#hold-{hold.pk}"


@dataclass(frozen=True)
class InlineMove:
    """Move of a clearance that a button on the page makes at once. `url` also leads to a form that asks for the time.

    `asks_for_office`: the button also asks for the customs office. `is_next`: the goods need this clearance next.
    """

    move: Move[CustomsClearance]
    url: str
    asks_for_office: bool
    is_next: bool


def open_inline_moves(by: Actor, clearance: CustomsClearance, at: datetime) -> dict[str, Any]:
    """Return the moves "file" and "release" if they are open now, and the verbs to hide from other buttons."""
    onward = clearance.side == Side.EXPORT or clearance.shipment.departed_at is not None
    inline = [
        InlineMove(move, f"{clearance.get_absolute_url()}{move.verb}/", move is FILE_CLEARANCE, onward)
        for move in (FILE_CLEARANCE, RECORD_RELEASE)
        if clearance.status in move.source and move.refusal(by, clearance, at) is None
    ]
    return {"inline": inline, "leave_out": " ".join(["redirect", *(step.move.verb for step in inline)])}


def holds_context(
    by: Actor, holds: Sequence[CustomsHold], clearances: Sequence[CustomsClearance]
) -> list[tuple[CustomsHold, HoldReplyForm | None]]:
    """Return the active holds, each with the form of an answer if the person may give one."""
    own = {clearance.pk: clearance for clearance in clearances}
    active = [hold for hold in holds if hold.status == CustomsHold.Status.ACTIVE]
    for hold in active:
        hold.clearance = own[hold.clearance_id]  # avoids a query for each hold
    return [
        (hold, HoldReplyForm(auto_id=f"hold-{hold.pk}-%s") if may_clear(by, hold) else None)
        for hold in active
    ]


def declaration_facts(**typed: Any) -> dict[str, Any]:
    """Return the facts of the declaration typed into the form: one line with its number."""
    names = ("hs_code", "origin", "value", "currency", "relief")
    line = DeclaredLine(**{name: typed.pop(name) for name in names})
    assert isinstance(line.value, Decimal)  # MoneyField gives one
    return typed | {"lines": [line]}


def _shipment_of_hold(thing: JournaledModel) -> str:
    assert isinstance(thing, CustomsHold)  # HOLD_MOVE_OPTIONS are made on holds
    return hold_url(thing)


CLEARANCE_MOVE_OPTIONS = move_options(
    MoveOption(FILE_CLEARANCE, form=FileClearanceForm),
    MoveOption(
        ADD_DECLARATION,
        custom_action=lambda request, thing, make, **typed: make(thing, **declaration_facts(**typed)),
        form=DeclarationForm,
    ),
    MoveOption(RECORD_RELEASE, form=event_time_form_factory("released_at")),
    after=clearance_url,
)
# The same forms, for a broker who acts by link.
CLEARANCE_FORMS: dict[str, Callable[[Any, CustomsClearance], forms.Form]] = {
    "file": FileClearanceForm,
    "declare": lambda data, _thing: DeclarationForm(data),
    "release": lambda data, thing: EventTimeForm(data, "released_at", milestone_place(thing)),
}
HOLD_MOVE_OPTIONS = move_options(
    MoveOption(ANSWER_CUSTOMS, form=HoldAnswerForm),
    MoveOption(END_HOLD, form=EndHoldForm),
    after=_shipment_of_hold,
)
