"""Who decides in a city: above which sum a second person is needed, who changed that, and who approves for whom while they are away."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import User
from partners.actions import delegations
from partners.actions.limits import set_limit
from partners.models.cities import City
from partners.models.delegations import Delegation
from partners.models.people import Membership
from partners.roles import Power
from partners.visit import Visit
from partners.web.cities import SHOWN, find
from workflow import clock
from workflow.doors import words
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.editing import Edit, editing
from workflow.doors.forms import DayField, MoneyField
from workflow.doors.http import attempt, show
from workflow.journal.entries import history_of


class Limit(Edit):
    """The limit, in the city's currency, and why it is what it is."""

    limit = MoneyField(
        label=_("Orders above this amount need a second person"),
        required=False,
        max_digits=14,
        decimal_places=2,
        help_text=_("Left empty, every order needs one."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example the council's decision, with its number."),
    )


class Away(forms.Form):
    """Who approves meanwhile, and from which day to which."""

    deputy = forms.ModelChoiceField(User.objects.none(), label=_("Who approves meanwhile"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any, city: City, oneself: User) -> None:
        super().__init__(data)
        here = Membership.objects.active().filter(city=city).exclude(role=Membership.Role.BROKER)
        field = self.fields["deputy"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        people = User.objects.filter(pk__in=here.values("user")).exclude(pk=oneself.pk)
        field.queryset = people.order_by("name", "pk")


@login_required
def limits(request: Visit, slug: str) -> HttpResponse:
    """The limit with its history, for the city's own people; its administrators change it. 404 for everybody else."""
    city = find(request, slug)
    if city.pk not in request.by.sees:
        raise Http404
    with editing(request, city):
        return _limits(request, city)


def _limits(request: Visit, city: City) -> HttpResponse:
    form = None
    if city.pk in request.by.manages:
        form = Limit(request.POST or None, initial={"limit": city.approval_limit})
        form.thing = city
    context = told(request, city) | {"form": form}
    if request.method != "POST" or form is None:  # whoever only reads has nothing to send
        return show(request, "partners/limits.html", context)
    if not form.is_valid():
        return show(request, "partners/limits.html", context, status=422)
    return attempt(
        request,
        lambda: set_limit(city, by=request.by, at=clock.now(), **form.cleaned_data),
        done=request.path,
        template="partners/limits.html",
        context=context,
    )


@login_required
def delegate(request: Visit, slug: str) -> HttpResponse:
    """Let somebody of the city approve in one's place for some days."""
    city = find(request, slug)
    if city.pk not in request.by.sees:
        raise Http404
    form = Away(request.POST or None, city, request.user)
    if not approves(request, city):
        raise PermissionDenied
    context = {"city": city, "form": form}
    if not form.is_valid():
        return show(request, "partners/delegate.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: delegations.delegate(city, by=request.by, at=clock.now(), **form.cleaned_data),
        done=reverse("limits", args=[city.slug]),
        template="partners/delegate.html",
        context=context,
    )


@login_required
@require_POST
def end_delegation(request: Visit, pk: int) -> HttpResponse:
    """Take it back before its last day."""
    rows = Delegation.objects.visible_to(request.by).select_related("city")
    delegation = get_object_or_404(rows, pk=pk)
    return attempt(
        request,
        lambda: delegations.end_delegation(delegation, by=request.by, at=clock.now()),
        done=reverse("limits", args=[delegation.city.slug]),
        template="partners/limits.html",
        context=lambda: told(request, delegation.city),
    )


def approves(request: Visit, city: City) -> bool:
    """Whether the reader is an approver of the city themself: what is lent to them they cannot lend on."""
    lent = {one.city_id for one in request.by.stands_in}
    return city.pk in request.by.where(Power.APPROVE) and city.pk not in lent


def told(request: Visit, city: City) -> dict[str, Any]:
    """What the page tells: the changes of the limit, and who stands in for whom, newest first, each with whether it may be ended."""
    today = city.day_at(clock.now())
    rows = Delegation.objects.visible_to(request.by).filter(city=city).select_related("giver", "deputy")
    manages = city.pk in request.by.manages
    stands = [
        (
            one,
            one.taken_back_at is None
            and one.ends_on >= today
            and (manages or request.user in (one.giver, one.deputy)),
        )
        for one in rows.order_by("-pk")[:SHOWN]
    ]
    return {
        "city": city,
        "changes": list(changes(city, request)),
        "stands": stands,
        "today": today,
        "may_delegate": approves(request, city),
    }


def changes(city: City, request: Visit) -> Any:
    """Every change of the limit, newest first: the entry, what it was and what it became, in the city's currency."""
    told = history_of(city).filter(after__has_key="approval_limit")
    for entry in told.order_by("-at", "-pk"):
        before, after = entry.before.get("approval_limit"), entry.after["approval_limit"]
        if before != after:  # a place is entered without one
            yield entry, _sum(before, city), _sum(after, city)


def _sum(stored: str | None, city: City) -> str:
    return words.money(Decimal(stored), city.currency) if stored is not None else ""


urlpatterns = [
    path("cities/<slug:slug>/limits/", limits, name="limits"),
    path("cities/<slug:slug>/limits/away/", delegate, name="delegate"),
    path("delegations/<int:pk>/end/", end_delegation, name="end_delegation"),
]
