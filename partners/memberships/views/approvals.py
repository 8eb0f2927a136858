"""Pages about approvals in a city: the approval limit and its changes, rules for offers and orders, and delegations."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import User
from partners.authenticated_requests import MAX_EXCHANGES_SHOWN, AuthenticatedRequest
from partners.cities.actions import (
    PURCHASE_DETAILS_VERB,
    set_approval_limit,
    set_offer_validity,
    set_purchase_details,
)
from partners.cities.models import MAX_APPROVAL_DAYS, MAX_OFFER_VALIDITY_DAYS, City
from partners.cities.views.cities import get_city_or_404
from partners.memberships import actions
from partners.memberships.models import Delegation, Membership
from partners.powers import Power
from workflow import clock
from workflow.formatting import format_money
from workflow.http.edit_forms import EditForm, locked_for_edit
from workflow.http.forms import DayField, MoneyField
from workflow.http.pages import render_page, run_action
from workflow.input_limits import MAX_TEXT_LENGTH
from workflow.journal.entries import history_of
from workflow.journal.models import Entry


class ApprovalLimitForm(EditForm):
    """Form for the approval limit, in the currency of the city, and its reason."""

    limit = MoneyField(
        label=_("Orders above this amount need approval"),
        required=False,
        max_digits=14,
        decimal_places=2,
        help_text=_("If left blank, every order needs approval."),
    )
    days = forms.IntegerField(
        label=_("Period for adding up orders to one company (days)"),
        min_value=1,
        max_value=MAX_APPROVAL_DAYS,
        help_text=_("Orders split into smaller ones then need the same approval as one large order."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example, the council decision and its number."),
    )


class OfferValidityForm(EditForm):
    """Form for how long an offer is valid if it states no end."""

    validity_days = forms.IntegerField(
        label=_("Default validity of an offer without an end date (days)"),
        min_value=1,
        max_value=MAX_OFFER_VALIDITY_DAYS,
        required=False,
        help_text=_(
            "This validity is shown as “assumed”. If left blank, an offer without an end "
            "date does not expire."
        ),
    )


class PurchaseDetailsForm(EditForm):
    """Form for what the city's purchase orders state: its registration number and its conditions."""

    registration_number = forms.CharField(
        label=_("Registration number of the city"),
        max_length=40,
        required=False,
        help_text=_("As a buyer and importer, such as the Business Number in Canada."),
    )
    purchase_conditions = forms.CharField(
        label=_("Conditions of purchase"),
        max_length=MAX_TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Printed on each purchase order as typed, one paragraph per line, beside both languages. Write them in both "
            "languages if you can."
        ),
    )


