"""Offers that a contact makes by link: the page that shows the values before sending, storing, and later changes."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.link_sessions import link_required
from accounts.models import User
from partners.contacts.models import Contact
from partners.permissions.permissions import Permissions, permissions_by_link
from partners.place_labels import letterhead_city_label
from procurement.allocations.actions import withdraw_lead
from procurement.leads.actions.decisions import record_contact_message
from procurement.leads.actions.leads import LeadEdit, change_lead, extend_lead, submit_answer
from procurement.leads.forms.contact_offers import MessageCityForm, OfferForm, OwnOfferForm, WithdrawOfferForm
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.lead_facts import total_supply
from procurement.leads.rules.leads import CHANGE_VERIFIED_FACT, EDIT, EXTEND, MESSAGE_CITY, WITHDRAW
from procurement.outreach.models.inquiries import Inquiry
from procurement.portal.link_pages import LinkRequest, permissions_of_link, throttled_page
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.suppliers.actions.suppliers import add_supplier, find_by_number, suppliers_sharing_facts
from procurement.suppliers.forms.duplicates import DuplicateForm
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.match_keys import is_same_name
from procurement.suppliers.views.duplicates import duplicate_confirmation_form
from workflow import clock
from workflow.errors import LazyText, Refused
from workflow.formatting import format_day, format_decimals, format_quantity
from workflow.http.edit_forms import locked_for_edit
from workflow.http.forms import ProjectBoundField
from workflow.http.pages import render_page, run_action
from workflow.http.refusal_responses import http_status

# The form's field for a fact of the offer, where their names differ.
FORM_FIELD_BY_FACT = {"unit_price": "price", "stock_quantity": "stock", "capacity_per_day": "capacity"}
# Facts whose form fields have the same names, each with the value that an empty field means.
TERM_FIELD_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("ready_on", "lead_days", "valid_until", "prepayment_percent")),
    **dict.fromkeys(("incoterm", "incoterm_place", "payment_terms", "remark"), ""),
}
FIRST_PRODUCT_FIELD_DEFAULTS: dict[str, Any] = {
    "model": "",
    "min_order_quantity": 0,
    **dict.fromkeys(("carton_pieces", "carton_kg", "carton_litres", "pallet_cartons")),
}


class EnteredValue(NamedTuple):
    """Value as the page shows it before sending. `note`: what was typed, if it differs. `field_id`: HTML id of its field."""

    label: Any
    value: Any
    note: Any
    field_id: str


def entered_values(form: OfferForm, today: date) -> list[EnteredValue]:
    """Return the values to show before sending, each with the id of its field, and the resulting supply."""
    facts = form.cleaned_data
    given = ((form[name], value) for name, value in facts.items() if value is not False)
    left_out = {"website"} | {name for name in ("stock", "min_order_quantity") if not facts[name]}
    if facts["price"] is None and not any(goods["price"] for _number, goods in form.further_goods):
        left_out.add("currency")
    values = [
        EnteredValue(
            bound.label,
            _display_value(bound.field, value),
            _typed_note(bound),
            bound.id_for_label or bound.auto_id,
        )
        for bound, value in given
        if value not in (None, "") and bound.name not in left_out
    ]
    offered = [(0, facts), *form.further_goods]
    return values + [
        EnteredValue(
            _("Quantity offered: %(product)s") % {"product": goods["line"].product.name},
            format_quantity(supply),
            note,
            form[f"stock_{number}" if number else "stock"].id_for_label,
        )
        for number, goods in offered
        for supply, note in [_supply_with_explanation(goods, facts["ready_on"] or today)]
    ]


def _supply_with_explanation(goods: dict[str, Any], first: date) -> tuple[int, Any]:
    """Return the supply in pieces that results from the quantities, and how it is computed, or ""."""
    stock, daily = goods["stock"] or 0, goods["capacity"] or 0
    last = goods["available_until"]
    supply = total_supply(stock, daily, first, last)
    if not daily or last is None:
        return supply, ""
    words = _("In stock: %(stock)s. Production: %(daily)s per day from %(first)s to %(last)s.")
    days = {"first": format_day(first), "last": format_day(last)}
    return supply, words % {"stock": format_quantity(stock), "daily": format_quantity(daily), **days}


def _typed_note(bound: forms.BoundField) -> Any:
    """Return the sentence with a number as it was typed, if it was typed in words or signs such as 2万."""
    if not isinstance(bound, ProjectBoundField) or not bound.parsed_value:
        return ""
    return _("You entered “%(typed)s”.") % {"typed": bound.data.strip()}


def receipt_values(lead: SupplierLead) -> list[tuple[Any, Any]]:
    """Return the facts of a contact's offer as pairs of label and value, for the receipt."""
    names = OfferForm.base_fields
    terms = (lead.incoterm, lead.incoterm_place)
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
        (_("Quantity offered"), format_quantity(lead.supply)),
        (names["model"].label, lead.model),
        (names["maker"].label, lead.maker.name if lead.maker else ""),
        (names["lead_days"].label, lead.lead_days),
        (
            names["min_order_quantity"].label,
            format_quantity(lead.min_order_quantity) if lead.min_order_quantity else "",
        ),
        (names["incoterm"].label, " ".join(part for part in terms if part)),
        (names["valid_until"].label, format_day(lead.valid_until) if lead.valid_until else ""),
        (names["prepayment_percent"].label, lead.prepayment_percent),
        (names["payment_terms"].label, lead.payment_terms),
        (names["carton_pieces"].label, format_quantity(lead.carton_pieces) if lead.carton_pieces else ""),
        (names["carton_kg"].label, _display_number(lead.carton_kg)),
        (names["carton_litres"].label, _display_number(lead.carton_litres)),
        (names["pallet_cartons"].label, lead.pallet_cartons),
        (names["remark"].label, lead.remark),
    ]
    if lead.kind == SupplierLead.Kind.DONATION:
        facts.append((names["gift"].label, _("yes")))
    return [(label, value) for label, value in facts if value not in (None, "")]


