"""What sources say about a company: noting it, settling what they disagree about, taking it back. Read on the company's page."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.models.people import Contact
from partners.roles import Power
from partners.visit import Visit, only
from procurement.suppliers.actions.facts import say, settle_fact, take_back_fact
from procurement.suppliers.models.fact import CompanyFact
from procurement.web.suppliers.changes import proposing
from procurement.web.suppliers.companies import find
from workflow import clock
from workflow.days import reader_day
from workflow.doors.forms import DayField
from workflow.doors.http import attempt, show
from workflow.doors.moving import Step, make, reason_form


class Said(forms.Form):
    """What a source says about one fact of a company."""

    name = forms.ChoiceField(label=_("Fact"), choices=CompanyFact.Name.choices)
    value = forms.CharField(
        label=_("What it says"), max_length=300, help_text=_("A day as 2012-03-01, a country as CN.")
    )
    said_by = forms.CharField(
        label=_("Who said it"), max_length=200, help_text=_("A person, a paper, a register.")
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("One of your contacts"),
        required=False,
        empty_label=_("nobody of them"),
        help_text=_("A phone number that a contact called may be used to confirm an account."),
    )
    said_on = DayField(label=_("On which day"))
    how = forms.ChoiceField(label=_("How it was checked"), choices=CompanyFact.How.choices)
    source = forms.CharField(label=_("Where it can be read"), max_length=600, required=False)

    def __init__(self, data: Any, by: Any, known: dict[str, Any]) -> None:
        super().__init__(data, initial=known)
        field = self.fields["contact"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = (
            Contact.objects.visible_to(by).select_related("user", "city").order_by("user__name", "pk")
        )


@login_required
def add_fact(request: Visit, reference: str) -> HttpResponse:
    """Note what a source says about a company. The address may name the fact."""
    thing = find(request, reference)
    only(request, Power.JUDGE_LEAD, thing)
    known = {"name": request.GET.get("fact", ""), "said_on": reader_day(clock.now())}
    form = Said(request.POST or None, request.by, known)
    context = {"thing": thing, "form": form, "title": _("Add what a source says")}
    if not form.is_valid():
        return show(request, "moves/record.html", context, status=422 if form.is_bound else 200)
    facts = dict(form.cleaned_data)
    name, value = facts.pop("name"), facts.pop("value")
    return attempt(
        request,
        lambda: say(thing, name, value, entered_by=request.user, by=request.by, at=clock.now(), **facts),
        done=thing.get_absolute_url(),
        template="moves/record.html",
        context=context,
    )


@login_required
def fact(request: Visit, pk: int) -> HttpResponse:
    """What a source says stands on its company's page."""
    return redirect(get_object_or_404(CompanyFact.objects.visible_to(request.by), pk=pk).supplier.current)


@login_required
def fact_move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """Settle for one source, or take back what was noted."""
    rows = CompanyFact.objects.visible_to(request.by).select_related("supplier")
    return make(request, get_object_or_404(rows, pk=pk), verb, FACT_STEPS)


def _company(thing: CompanyFact) -> str:
    return thing.supplier.current.get_absolute_url()


FACT_STEPS = {
    "settle": Step(
        lambda request, thing, reason: settle_fact(
            thing, reason=reason, settled_by=request.user, by=request.by, at=clock.now()
        ),
        form=reason_form,
        hint=_("The company’s page says this from now on. What rested on it is judged and checked again."),
        propose=proposing("settle"),
        after=_company,
    ),
    "take_back": Step(
        lambda request, thing, reason: take_back_fact(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("It counts no more, and stays to be read."),
        propose=proposing("take_back"),
        after=_company,
    ),
}


urlpatterns = [
    path("suppliers/<slug:reference>/facts/new/", add_fact, name="add_fact"),
    path("facts-of-companies/<int:pk>/", fact, name="company_fact"),
    path("facts-of-companies/<int:pk>/<slug:verb>/", fact_move, name="company_fact_move"),
]
