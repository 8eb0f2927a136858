"""Pages for the lines of a need, draft or posted: add a line, change one, remove one."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.cities.models import City
from partners.powers import Power
from procurement.requests.actions.lines import (
    LineFacts,
    add_line,
    change_line,
    current_alternatives,
    remove_line,
)
from procurement.requests.forms import AddLineForm, LineForm, change_reason_field
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.rules import EDIT, others_were_asked
from procurement.requests.views.apply_changes import announce_proposal, current_line_facts
from procurement.requests.views.post_steps import urgency_facts
from procurement.requests.views.requests import find_need
from workflow import clock
from workflow.http.edit_forms import locked_for_edit
from workflow.http.pages import render_page, run_action
from workflow.input_limits import MAX_TEXT_LENGTH


@login_required
def new_need_line(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Add another product to a need, then show the page of the new line."""
    need = _find_changeable_need(request, reference)
    form = AddLineForm(request.POST or None)
    _require_reason_field(form, need)
    context = {"form": form, "need": need, "back": _back_url(need), "heading": _("Add another product")}
    if not form.is_valid():
        return render_page(request, "requests/edit_line.html", context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: _add_line(request, need, **form.cleaned_data),
        done=lambda line: _line_url(need, line) if line is not None else _back_url(need),
        template="requests/edit_line.html",
        context=context,
    )


def _add_line(
    request: AuthenticatedRequest, need: SupplyRequest, *, reason: str = "", **facts: Any
) -> RequestLine | None:
    line = add_line(need, LineFacts(**facts), by=request.by, at=clock.now(), reason=reason)
    announce_proposal(request, need)
    return line


def _line_url(need: SupplyRequest, line: RequestLine) -> str:
    return reverse("need_line", args=[need.reference, line.pk])


def _require_reason_field(form: forms.Form, need: SupplyRequest) -> None:
    """Ask for the reason of the change if others were asked about the need, or if the change may need approval."""
    approves = need.city.need_approval != City.NeedApproval.NONE and need.status == SupplyRequest.Status.OPEN
    if approves or others_were_asked(need):
        form.fields["reason"] = change_reason_field()


@login_required
def edit_need_line(request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
    """Change or remove one line of a need."""
    need = _find_changeable_need(request, reference)
    with locked_for_edit(request, need):
        return _change_line(request, need, number)


def _change_line(request: AuthenticatedRequest, need: SupplyRequest, number: int) -> HttpResponse:
    line = get_object_or_404(need.lines.select_related("product"), pk=number)
    taken_away = "remove" in request.POST
    on = line.needed_by or need.needed_by or need.city.day_at(clock.now())
    data = None if taken_away else request.POST or None
    today = need.city.day_at(clock.now())
    form = LineForm(data, product=line.product, need=need, on=on, initial=_current_values(line, today))
    form.use_unit_of(line.product).thing = need
    _require_reason_field(form, need)
    context = {
        "form": form,
        "need": need,
        "back": _back_url(need),
        "heading": line.product.name,
        "may_go": len(need.lines.all()) > 1,
    }
    if not taken_away and not form.is_valid():
        return render_page(request, "requests/edit_line.html", context, status=422 if form.is_bound else 200)
    if "compare" in request.POST:
        return render_page(request, "requests/edit_line.html", context)

    def save() -> object:
        at = clock.now()
        if taken_away:
            why = request.POST.get("reason", "")[:MAX_TEXT_LENGTH]
            return remove_line(line, by=request.by, at=at, reason=why)
        facts = dict(form.cleaned_data)
        reason = facts.pop("reason", "")
        changed = change_line(line, current_line_facts(line, **facts), by=request.by, at=at, reason=reason)
        announce_proposal(request, changed.supply_request)
        return changed

    return run_action(
        request, save, done=_back_url(need), template="requests/edit_line.html", context=context
    )


def _find_changeable_need(request: AuthenticatedRequest, reference: str) -> SupplyRequest:
    """Return the need if its lines may still change, else raise 404. Requires the power POST_REQUEST."""
    need = find_need(request, reference)
    require_permission(request, Power.POST_REQUEST, need)
    if need.status not in EDIT.source:
        raise Http404
    return need


def _current_values(line: RequestLine, today: date) -> dict[str, Any]:
    names = ("quantity", "needed_by")
    known = {name: getattr(line, name) for name in names} | urgency_facts(line, today)
    alternatives = current_alternatives(line)  # reads the standards, too
    return known | {"standards": list(line.standards.all()), "alternatives": alternatives}


def _back_url(need: SupplyRequest) -> str:
    """Return the address of the review page for a draft, else of the need's page."""
    if need.status == SupplyRequest.Status.DRAFT:
        return reverse("review_need", args=[need.reference])
    return need.get_absolute_url()
