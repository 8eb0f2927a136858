"""Corrections on pages: anybody who is signed in proposes one of a fact; who keeps that part of the register decides."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import IntegerField, Q, TextField
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.actions.corrections import (
    accept_correction,
    decline_correction,
    propose_correction,
    reopen_correction,
    withdraw_correction,
)
from partners.models.cities import City
from partners.models.corrections import ABOUT, Correction, CorrectionQuerySet, Registered
from partners.models.ties import Exchange, Twinning
from partners.places import web_address
from partners.roles import Power
from partners.rules.facts import DAYS, choices, facts_of, label, written
from partners.rules.powers import Powers
from partners.visit import Visit
from partners.web import record
from partners.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.counts import plain
from workflow.doors.forms import QuantityField
from workflow.doors.http import attempt, show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form

NAMED = ("author", "decided_by", "side_a", "side_b")


class Proposal(forms.Form):
    """What one fact should say, by which source, and why."""

    fact = forms.CharField(widget=forms.HiddenInput)
    source_url = forms.CharField(
        label=_("Source"), max_length=600, validators=[web_address], help_text=_("The page where this can be read."),
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    why = forms.CharField(label=_("Why"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any, thing: Registered, fact: str) -> None:
        super().__init__(data, initial={"fact": fact, "value": written(thing, fact)})
        self.fields["value"] = value_field(type(thing), fact)
        self.order_fields(["fact", "value", "source_url", "why"])

    def clean_value(self) -> str:
        """The value as text: whether it can be one, the action says."""
        value = self.cleaned_data["value"]
        return "" if value is None else str(value)


class Day(forms.CharField):
    """A day as exactly as it is known, as text."""

    def to_python(self, value: Any) -> str:
        """Full-width figures made narrow."""
        return plain(super().to_python(value) or "")


def value_field(kind: type[Registered], fact: str) -> forms.Field:
    """The control for a fact's value: words to choose from, a day, a number, or text."""
    words = _("It should say")
    if fact in DAYS:
        hint = _("As exactly as it is known: 2011, 2015-06 or 2015-06-14.")
        return Day(label=words, required=False, max_length=30, help_text=hint, widget=_short())
    if options := choices(kind, fact):
        return forms.ChoiceField(label=words, choices=options)
    field: Any = kind._meta.get_field(fact)
    if isinstance(field, IntegerField):
        return QuantityField(label=words, required=False)
    widget = forms.Textarea(attrs={"rows": 3}) if isinstance(field, TextField) else forms.TextInput()
    longest = field.max_length or 2000
    return forms.CharField(label=words, required=not field.blank, max_length=longest, widget=widget)


def _short() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "w-date", "autocomplete": "off"})


@login_required
def propose_city(request: Visit, slug: str) -> HttpResponse:
    """Propose a correction of a place."""
    return _propose(request, get_object_or_404(City.objects.visible_to(request.by), slug=slug))


@login_required
def propose_twinning(request: Visit, pk: int) -> HttpResponse:
    """Propose a correction of an agreement."""
    rows = Twinning.objects.visible_to(request.by).select_related("city_a", "city_b")
    return _propose(request, get_object_or_404(rows, pk=pk))


@login_required
def propose_exchange(request: Visit, pk: int) -> HttpResponse:
    """Propose a correction of what passed between two places."""
    rows = Exchange.objects.visible_to(request.by).select_related("from_city", "to_city")
    return _propose(request, get_object_or_404(rows, pk=pk))


def _propose(request: Visit, thing: Registered) -> HttpResponse:
    fact, names = request.POST.get("fact") or request.GET.get("fact", ""), facts_of(thing)
    context: dict[str, Any] = {"about": thing, "back": home(thing)}
    if fact not in names:
        rows = [(name, label(type(thing), name), written(thing, name)) for name in names]
        waiting = Correction.objects.about(thing).waiting().select_related("author").order_by("pk")
        context |= {"rows": rows, "waiting": waiting}
        return show(request, "partners/facts.html", context, status=422 if request.POST else 200)
    form = Proposal(request.POST or None, thing, fact)
    context |= {"form": form, "fact": fact, "label": label(type(thing), fact), "said": written(thing, fact)}
    if not form.is_valid():
        return show(request, "partners/propose.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: propose_correction(thing, **form.cleaned_data, author=request.user, **_who(request)),
        done=lambda made: made.get_absolute_url(),
        template="partners/propose.html",
        context=context,
    )