def _display_value(field: forms.Field, value: Any) -> Any:
    """Return a value as the person chose or typed it, in the language of the page."""
    if value is True:
        return _("yes")
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(value)
    if isinstance(field, forms.ChoiceField):
        return dict(field.choices)[value]  # type: ignore[arg-type]  # no groups among these choices
    return format_day(value) if isinstance(value, date) else _display_number(value)


def _display_number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format_decimals(value)
    return format_quantity(value) if isinstance(value, int) else value


def duplicate_supplier_form(
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
    return duplicate_confirmation_form(data, new, strong=strong)


def store_offer(
    inquiry: Inquiry,
    user: User,
    form: OfferForm,
    duplicate_form: DuplicateForm | None = None,
    *,
    by: Permissions,
    at: datetime,
) -> SupplierLead:
    """Store the supplier, its certificates and the offer in one transaction.

    A supplier that is known by its registration number, or was chosen in `duplicate_form`, is not created
    again. A refusal names the field as this form does.
    """
    facts = form.cleaned_data
    try:
        with transaction.atomic():
            supplier = _find_or_add_supplier(inquiry, by, facts, user, at, duplicate_form)
            for kind, number in form.certificates:
                record_shown_certificate(
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
            return _submit_answer(inquiry, supplier, form, user, by=by, at=at)
    except Refused as refused:
        if "field" in refused.details:
            refused.details["field"] = _field_of_form(refused.details["field"], form)
        raise


def _field_of_form(path: str, form: OfferForm) -> str:
    """Return the name of the form's field for a field of the action, such as `further.0.stock_quantity`."""
    parent, _dot, name = path.rpartition(".")
    name = FORM_FIELD_BY_FACT.get(name, name)
    if not parent:
        return name
    numbers = [number for number, _facts in form.further_goods]
    numbered = f"{name}_{numbers[int(parent.rpartition('.')[2])]}"
    return numbered if numbered in form.fields else name


def _submit_answer(
    inquiry: Inquiry, supplier: Supplier, form: OfferForm, user: User, *, by: Permissions, at: datetime
) -> SupplierLead:
    facts = form.cleaned_data
    first = _product_facts(facts, facts) | _rename_fields(facts, FIRST_PRODUCT_FIELD_DEFAULTS)
    if facts.get("product") is not None:
        first["product"] = facts["product"]
    if facts["maker"]:
        first["maker"] = _find_or_add_manufacturer(inquiry, supplier, facts["maker"], user, by, at)
    further = [_product_facts(goods, facts) for _number, goods in form.further_goods]
    return submit_answer(inquiry, author=user, supplier=supplier, further=further, by=by, at=at, **first)


def _product_facts(goods: dict[str, Any], facts: dict[str, Any]) -> Any:
    """Return the facts of the offer of one product: its own, and the terms of the whole answer."""
    gift, priced = facts["gift"], goods["price"] is not None and not facts["gift"]
    return {
        "line": goods["line"],
        "product": goods["line"].product,
        "standard": goods["standard"],
        "kind": SupplierLead.Kind.DONATION if gift else SupplierLead.Kind.SALE,
        "stock_quantity": goods["stock"] or 0,
        "capacity_per_day": goods["capacity"] or 0,
        "available_until": goods["available_until"],
        "unit_price": goods["price"] if priced else None,
        "currency": facts["currency"] if priced else "",
        **_rename_fields(facts, TERM_FIELD_DEFAULTS),
    }


def _rename_fields(facts: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    return {name: empty if facts[name] in (None, "") else facts[name] for name, empty in names.items()}


def _find_or_add_manufacturer(
    inquiry: Inquiry, supplier: Supplier, name: str, user: User, by: Permissions, at: datetime
) -> Supplier | None:
    """Return the manufacturer: the one listed company of this name in the contact's country, or a new one.

    None if the supplier itself was named.
    """
    new = Supplier(legal_name_local=name, country=inquiry.contact.city.country, role=Supplier.Role.MAKER)
    if is_same_name(name, [supplier.legal_name_local, supplier.name_en]):
        return None
    found = [one for one in suppliers_sharing_facts(new).get("name", []) if one.country == new.country]
    if len(found) == 1:
        return found[0]
    return add_supplier(
        legal_name_local=name,
        country=new.country,
        role=new.role,
        contact=inquiry.contact,
        inquiry=inquiry,
        entered_by=user,
        by=by,
        at=at,
    )


def _find_or_add_supplier(
    inquiry: Inquiry,
    by: Permissions,
    facts: dict[str, Any],
    user: Any,
    at: Any,
    duplicate_form: DuplicateForm | None,
) -> Supplier:
    known = find_by_number(facts["uscc"], facts["supplier"])
    chosen = duplicate_form.company if duplicate_form is not None else None
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
        another_because=duplicate_form.cleaned_data["another_because"] if duplicate_form is not None else "",
        by=by,
        at=at,
    )


class OwnOffer(NamedTuple):
    """Offer of the contact whose link was opened, the powers of that link, and the address of its page."""

    lead: SupplierLead
    permissions: Permissions
    back_url: str


type OwnOfferView = Callable[[LinkRequest, OwnOffer], HttpResponse]


def inquiry_link_required(view: OwnOfferView) -> Callable[..., HttpResponseBase]:
    """Open a page about an offer by the link to the inquiry that it answers. 404 for any other offer."""

    @link_required("procurement.inquiry")
    @wraps(view)
    def answer_page(request: LinkRequest, reference: str, lead: str) -> HttpResponse:
        rows = Inquiry.objects.select_related("contact__user", "city")
        inquiry = get_object_or_404(rows, pk=request.link.thing_id)
        by = permissions_of_link(request, inquiry, reference)
        offer = _find_offer(inquiry.answers.filter(contact=inquiry.contact_id), lead)
        return view(request, OwnOffer(offer, by, reverse("portal_inquiry", args=[reference])))

    return answer_page


def own_page_link_required(view: OwnOfferView) -> Callable[..., HttpResponseBase]:
    """Open a page about an offer that answers no inquiry, by the link to its contact's own page. 404 for any other."""

    @link_required("partners.contact")
    @wraps(view)
    def own_page(request: LinkRequest, pk: int, lead: str) -> HttpResponse:
        if request.link.thing_id != pk:
            raise Http404
        contact = get_object_or_404(Contact.objects.select_related("user"), pk=pk, user=request.link.user_id)
        by = permissions_by_link(request.link.user, contact, ("partners.contact", pk))
        offer = _find_offer(SupplierLead.objects.filter(contact=contact, inquiry=None), lead)
        return view(request, OwnOffer(offer, by, reverse("my_requests", args=[pk])))

    return own_page


def _find_offer(rows: QuerySet[SupplierLead], reference: str) -> SupplierLead:
    sent = rows.exclude(status=SupplierLead.Status.DRAFT).select_related("supplier", "city", "inquiry")
    return get_object_or_404(sent, reference=reference)


def correct_offer(request: LinkRequest, offer: OwnOffer) -> HttpResponse:
    """Correct an own offer, until pieces of it are ordered."""
    lead, by = offer.lead, offer.permissions
    with locked_for_edit(request, lead):
        form = OwnOfferForm(request.POST if request.method == "POST" else None, lead)
        edit, at = LeadEdit(**form.cleaned_data) if form.is_valid() else None, clock.now()
        return _show_or_change_offer(
            request,
            offer,
            (CHANGE_VERIFIED_FACT if lead.status == SupplierLead.Status.VERIFIED else EDIT).refusal(
                by, lead, at
            ),
            form,
            {"heading": _("Correct your offer"), "button": _("Save changes")},
            lambda: change_lead(lead, edit, by=by, at=at) if edit is not None else None,
            _("Saved. The %(city)s can now see the corrected offer."),
        )


def withdraw_offer(request: LinkRequest, offer: OwnOffer) -> HttpResponse:
    """Withdraw an own offer, until pieces of it are ordered."""
    lead, by = offer.lead, offer.permissions
    form = WithdrawOfferForm(request.POST if request.method == "POST" else None)
    return _show_or_change_offer(
        request,
        offer,
        WITHDRAW.refusal(by, lead, clock.now()),
        form,
        {"heading": _("Withdraw your offer"), "button": _("Withdraw offer")},
        lambda: withdraw_lead(lead, **form.cleaned_data, by=by, at=clock.now()),
        _("Your offer has been withdrawn. We will notify the %(city)s."),
    )


def message_about_offer(request: LinkRequest, offer: OwnOffer) -> HttpResponse:
    """Send the city a message about an own offer of which pieces are allocated or ordered."""
    lead, by = offer.lead, offer.permissions
    form = MessageCityForm(request.POST if request.method == "POST" else None)
    return _show_or_change_offer(
        request,
        offer,
        MESSAGE_CITY.refusal(by, lead, clock.now()),
        form,
        {"heading": _("Tell the city"), "button": _("Tell the city")},
        lambda: record_contact_message(lead, **form.cleaned_data, by=by, at=clock.now()),
        _("Sent. We will notify the %(city)s."),
    )


def extend_offer(request: LinkRequest, offer: OwnOffer) -> HttpResponse:
    """Confirm that an own offer is still valid, by one tap; without JavaScript a second page asks again."""
    lead, by = offer.lead, offer.permissions
    return _show_or_change_offer(
        request,
        offer,
        EXTEND.refusal(by, lead, clock.now()),
        forms.Form(request.POST if request.method == "POST" else None),
        {"heading": _("Is your offer still valid?"), "button": _("My offer is still valid")},
        lambda: extend_lead(lead, by=by, at=clock.now()),
        _("Thank you. The %(city)s can now see that your offer is still valid."),
    )


def _show_or_change_offer(
    request: LinkRequest,
    offer: OwnOffer,
    refused: Refused | None,
    form: forms.Form,
    context: dict[str, Any],
    act: Callable[[], Any],
    done: LazyText,
) -> HttpResponse:
    """Show a form about an own offer, or make its change and go back to the page that lists the offer.

    `refused` is why the change cannot be made now, or None.
    """
    lead = offer.lead
    context |= {"form": form, "back": offer.back_url, "about": f"{lead.reference} · {lead.supplier.name}"}
    if refused is not None:
        return render_page(
            request, "portal/short_form.html", context | {"refused": refused}, status=http_status(refused)
        )
    if not form.is_valid():
        return render_page(request, "portal/short_form.html", context, status=422 if form.is_bound else 200)

    def change() -> None:
        act()
        messages.success(request, str(done) % {"city": letterhead_city_label(lead.city.name)})

    return throttled_page(request) or run_action(
        request, change, done=offer.back_url, template="portal/short_form.html", context=context
    )
