"""Posting a need in four steps, each saved as it is left: what, how many and by when, which standards, who may see it.

Then one page to check everything and post it.
"""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from partners.candidates import suggest
from partners.roles import Power
from partners.routing.values import Place
from partners.visit import Visit, only
from procurement.catalogue.models.facts import Dealing
from procurement.requests.actions import needs
from procurement.requests.actions.lines import LineFacts
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.web.needs.change_a_need import as_it_is
from procurement.web.needs.needs import find
from procurement.web.needs.steps import LAST, NEED_FACTS, STEPS, What, cities_of, form_of, save_step
from workflow import clock
from workflow.doors.editing import editing
from workflow.doors.http import attempt, show


@login_required
def begin(request: Visit) -> HttpResponse:
    """Step 1 of a new need: leaving it saves the draft."""
    only(request, Power.POST_REQUEST)
    cities = cities_of(request)
    form = What(request.POST or None, cities=cities)
    if not form.is_valid():
        return _step(request, form, 1, None, status=422 if form.is_bound else 200)
    facts = form.cleaned_data

    def save() -> SupplyRequest:
        return needs.draft(
            facts["city"],
            title=facts["title"],
            declared_use=facts["declared_use"],
            facility_kinds=facts["facility_kinds"],
            lines=[LineFacts(product=facts["product"], quantity=1)],
            author=request.user,
            by=request.by,
            at=clock.now(),
            accepts=[Dealing.PURCHASE, Dealing.DONATION],
            notes_language=request.user.language,
        )

    return attempt(
        request,
        save,
        done=lambda need: reverse("write_need", args=[need.reference, 2]),
        template="requests/step.html",
        context=_context(form, 1, None),
    )


@login_required
def write(request: Visit, reference: str, step: int) -> HttpResponse:
    """A step of a draft; leaving it saves it and goes on to the next, the last one to the check page."""
    need = find(request, reference)
    only(request, Power.POST_REQUEST, need)
    if need.status != SupplyRequest.Status.DRAFT or not 1 <= step <= LAST:
        raise Http404
    with editing(request, need):
        return _write(request, need, step)


def _write(request: Visit, need: SupplyRequest, step: int) -> HttpResponse:
    line = _first_of(need)
    if line is None and step > 1:
        return redirect("write_need", need.reference, 1)
    form = form_of(request, need, line, step)
    if not form.is_valid():
        return _step(request, form, step, need, status=422 if form.is_bound else 200)
    onward = (
        reverse("write_need", args=[need.reference, step + 1])
        if step < LAST
        else reverse("review_need", args=[need.reference])
    )
    return attempt(
        request,
        lambda: save_step(request, need, form.cleaned_data),
        done=onward,
        template="requests/step.html",
        context=_context(form, step, need),
    )


@login_required
@require_POST
def again(request: Visit, reference: str) -> HttpResponse:
    """A draft of the same goods for the same place; its dates are new."""
    need = find(request, reference)
    only(request, Power.POST_REQUEST, need)
    same = {name: getattr(need, name) for name in NEED_FACTS - {"title", "needed_by"}}

    def save() -> SupplyRequest:
        return needs.draft(
            need.city,
            title=need.title,
            lines=[as_it_is(line, needed_by=None, days_left=None) for line in need.lines.all()],
            author=request.user,
            by=request.by,
            at=clock.now(),
            notes_language=need.notes_language,
            **same,
        )

    return attempt(
        request,
        save,
        done=lambda draft: reverse("write_need", args=[draft.reference, 2]),
        template="requests/line.html",
        context={"need": need, "heading": _("Need this again"), "back": need.get_absolute_url()},
    )


@login_required
def review(request: Visit, reference: str) -> HttpResponse:
    """Everything once more before it is posted, with who could be asked then."""
    need = find(request, reference)
    only(request, Power.POST_REQUEST, need)
    line = _first_of(need)
    if line is None:
        return redirect("write_need", need.reference, 1)
    at, language = clock.now(), request.user.language
    suggested = suggest(
        need.city, Place(), need.city.day_at(at), family=line.product.family, language=language, at=at
    )
    context = {
        "need": need,
        "lines": need.lines.all(),
        "suggestions": suggested[:5],
        "steps": STEPS,
        "step": LAST,
    }
    if request.method != "POST":
        return show(request, "requests/review.html", context)
    return attempt(
        request,
        lambda: needs.post(need, by=request.by, at=clock.now()),
        done=f"{need.get_absolute_url()}ask/",
        template="requests/review.html",
        context=context,
    )


def _first_of(need: SupplyRequest) -> RequestLine | None:
    """The line these steps write; None for a draft that was begun elsewhere, without saying what."""
    return next(iter(need.lines.all()), None)


def _step(
    request: Visit, form: forms.Form, step: int, need: SupplyRequest | None, *, status: int
) -> HttpResponse:
    return show(request, "requests/step.html", _context(form, step, need), status=status)


def _context(form: forms.Form, step: int, need: SupplyRequest | None) -> dict[str, Any]:
    back = reverse("write_need", args=[need.reference, step - 1]) if need and step > 1 else reverse("needs")
    return {
        "form": form,
        "steps": STEPS,
        "step": step,
        "need": need,
        "back": back,
        "heading": STEPS[step - 1],
    }


urlpatterns = [
    path("needs/new/", begin, name="post_need"),
    path("needs/<slug:reference>/write/<int:step>/", write, name="write_need"),
    path("needs/<slug:reference>/review/", review, name="review_need"),
    path("needs/<slug:reference>/again/", again, name="need_again"),
]