def home(thing: Registered) -> str:
    """The page on which a thing of the register stands."""
    return (thing.from_city if isinstance(thing, Exchange) else thing).get_absolute_url()


def _who(request: Visit) -> dict[str, Any]:
    return {"by": request.by, "at": clock.now()}


# --- the proposals ----------------------------------------------------------------------------------------------
class Filters(forms.Form):
    """Which proposals."""

    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[("", _("All")), ("mine", _("Proposed by me")), ("keep", _("Of what I keep"))],
    )
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *Correction.Status.choices]
    )


COLUMNS = (
    (_("Reference"), lambda row: row.reference),
    (pgettext_lazy("what it is about", "About"), lambda row: row.about),
    (_("Fact"), lambda row: label(row.kind, row.fact)),
    (_("It said before"), lambda row: row.said),
    (_("It should say"), lambda row: row.value),
    (_("Source"), lambda row: row.source_url),
    (_("Status"), lambda row: row.get_status_display()),
)


@login_required
def corrections(request: Visit) -> HttpResponseBase:
    """What was proposed and what became of it, the newest first."""
    rows, form = Correction.objects.visible_to(request.by), Filters(request.GET)
    if form.is_valid():
        rows = _narrowed(rows, form.cleaned_data, request.by)
    rows = rows.select_related("author", *ABOUT)
    if wanted(request):
        return sheet(request, "corrections", COLUMNS, rows.order_by("-pk"))
    return show(request, "partners/corrections.html", {"page": page(request, rows), "filters": form})


def _narrowed(rows: CorrectionQuerySet, asked: dict[str, str], by: Powers) -> CorrectionQuerySet:
    if asked["status"]:
        rows = rows.filter(status=asked["status"])
    if asked["whose"] == "mine":
        return rows.filter(author=by.user_id)
    if asked["whose"] == "keep" and not by.watches_all:
        kept = by.where(Power.EDIT_REGISTER)
        return rows.filter(Q(side_a__in=kept) | Q(side_b__in=kept))
    return rows


def find(request: Visit, reference: str) -> Correction:
    """The proposal, as far as the reader may see it."""
    rows = Correction.objects.visible_to(request.by).select_related(*NAMED, *ABOUT)
    return get_object_or_404(rows, reference=reference)


@login_required
def correction(request: Visit, reference: str) -> HttpResponse:
    """One proposal: what the register says and said, what it should say, by which source, and what became of it."""
    thing = find(request, reference)
    context = {
        "correction": thing,
        "label": label(thing.kind, thing.fact),
        "now": written(thing.about, thing.fact),
        "others": Correction.objects.about(thing.about)
        .waiting()
        .filter(fact=thing.fact)
        .exclude(pk=thing.pk)
        .order_by("pk"),
        "back": home(thing.about),
        "powers": request.by,
    }
    return show(request, "partners/correction.html", context | record.of(request, thing))


@login_required
def move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A button or a form of a proposal's page."""
    return make(request, find(request, reference), verb, STEPS)


STEPS = {
    "accept": Step(lambda request, thing: accept_correction(thing, decided_by=request.user, **_who(request))),
    "decline": Step(
        lambda request, thing, reason: decline_correction(
            thing, decided_by=request.user, reason=reason, **_who(request)
        ),
        form=reason_form,
        hint=_("Whoever proposed it is told why."),
    ),
    "reopen": Step(
        lambda request, thing, reason: reopen_correction(thing, reason=reason, **_who(request)),
        form=reason_form,
        hint=pgettext_lazy(
            "a correction", "If it was accepted, the register says again what it said before."
        ),
    ),
    "withdraw": Step(lambda request, thing: withdraw_correction(thing, **_who(request))),
}

urlpatterns = [
    path("cities/<slug:slug>/propose/", propose_city, name="propose_city"),
    path("agreements/<int:pk>/propose/", propose_twinning, name="propose_twinning"),
    path("exchanges/<int:pk>/propose/", propose_exchange, name="propose_exchange"),
    path("corrections/", corrections, name="corrections"),
    path("corrections/<slug:reference>/", correction, name="correction"),
    path("corrections/<slug:reference>/<slug:verb>/", move, name="correction_move"),
]
