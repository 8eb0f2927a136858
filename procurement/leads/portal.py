"""Offer of a contact, by link: the form, its values for the check page, how it is stored, corrected, withdrawn."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.link_sessions import link_required
from accounts.models import User
from partners.permissions.permissions import Permissions
from partners.place_names import town_label
from procurement.leads.actions.decisions import withdraw_lead
from procurement.leads.actions.leads import LeadEdit, change_lead, submit_answer
from procurement.leads.forms.contact_offers import CURRENCIES, OfferForm, OwnOfferForm, WithdrawOfferForm
from procurement.leads.models.leads import SupplierLead
from procurement.outreach.models import Inquiry
from procurement.portal.link_pages import LinkRequest, link_actor, throttled_page
from procurement.suppliers.actions.certificates import claim_certificate
from procurement.suppliers.actions.suppliers import add_supplier, find_by_number
from procurement.suppliers.forms.duplicates import DuplicateForm
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.views.duplicates import needs_confirmation
from workflow import clock
from workflow.errors import Refused, Words
from workflow.formatting import format_day, format_decimals, format_quantity
from workflow.http.edit_forms import edit_locked
from workflow.http.forms import ProjectBoundField
from workflow.http.pages import render_page, run_action
from workflow.http.refusal_responses import http_status

# The names of an offer's facts, and of the fields of this form.
FIELD_OF_KEY = {"unit_price": "price", "stock_quantity": "stock", "capacity_per_day": "capacity"}


class EnteredValue(NamedTuple):
    """Value as the check page repeats it. `note` holds it as it was typed; `place` is the id of its field."""

    label: Any
    value: Any
    note: Any
    place: str


def entered_values(form: OfferForm) -> list[EnteredValue]:
    """Return the values for the check page, each with the id of its field."""
    given = (
        (form[name], value) for name, value in form.cleaned_data.items() if value not in (None, "", False)
    )
    left_out = {"website"} if form.cleaned_data["price"] is not None else {"website", "currency"}
    return [
        EnteredValue(
            bound.label,
            _displayed(bound.field, value),
            _as_typed(bound),
            bound.id_for_label or bound.auto_id,
        )
        for bound, value in given
        if bound.name not in left_out
    ]


def _as_typed(bound: forms.BoundField) -> Any:
    """Return the sentence with a number as it was typed, if it was typed in words or signs such as 2万."""
    if not isinstance(bound, ProjectBoundField) or not bound.understood:
        return ""
    return _("You entered “%(typed)s”.") % {"typed": bound.data.strip()}


def stored_values(lead: SupplierLead) -> list[tuple[Any, Any]]:
    """Return the facts of a contact's offer as pairs of label and value, for the receipt."""
    names = OfferForm.base_fields
    price = f"{format_decimals(lead.unit_price)} {lead.currency}" if lead.unit_price is not None else ""
    facts: list[tuple[Any, Any]] = [
        (names["supplier"].label, lead.supplier.name),
        (names["line"].label, lead.product.name),
        (names["stock"].label, format_quantity(lead.stock_quantity) if lead.stock_quantity else ""),
        (names["standard"].label, lead.standard or ""),
        (names["capacity"].label, format_quantity(lead.capacity_per_day) if lead.capacity_per_day else ""),
        (names["price"].label, price),
        (names["ready_on"].label, format_day(lead.ready_on) if lead.ready_on else ""),
        (names["available_until"].label, format_day(lead.available_until) if lead.available_until else ""),
        (names["remark"].label, lead.remark),
    ]
    if lead.kind == SupplierLead.Kind.DONATION:
        facts.append((names["gift"].label, _("yes")))
    return [(label, value) for label, value in facts if value]


def _displayed(field: forms.Field, value: Any) -> Any:
    """Return a value as the person chose or typed it, in the language of the page."""
    if value is True:
        return _("yes")
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(value)
    if isinstance(field, forms.ChoiceField):
        return dict(CURRENCIES)[value]
    return format_day(value) if isinstance(value, date) else _figure(value)


