"""Agreements and exchanges on pages: recorded, corrected, suspended, ended, renewed, each with its history."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.actions import register, ties
from partners.actions.register import correct_twinning, record_exchange
from partners.actions.ties import ask_to_confirm, confirm_tie, end_twinning, resume_twinning, take_back_end
from partners.dates import Known
from partners.models.cities import City
from partners.models.disputes import Dispute
from partners.models.ties import Exchange, Twinning
from partners.places import web_address
from partners.roles import Power
from partners.rules.ties import may_edit_tie
from partners.visit import Visit, only
from partners.web import cities, disputes, record
from partners.web.city import passed
from partners.web.city.agreements import mark_of
from partners.web.fields import CityField, KnownField
from workflow import clock
from workflow.days import reader_day
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.editing import Edit
from workflow.doors.forms import QuantityField
from workflow.doors.http import attempt, show
from workflow.doors.moving import Reason, Step, make, reason_form

SOURCE = forms.CharField(
    label=_("Source"), max_length=600, validators=[web_address], help_text=_("The page where this can be read."),
    widget=forms.URLInput(attrs={"placeholder": "https://"}),
)  # fmt: skip


class Facts(Edit):
    """What an agreement says."""

    signed = KnownField(label=_("Signed"), required=False)
    expires = KnownField(label=_("Agreed until"), required=False)
    certain = forms.BooleanField(
        label=_("A source says that it is in force"),
        required=False,
        help_text=_("Leave open if no source says so."),
    )
    source_url = SOURCE
    note = forms.CharField(
        label=_("Note"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )
    conflict = forms.CharField(
        label=_("What sources disagree about"), required=False, max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Which source says what. Leave open where they agree."),
    )  # fmt: skip


class Agreement(Facts):
    """A new agreement of a city."""

    partner = CityField(label=_("With"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Twinning.Kind)
    field_order: Sequence[str] = ("partner", "kind")


class Correction(Reason, Facts):
    """An agreement set right, and why."""

    field_order: Sequence[str] = ("signed", "expires", "certain", "source_url", "note", "conflict", "reason")

    def __init__(self, data: Any, tie: Twinning) -> None:
        said = {name: getattr(tie, name) for name in ("certain", "source_url", "note", "conflict")}
        super().__init__(data, initial={**said, "signed": tie.signed.exact, "expires": tie.expires.exact})


class Ending(Reason):
    """When an agreement ended or was suspended, and why."""

    on = KnownField(label=_("Since when"), required=False)
    field_order: Sequence[str] = ("on", "reason")

    def __init__(self, data: Any, _tie: Twinning) -> None:
        super().__init__(data)


class Termination(Ending):
    """How an agreement ended."""

    why = forms.ChoiceField(label=_("How"), choices=[("", _("– choose –")), *Twinning.Why.choices])
    field_order = ("why", "on", "reason")


class Resumption(Reason):
    """Until when an agreement that is taken up again holds, and why."""

    expires = KnownField(label=_("Agreed until"), required=False)
    field_order: Sequence[str] = ("expires", "reason")

    def __init__(self, data: Any, tie: Twinning) -> None:
        super().__init__(data, initial={"expires": tie.expires.exact})


class Renewal(Reason, Edit):
    """Until when an agreement holds now, where that can be read, and why."""

    expires = KnownField(
        label=_("Agreed until"),
        required=False,
        help_text=_("As exactly as it is known: 2011, 2015-06 or 2015-06-14. Empty where it has no end."),
    )
    source_url = SOURCE
    field_order: Sequence[str] = ("expires", "source_url", "reason")

    def __init__(self, data: Any, tie: Twinning) -> None:
        super().__init__(data, initial={"source_url": tie.source_url})


class Passed(forms.Form):
    """Something that passed between a city and another."""

    WAYS = (("from", _("It came from")), ("to", _("It went to")))

    way = forms.ChoiceField(label=_("Direction"), choices=WAYS)
    partner = CityField(label=_("City"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Exchange.Kind)
    when = KnownField(label=_("When"))
    items = forms.CharField(label=_("What"), required=False, max_length=300)
    quantity = QuantityField(label=_("Quantity"), required=False)
    unit = forms.CharField(
        label=_("Unit"), required=False, max_length=30, help_text=_("For example: piece, pair, CAD.")
    )
    source_url = SOURCE
    note = forms.CharField(
        label=_("Note"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )


@login_required
def add_twinning(request: Visit, slug: str) -> HttpResponse:
    """Record an agreement of a city."""
    return _add(request, slug, Agreement, _("Add an agreement"), _twin)


def _twin(city: City, who: dict[str, Any], partner: City, kind: str, **facts: Any) -> Twinning:
    return register.twin(city, partner, kind=kind, **who, **facts)


@login_required
def add_exchange(request: Visit, slug: str) -> HttpResponse:
    """Record what passed between a city and another."""
    return _add(request, slug, Passed, _("Add an exchange"), _record)


def _record(city: City, who: dict[str, Any], way: str, partner: City, when: Known, **facts: Any) -> Exchange:
    giver, receiver = (partner, city) if way == "from" else (city, partner)
    return record_exchange(from_city=giver, to_city=receiver, when=when, **who, **facts)


def _add(request: Visit, slug: str, kind: type[forms.Form], title: Any, act: Any) -> HttpResponse:
    city, form = cities.find(request, slug), kind(request.POST or None)
    only(request, Power.EDIT_REGISTER)  # of either side: the form says which is the other
    context = {"city": city, "form": form, "title": title}
    if not form.is_valid():
        return show(request, "partners/add.html", context, status=422 if form.is_bound else 200)
    who = {"by": request.by, "at": clock.now()}
    return attempt(
        request,
        lambda: act(city, who, **form.cleaned_data),
        done=city.get_absolute_url(),
        template="partners/add.html",
        context=context,
    )


def find(request: Visit, pk: int) -> Twinning:
    """The agreement, as far as the reader may see it."""
    rows = Twinning.objects.visible_to(request.by).select_related("city_a", "city_b")
    return get_object_or_404(rows, pk=pk)


@login_required
def twinning(request: Visit, pk: int) -> HttpResponse:
    """One agreement: what it says, what passed between the two, and who changed the entry."""
    tie, today = find(request, pk), reader_day(clock.now())
    years, shipments = passed.years(cities.between(tie.city_a, tie.city_b), request.by)
    context = {
        "tie": tie,
        "mark": mark_of(tie, today),
        "years": years,
        "shipments": shipments,
        "powers": request.by,
        "disputes": list(disputes.told(Dispute.objects.about(tie))),
        "may_edit": may_edit_tie(request.by, tie),
        "today": today,
    }
    return show(request, "partners/twinning.html", context | record.of(request, tie))


@login_required
def move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """A button or a form of an agreement's page."""
    return make(request, find(request, pk), verb, STEPS)


