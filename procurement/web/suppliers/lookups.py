"""What registers and makers answered about a company: recording an answer, its page, taking it back."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.visit import Visit, only
from partners.web import record
from procurement.catalogue.models.products import Product
from procurement.suppliers.actions.lookups import record_lookup, take_back_look_up
from procurement.suppliers.models.lookup import LookUp
from procurement.suppliers.rules import lookups
from procurement.web.suppliers.changes import proposing
from procurement.web.suppliers.companies import find
from workflow import clock
from workflow.days import reader_day
from workflow.doors.forms import DayField, QuantityField
from workflow.doors.http import attempt, show
from workflow.doors.moving import Step, make, reason_form


def _answers() -> list[tuple[str, str]]:
    """Each answer with what was looked up: the same word answers several questions."""
    return [
        (f"{kind}:{answer}", f"{LookUp.Kind(kind).label} – {LookUp.Answer(answer).label}")
        for kind, answers in lookups.ANSWERS.items()
        for answer in answers
    ]


class Answered(forms.Form):
    """What was looked up, and what was answered."""

    found = forms.ChoiceField(
        label=_("What was looked up, and the answer"), choices=lambda: [("", _("choose")), *_answers()]
    )
    whom = forms.ChoiceField(label=_("About whom"), choices=LookUp.Whom.choices)
    address = forms.CharField(
        label=_("Address opened"), max_length=600, help_text=_("The web address, or the number you called.")
    )
    answered_on = DayField(label=_("Day of the answer"), help_text=_("The day you read or heard it."))
    since = DayField(
        label=_("Since which day"),
        required=False,
        help_text=_("As written there: cut from the list on, ended on; of a web domain, registered on."),
    )
    count = QuantityField(
        label=_("How many pieces"), required=False, help_text=_("Where the maker said how many exist.")
    )
    product = forms.ModelChoiceField(
        Product.objects.order_by("family", "code"),
        label=_("For which goods"),
        required=False,
        help_text=_("Open: it counts for all they offer."),
    )
    model = forms.CharField(label=_("Model"), max_length=100, required=False)
    words = forms.CharField(
        label=_("In words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=lookups.LONGEST_WORDS,
        help_text=_("What stood there. Every city of the network reads it."),
    )

    def facts(self) -> dict[str, Any]:
        """The answer as the action takes it."""
        facts = dict(self.cleaned_data)
        facts["kind"], _colon, facts["answer"] = facts.pop("found").partition(":")
        return facts


@login_required
def add_look_up(request: Visit, reference: str) -> HttpResponse:
    """Record what a register or a maker answered. The page of an offer names its goods in the address."""
    thing = find(request, reference)
    only(request, Power.JUDGE_LEAD, thing)
    goods = Product.objects.filter(code=request.GET.get("goods", "")).first()
    known = {"product": goods, "model": request.GET.get("model", ""), "answered_on": reader_day(clock.now())}
    form = Answered(request.POST or None, initial=known)
    context = {"thing": thing, "form": form, "title": _("Record a look-up")}
    if not form.is_valid():
        return show(request, "moves/record.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: record_lookup(thing, entered_by=request.user, by=request.by, at=clock.now(), **form.facts()),
        done=lambda made: made.get_absolute_url(),
        template="moves/record.html",
        context=context,
    )


@login_required
def look_up(request: Visit, reference: str) -> HttpResponse:
    """One recorded answer, with the files and words that stand with it."""
    thing = _look_up(request, reference)
    context = {
        "look_up": thing,
        "official": thing.kind in lookups.OFFICIAL,
        "powers": request.by,
        "older": LookUp.objects.visible_to(request.by)
        .of(thing.supplier)
        .filter(kind=thing.kind, source_key=thing.source_key)
        .exclude(pk=thing.pk)[:20],
    }
    return show(request, "suppliers/look_up.html", context | record.of(request, thing))


def _look_up(request: Visit, reference: str) -> LookUp:
    rows = LookUp.objects.visible_to(request.by).select_related("supplier", "product", "entered_by")
    return get_object_or_404(rows, reference=reference)


@login_required
def look_up_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """Take a recorded answer back."""
    return make(request, _look_up(request, reference), verb, LOOK_UP_STEPS)


LOOK_UP_STEPS = {
    "take_back": Step(
        lambda request, thing, reason: take_back_look_up(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("It counts no more, and stays to be read."),
        propose=proposing("take_back"),
    ),
}


urlpatterns = [
    path("suppliers/<slug:reference>/look-ups/new/", add_look_up, name="add_look_up"),
    path("look-ups/<slug:reference>/", look_up, name="look_up"),
    path("look-ups/<slug:reference>/<slug:verb>/", look_up_move, name="look_up_move"),
]