def _figure(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format_decimals(value)
    return format_quantity(value) if isinstance(value, int) else value


def duplicate_question(
    data: Any, inquiry: Inquiry, form: OfferForm, *, strong: bool = False
) -> DuplicateForm | None:
    """Return the form that asks if the supplier is one of the known, similar companies.

    Return None if no company is similar, or if one has the same registration number and name.
    """
    facts = form.cleaned_data
    if find_by_number(facts["uscc"], facts["supplier"]) is not None:
        return None
    new = Supplier(
        legal_name_local=facts["supplier"],
        country=inquiry.contact.city.country,
        uscc=facts["uscc"],
        phone=facts["phone"],
    )
    return needs_confirmation(data, new, strong=strong)


def store_offer(
    inquiry: Inquiry,
    user: User,
    form: OfferForm,
    same: DuplicateForm | None = None,
    *,
    by: Permissions,
    at: datetime,
) -> SupplierLead:
    """Store the supplier, its certificates and the offer in one transaction.

    A supplier that is known by its registration number, or was chosen in `same`, is not created again. A
    refusal names the field as this form does.
    """
    facts = form.cleaned_data
    try:
        with transaction.atomic():
            supplier = _supplier(inquiry, by, facts, user, at, same)
            for kind, number in form.certificates:
                claim_certificate(
                    supplier,
                    kind,
                    number=number,
                    entered_by=user,
                    contact=inquiry.contact,
                    inquiry=inquiry,
                    products=[facts["line"].product],
                    by=by,
                    at=at,
                )
            return _answer(inquiry, supplier, facts, user, by=by, at=at)
    except Refused as refused:
        if refused.details.get("field") in FIELD_OF_KEY:
            refused.details["field"] = FIELD_OF_KEY[refused.details["field"]]
        raise


def _answer(
    inquiry: Inquiry, supplier: Supplier, facts: dict[str, Any], user: User, *, by: Permissions, at: datetime
) -> SupplierLead:
    gift = facts["gift"]
    return submit_answer(
        inquiry,
        author=user,
        supplier=supplier,
        line=facts["line"],
        product=facts["line"].product,
        standard=facts["standard"],
        kind=SupplierLead.Kind.DONATION if gift else SupplierLead.Kind.SALE,
        stock_quantity=facts["stock"] or 0,
        capacity_per_day=facts["capacity"] or 0,
        unit_price=None if gift else facts["price"],
        currency=facts["currency"] if facts["price"] is not None and not gift else "",
        ready_on=facts["ready_on"],
        available_until=facts["available_until"],
        remark=facts["remark"],
        by=by,
        at=at,
    )


def _supplier(
    inquiry: Inquiry, by: Permissions, facts: dict[str, Any], user: Any, at: Any, same: DuplicateForm | None
) -> Supplier:
    known = find_by_number(facts["uscc"], facts["supplier"])
    chosen = same.company if same is not None else None
    if (found := known or chosen) is not None:
        return found
    return add_supplier(
        legal_name_local=facts["supplier"],
        country=inquiry.contact.city.country,
        uscc=facts["uscc"],
        phone=facts["phone"],
        place=inquiry.contact.city,
        contact=inquiry.contact,
        inquiry=inquiry,
        entered_by=user,
        referred_by=[inquiry.contact.organization.name_en],
        another_because=same.cleaned_data["another_because"] if same is not None else "",
        by=by,
        at=at,
    )


@link_required("procurement.inquiry")
def correct_offer(request: LinkRequest, reference: str, lead: str) -> HttpResponse:
    """Correct an own offer, until something of it is allocated."""
    offer, by = _own(request, reference, lead)
    with edit_locked(request, offer):
        form = OwnOfferForm(request.POST if request.method == "POST" else None, offer)
        edit = LeadEdit(**form.cleaned_data) if form.is_valid() else None
        return _changed(
            request,
            offer,
            form,
            {"heading": _("Correct your offer"), "button": _("Save changes")},
            lambda: change_lead(offer, edit, by=by, at=clock.now()) if edit is not None else None,
            _("Saved. The %(city)s now sees the corrected offer."),
        )


@link_required("procurement.inquiry")
def withdraw_offer(request: LinkRequest, reference: str, lead: str) -> HttpResponse:
    """Take back an own offer, until something of it is allocated."""
    offer, by = _own(request, reference, lead)
    form = WithdrawOfferForm(request.POST if request.method == "POST" else None)
    return _changed(
        request,
        offer,
        form,
        {"heading": _("Withdraw your offer"), "button": _("Withdraw offer")},
        lambda: withdraw_lead(offer, **form.cleaned_data, by=by, at=clock.now()),
        _("Your offer has been withdrawn. We will notify the %(city)s."),
    )


def _changed(
    request: LinkRequest,
    offer: SupplierLead,
    form: forms.Form,
    context: dict[str, Any],
    act: Callable[[], Any],
    done: Words,
) -> HttpResponse:
    """Show a form about an own offer, or make its change and go back to the page of the inquiry."""
    back = reverse("portal_inquiry", args=[offer.inquiry.reference if offer.inquiry else ""])
    context |= {"form": form, "back": back, "about": f"{offer.reference} · {offer.supplier.name}"}
    if offer.allocated:
        words = _("Part of this offer is already set aside. To change it, please reply to our email.")
        refused = Refused("not_ready", words)
        return render_page(
            request, "portal/form.html", context | {"refused": refused}, status=http_status(refused)
        )
    if not form.is_valid():
        return render_page(request, "portal/form.html", context, status=422 if form.is_bound else 200)

    def change() -> None:
        act()
        messages.success(request, str(done) % {"city": town_label(offer.city.name)})

    return throttled_page(request) or run_action(
        request, change, done=back, template="portal/form.html", context=context
    )


def _own(request: LinkRequest, reference: str, lead: str) -> tuple[SupplierLead, Permissions]:
    """Return an offer that answers the inquiry of the link, and the powers of its person. 404 for any other."""
    rows = Inquiry.objects.select_related("contact__user", "city")
    inquiry = get_object_or_404(rows, pk=request.link.thing_id)
    by = link_actor(request, inquiry, reference)
    offers = inquiry.answers.filter(contact=inquiry.contact_id).exclude(status=SupplierLead.Status.DRAFT)
    return get_object_or_404(offers.select_related("supplier", "city", "inquiry"), reference=lead), by