def _who(request: Visit) -> dict[str, Any]:
    return {"by": request.by, "at": clock.now()}


STEPS = {
    "confirm": Step(lambda request, tie: confirm_tie(tie, **_who(request))),
    "ask_to_confirm": Step(lambda request, tie: ask_to_confirm(tie, **_who(request))),
    "correct": Step(
        lambda request, tie, **facts: correct_twinning(tie, **_who(request), **facts),
        form=Correction,
        hint=_("What stood here before stays in the history."),
    ),
    "suspend": Step(
        lambda request, tie, **facts: ties.suspend(tie, **_who(request), **facts),
        form=Ending,
        hint=_("Nobody is asked through it until it is taken up again."),
    ),
    "resume": Step(
        lambda request, tie, **facts: resume_twinning(tie, **_who(request), **facts),
        form=Resumption,
        hint=_("Its contacts are suggested again."),
    ),
    "end": Step(
        lambda request, tie, **facts: end_twinning(tie, **_who(request), **facts),
        form=Termination,
        hint=_(
            "It stays in the register. Nobody is asked through it any more, and open questions are called off."
        ),
    ),
    "renew": Step(
        lambda request, tie, **facts: ties.renew(tie, **_who(request), **facts),
        form=Renewal,
        hint=_("Whoever keeps it is reminded six months and one month before it runs out."),
    ),
    "take_back": Step(
        lambda request, tie, reason: take_back_end(tie, reason=reason, **_who(request)),
        form=reason_form,
        hint=_("For an end that was entered by mistake: everything says again what it said before."),
    ),
}

urlpatterns = [
    path("cities/<slug:slug>/agreements/add/", add_twinning, name="add_twinning"),
    path("cities/<slug:slug>/exchanges/add/", add_exchange, name="add_exchange"),
    path("agreements/<int:pk>/", twinning, name="twinning"),
    path("agreements/<int:pk>/<slug:verb>/", move, name="twinning_move"),
]