class DelegationForm(forms.Form):
    """Form for a delegation: the delegate, and the first and last day."""

    deputy = forms.ModelChoiceField(User.objects.none(), label=_("Delegate"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any, city: City, oneself: User) -> None:
        super().__init__(data)
        here = Membership.objects.active().filter(city=city).exclude(role=Membership.Role.BROKER)
        field = self.fields["deputy"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        people = User.objects.filter(pk__in=here.values("user")).exclude(pk=oneself.pk)
        field.queryset = people.order_by("name", "pk")


@login_required
def approval_limits(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show the approval limit and its history to the city's own people. Administrators can change it.

    404 for everyone else.
    """
    city = get_city_or_404(request, slug)
    if city.pk not in request.by.visible_cities:
        raise Http404
    with locked_for_edit(request, city):
        return _limits_page(request, city)


def _limits_page(request: AuthenticatedRequest, city: City) -> HttpResponse:
    form = None
    if city.pk in request.by.managed_city_ids:
        initial = {"limit": city.approval_limit, "days": city.approval_days}
        form = ApprovalLimitForm(request.POST or None, initial=initial)
        form.thing = city
    context = _settings_context(request, city) | {"form": form}
    if request.method != "POST" or form is None:  # without the right to change it, there is no form
        return render_page(request, "memberships/approval_limits.html", context)
    if not form.is_valid():
        return render_page(request, "memberships/approval_limits.html", context, status=422)
    return run_action(
        request,
        lambda: set_approval_limit(city, by=request.by, at=clock.now(), **form.cleaned_data),
        done=request.path,
        template="memberships/approval_limits.html",
        context=context,
    )


def _settings_context(request: AuthenticatedRequest, city: City) -> dict[str, Any]:
    """Return the data of the page, with the unbound forms of the reader's other settings."""
    forms_context = {
        "form": None,
        "validity": _validity_form(request, city, None),
        "purchase": _purchase_form(request, city, None),
    }
    return limits_context(request, city) | forms_context


def _validity_form(request: AuthenticatedRequest, city: City, data: Any) -> OfferValidityForm | None:
    """Return the form for the validity of offers, or None for people who may not change it."""
    if city.pk not in request.by.managed_city_ids:
        return None
    form = OfferValidityForm(data, initial={"validity_days": city.offer_validity_days})
    form.thing = city
    return form


@login_required
@require_POST
def offer_validity(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Set for how many days an offer without a stated end is valid. 404 for people of other cities."""
    city = get_city_or_404(request, slug)
    if city.pk not in request.by.visible_cities:
        raise Http404
    with locked_for_edit(request, city):
        return _offer_validity_page(request, city)


def _offer_validity_page(request: AuthenticatedRequest, city: City) -> HttpResponse:
    validity = _validity_form(request, city, request.POST)
    if validity is None:
        raise PermissionDenied
    context = _settings_context(request, city) | {"validity": validity}
    if not validity.is_valid():
        return render_page(request, "memberships/approval_limits.html", context, status=422)
    return run_action(
        request,
        lambda: set_offer_validity(
            city, validity.cleaned_data["validity_days"], by=request.by, at=clock.now()
        ),
        done=reverse("approval_limits", args=[city.slug]),
        template="memberships/approval_limits.html",
        context=context,
    )


def _purchase_form(request: AuthenticatedRequest, city: City, data: Any) -> PurchaseDetailsForm | None:
    """Return the form for the text of purchase orders, or None for people who may not change it."""
    if city.pk not in request.by.managed_city_ids:
        return None
    initial = {
        "registration_number": city.registration_number,
        "purchase_conditions": city.purchase_conditions,
    }
    form = PurchaseDetailsForm(data, initial=initial)
    form.thing = city
    return form


@login_required
@require_POST
def purchase_details(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Set what the city's purchase orders state. 404 for people of other cities."""
    city = get_city_or_404(request, slug)
    if city.pk not in request.by.visible_cities:
        raise Http404
    with locked_for_edit(request, city):
        return _purchase_details_page(request, city)


def _purchase_details_page(request: AuthenticatedRequest, city: City) -> HttpResponse:
    purchase = _purchase_form(request, city, request.POST)
    if purchase is None:
        raise PermissionDenied
    context = _settings_context(request, city) | {"purchase": purchase}
    if not purchase.is_valid():
        return render_page(request, "memberships/approval_limits.html", context, status=422)
    return run_action(
        request,
        lambda: set_purchase_details(city, by=request.by, at=clock.now(), **purchase.cleaned_data),
        done=reverse("approval_limits", args=[city.slug]),
        template="memberships/approval_limits.html",
        context=context,
    )


@login_required
def delegate_approvals(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Create a delegation: let a colleague in the city approve for some days."""
    city = get_city_or_404(request, slug)
    if city.pk not in request.by.visible_cities:
        raise Http404
    form = DelegationForm(request.POST or None, city, request.user)
    if not is_approver(request, city):
        raise PermissionDenied
    context = {"city": city, "form": form}
    if not form.is_valid():
        return render_page(
            request, "memberships/delegate.html", context, status=422 if form.is_bound else 200
        )
    return run_action(
        request,
        lambda: actions.delegate_approvals(city, by=request.by, at=clock.now(), **form.cleaned_data),
        done=reverse("approval_limits", args=[city.slug]),
        template="memberships/delegate.html",
        context=context,
    )


@login_required
@require_POST
def end_delegation(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """End a delegation before its last day."""
    rows = Delegation.objects.visible_to(request.by).select_related("city")
    delegation = get_object_or_404(rows, pk=pk)
    return run_action(
        request,
        lambda: actions.end_delegation(delegation, by=request.by, at=clock.now()),
        done=reverse("approval_limits", args=[delegation.city.slug]),
        template="memberships/approval_limits.html",
        context=lambda: limits_context(request, delegation.city),
    )


def is_approver(request: AuthenticatedRequest, city: City) -> bool:
    """Return True if the reader is an approver of the city by their own role.

    A delegated permission to approve cannot be delegated again.
    """
    delegated = {delegation.city_id for delegation in request.by.delegations}
    return city.pk in request.by.cities_with(Power.APPROVE) and city.pk not in delegated


def limits_context(request: AuthenticatedRequest, city: City) -> dict[str, Any]:
    """Return the data of the page, newest first: changes of the limit and of the text of orders, and delegations.

    Each delegation is marked if the reader may end it.
    """
    today = city.day_at(clock.now())
    rows = Delegation.objects.visible_to(request.by).filter(city=city).select_related("delegator", "deputy")
    manages = city.pk in request.by.managed_city_ids
    delegations = [
        (
            one,
            one.revoked_at is None
            and one.ends_on >= today
            and (manages or request.user in (one.delegator, one.deputy)),
        )
        for one in rows.order_by("-pk")[:MAX_EXCHANGES_SHOWN]
    ]
    shown = Q(after__has_key="approval_limit") | Q(verb=PURCHASE_DETAILS_VERB)
    entries = list(history_of(city).filter(shown).order_by("-at", "-pk"))
    return {
        "city": city,
        "changes": list(_approval_limit_changes(city, entries)),
        "purchase_changes": [entry for entry in entries if entry.verb == PURCHASE_DETAILS_VERB],
        "delegations": delegations,
        "today": today,
        "may_delegate": is_approver(request, city),
    }


def _approval_limit_changes(city: City, entries: Iterable[Entry]) -> Iterator[tuple[Entry, str, str]]:
    """Yield each change of the limit, newest first: journal entry, old amount and new amount.

    Amounts are in the currency of the city.
    """
    for entry in entries:
        before, after = entry.before.get("approval_limit"), entry.after.get("approval_limit")
        if "approval_limit" in entry.after and before != after:  # a new city has no limit
            yield entry, _amount_text(before, city), _amount_text(after, city)


def _amount_text(stored: str | None, city: City) -> str:
    return format_money(Decimal(stored), city.currency) if stored is not None else ""
