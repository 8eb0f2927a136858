"""Pages about approvals in a city: the limits and their changes, rules for needs, offers and orders, and delegations."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import User
from partners.authenticated_requests import MAX_EXCHANGES_SHOWN, AuthenticatedRequest
from partners.cities.actions import (
    NEED_APPROVAL_VERB,
    PURCHASE_DETAILS_VERB,
    set_approval_limit,
    set_need_approval,
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

LIMITS_TEMPLATE = "memberships/approval_limits.html"


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


class NeedApprovalForm(EditForm):
    """Form for how the city posts its needs: without approval, always with it, or with it above a value."""

    jointly_compared_fields = (frozenset({"need_approval", "limit"}),)
    need_approval = forms.ChoiceField(
        label=_("How needs are posted"), choices=City.NeedApproval.choices, widget=forms.RadioSelect
    )
    limit = MoneyField(
        label=_("Estimated value above which a need requires approval"),
        required=False,
        max_digits=14,
        decimal_places=2,
        help_text=_(
            "Only with approval above an estimated value: the maximum price times the quantity, added up over the "
            "lines. If a line has no maximum price, or one in another currency, the need counts as above this value."
        ),
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


@dataclass(frozen=True)
class CitySetting:
    """Setting that administrators of a city change with a form.

    `template` is its page, and `context_name` the name of the form there. `city_fields` names the field of the city that holds
    the value of each form field; the action takes the form's values by their names in the form.
    """

    context_name: str
    form_class: type[EditForm]
    city_fields: Mapping[str, str]
    action: Callable[..., City]
    template: str = LIMITS_TEMPLATE

    def build_form(self, request: AuthenticatedRequest, city: City, data: Any) -> EditForm | None:
        """Return the form with the city's values, or None for people who may not change them."""
        if city.pk not in request.by.managed_city_ids:
            return None
        initial = {name: getattr(city, field) for name, field in self.city_fields.items()}
        form = self.form_class(data, initial=initial)
        form.thing = city
        return form


APPROVAL_LIMIT = CitySetting(
    "form", ApprovalLimitForm, {"limit": "approval_limit", "days": "approval_days"}, set_approval_limit
)
NEED_APPROVAL = CitySetting(
    "form",
    NeedApprovalForm,
    {"need_approval": "need_approval", "limit": "need_approval_limit"},
    set_need_approval,
    template="memberships/need_approval.html",
)
OFFER_VALIDITY = CitySetting(
    "validity", OfferValidityForm, {"validity_days": "offer_validity_days"}, set_offer_validity
)
PURCHASE_DETAILS = CitySetting(
    "purchase",
    PurchaseDetailsForm,
    {"registration_number": "registration_number", "purchase_conditions": "purchase_conditions"},
    set_purchase_details,
)
SETTINGS_ON_LIMITS_PAGE = (APPROVAL_LIMIT, OFFER_VALIDITY, PURCHASE_DETAILS)


@login_required
def approval_limits(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Show the approval limit and its history to the city's own people. Administrators can change it.

    404 for everyone else.
    """
    city = _own_city_or_404(request, slug)
    if request.method == "POST" and city.pk in request.by.managed_city_ids:
        return _save_setting(request, city, APPROVAL_LIMIT)
    return render_page(request, LIMITS_TEMPLATE, _settings_context(request, city))


@login_required
def need_approval(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Set how the city posts its needs. 404 for people of other cities."""
    city = _own_city_or_404(request, slug)
    if request.method == "POST":
        return _save_setting(request, city, NEED_APPROVAL)
    form = NEED_APPROVAL.build_form(request, city, None)
    if form is None:
        raise PermissionDenied
    return render_page(request, NEED_APPROVAL.template, {"city": city, "form": form})


@login_required
@require_POST
def offer_validity(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Set for how many days an offer without a stated end is valid. 404 for people of other cities."""
    return _save_setting(request, _own_city_or_404(request, slug), OFFER_VALIDITY)


@login_required
@require_POST
def purchase_details(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Set what the city's purchase orders state. 404 for people of other cities."""
    return _save_setting(request, _own_city_or_404(request, slug), PURCHASE_DETAILS)


def _own_city_or_404(request: AuthenticatedRequest, slug: str) -> City:
    city = get_city_or_404(request, slug)
    if city.pk not in request.by.visible_cities:
        raise Http404
    return city


def _save_setting(request: AuthenticatedRequest, city: City, setting: CitySetting) -> HttpResponse:
    """Save the sent values of a setting, or show its page again with what is wrong."""
    with locked_for_edit(request, city):
        form = setting.build_form(request, city, request.POST)
        if form is None:
            raise PermissionDenied
        page = _settings_context(request, city) if setting in SETTINGS_ON_LIMITS_PAGE else {"city": city}
        context = page | {setting.context_name: form}
        if not form.is_valid():
            return render_page(request, setting.template, context, status=422)
        return run_action(
            request,
            lambda: setting.action(city, by=request.by, at=clock.now(), **form.cleaned_data),
            done=lambda saved: _confirm_saved(request, saved),
            template=setting.template,
            context=context,
        )


def _confirm_saved(request: AuthenticatedRequest, city: City) -> str:
    """Tell the reader that a setting was saved; return the address of the page with all settings."""
    messages.success(request, gettext("Saved."))
    return reverse("approval_limits", args=[city.slug])


def _settings_context(request: AuthenticatedRequest, city: City) -> dict[str, Any]:
    """Return the data of the page, with the unbound forms of the settings that its reader may change."""
    unbound = {one.context_name: one.build_form(request, city, None) for one in SETTINGS_ON_LIMITS_PAGE}
    return limits_context(request, city) | unbound


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
        template=LIMITS_TEMPLATE,
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
    shown = Q(after__has_key="approval_limit") | Q(verb__in=(PURCHASE_DETAILS_VERB, NEED_APPROVAL_VERB))
    entries = list(history_of(city).filter(shown).order_by("-at", "-pk"))
    return {
        "city": city,
        "changes": list(_approval_limit_changes(city, entries)),
        "posting_changes": [
            (
                entry,
                City.NeedApproval(entry.facts["need_approval"]).label,
                _amount_text(entry.facts["limit"], city),
            )
            for entry in entries
            if entry.verb == NEED_APPROVAL_VERB
        ],
        "manages": manages,
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
