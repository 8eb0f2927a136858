"""Offers: the list, an offer's page, entering one by hand, and the moves on it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from partners.roles import Power
from partners.visit import Visit
from partners.web import record
from procurement.allocations.models import Allocation
from procurement.exchange.sheets import OFFERS
from procurement.leads.actions import deciding, offers, verifying
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening.sentences import sentence
from procurement.leads.screening.sentences.unsure import UNSURE
from procurement.shipments.gathering.record import whole_of
from procurement.shipments.rules.dock.record import word_of
from procurement.suppliers.models.certificate import Certificate
from procurement.verification.actions.opening import open_checks
from procurement.verification.models.checks import VerificationTask
from procurement.verification.rules import needed
from procurement.web.leads import prices
from procurement.web.leads.facts import Facts
from procurement.web.leads.papers import of_offer
from procurement.web.light import of_lead
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.http import attempt, show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form

WITH_NAMES = (
    "supplier__place",
    "maker__place",
    "product",
    "standard",
    "city",
    "line__supply_request",
    "author",
    "verified_by",
)


class Filters(forms.Form):
    """What a reader may narrow the list by."""

    q = forms.CharField(label=_("Search"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *SupplierLead.Status.choices]
    )


@login_required
def leads(request: Visit) -> HttpResponseBase:
    """Every offer the reader may see, newest first."""
    rows = SupplierLead.objects.visible_to(request.by).select_related(*WITH_NAMES)
    form = Filters(request.GET)
    if form.is_valid():
        rows = rows.search(form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            rows = rows.filter(status=form.cleaned_data["status"])
    if wanted(request):
        return sheet(request, "offers", OFFERS, rows)
    may_enter = bool(request.by.cities.get(Power.OFFER_LEAD))
    return show(
        request, "leads/list.html", {"page": page(request, rows), "filters": form, "may_enter": may_enter}
    )


@login_required
def lead(request: Visit, reference: str) -> HttpResponse:
    """One offer: facts, findings, checks, price, allocations, history."""
    thing = find(request, reference)
    by = request.by
    rows = Finding.objects.visible_to(by).filter(lead=thing).select_related("answered_by", "lead")
    findings = list(rows.order_by("pk"))
    can_order = of_lead(by, thing, findings)
    asked = (
        VerificationTask.objects.visible_to(by)
        .filter(lead=thing)
        .select_related("contact__user", "contact__city", "judged_by")
    )
    certificates = list(
        Certificate.objects.visible_to(by)
        .filter(supplier__in={thing.supplier_id, thing.maker_id} - {None})
        .select_related("kind")
        .order_by("pk")
    )
    today = thing.city.day_at(clock.now())
    context = {
        "lead": thing,
        "powers": by,
        "findings": [(one, sentence(one.code, one.figures), UNSURE.get(one.unsure)) for one in findings],
        "checks": asked.order_by("pk"),
        "why": needed.WHY,
        "certificates": [one for one in certificates if one.supplier_id == thing.supplier_id],
        "papers": of_offer(thing, certificates, today),
        "prices": prices.of_offer(thing, today) if thing.city_id in by.sees else None,
        "allocations": Allocation.objects.visible_to(by)
        .filter(lead=thing)
        .select_related("line__supply_request")
        .order_by("pk"),
        "record": word_of(whole_of(thing.supplier, by.sees & {thing.city_id})),
        "may_look_up": by.may(Power.JUDGE_LEAD, thing),
        "shown": can_order,
        "leave_out": f"check {can_order.verb if can_order else ''}",
        "may_open": (can_order is None or can_order.verb != "check")
        and by.may(Power.ASSIGN_CHECK, thing)
        and thing.status == SupplierLead.Status.OFFERED,
    }
    return show(request, "leads/detail.html", context | record.of(request, thing))


@login_required
def enter(request: Visit) -> HttpResponse:
    """Enter an offer that came by phone or letter, and send it in."""
    city = (
        City.objects.filter(pk__in=request.by.cities.get(Power.OFFER_LEAD, frozenset()))
        .order_by("pk")
        .first()
    )
    if city is None:
        raise PermissionDenied
    form = Facts(request.POST or None, city)
    if not form.is_valid():
        return show(request, "leads/enter.html", {"form": form}, status=422 if form.is_bound else 200)

    def save() -> SupplierLead:
        at = clock.now()
        fresh = offers.draft(city, author=request.user, by=request.by, at=at, **form.cleaned_data)
        return offers.offer(fresh, by=request.by, at=at)

    return attempt(
        request,
        save,
        done=lambda new: new.get_absolute_url(),
        template="leads/enter.html",
        context={"form": form},
    )


@login_required
def move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A button or a form of an offer's page."""
    return make(request, find(request, reference), verb, STEPS)


def find(request: Visit, reference: str) -> SupplierLead:
    """The offer, as far as the reader may see it."""
    return get_object_or_404(
        SupplierLead.objects.visible_to(request.by).select_related(
            *WITH_NAMES, "contact__city", "contact__introduced_by"
        ),
        reference=reference,
    )


class Share(forms.Form):
    """Which city may see this offer."""

    city = forms.ModelChoiceField(City.objects.order_by("name_en", "pk"), label=_("City"))


def _change(request: Visit, thing: SupplierLead, **facts: Any) -> SupplierLead:
    """Change only what differs, so that a corrected remark does not send a verified offer back."""
    changed = {name: value for name, value in facts.items() if getattr(thing, name) != value}
    return offers.change(thing, by=request.by, at=clock.now(), **changed)


def _facts_form(data: Any, thing: SupplierLead) -> Facts:
    return Facts(data, thing.city, thing)


def _with_reason(action: Any, hint: Any = "") -> Step:
    return Step(
        lambda request, thing, reason: action(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=hint,
    )


STEPS = {
    "edit": Step(_change, form=_facts_form),
    "change": Step(
        _change,
        form=_facts_form,
        hint=_("The offer goes back to checking, and what rested on the fact is checked again."),
    ),
    "remark": Step(_change, form=_facts_form),
    "offer": Step(lambda request, thing: offers.offer(thing, by=request.by, at=clock.now())),
    "check": Step(lambda request, thing: open_checks(thing, by=request.by, at=clock.now())),
    "verify": Step(
        lambda request, thing: verifying.verify(thing, verifier=request.user, by=request.by, at=clock.now())
    ),
    "reopen": _with_reason(deciding.reopen),
    "reject": _with_reason(deciding.reject, _("The reason stays in the record and is never sent.")),
    "withdraw": _with_reason(deciding.withdraw),
    "share": Step(
        lambda request, thing, city: offers.share(thing, city=city, by=request.by, at=clock.now()),
        form=lambda data, thing: Share(data),
    ),
}


urlpatterns = [
    path("leads/", leads, name="leads"),
    path("leads/new/", enter, name="enter_lead"),
    path("leads/<slug:reference>/", lead, name="lead"),
    path("leads/<slug:reference>/<slug:verb>/", move, name="lead_move"),
]
