"""Offer of a contact, by link: the form, its values for the check page, and how it is stored."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.permissions.permissions import Permissions
from procurement.leads.actions.leads import submit_answer
from procurement.leads.forms import CURRENCIES, OfferForm
from procurement.leads.models.leads import SupplierLead
from procurement.outreach.models import Inquiry
from procurement.suppliers.actions.certificates import claim_certificate
from procurement.suppliers.actions.suppliers import add_supplier, find_by_number
from procurement.suppliers.forms.duplicates import DuplicateForm
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.views.duplicates import needs_confirmation
from workflow.errors import Refused
from workflow.formatting import format_day, format_decimals, format_quantity

# The names of an offer's facts, and of the fields of this form.
FIELD_OF_KEY = {"unit_price": "price", "stock_quantity": "stock", "capacity_per_day": "capacity"}


def entered_values(form: OfferForm) -> list[tuple[Any, Any]]:
    """Return the values as pairs of label and value, for the check page."""
    given = (
        (form[name], value) for name, value in form.cleaned_data.items() if value not in (None, "", False)
    )
    left_out = {"website"} if form.cleaned_data["price"] is not None else {"website", "currency"}
    return [
        (bound.label, _displayed(bound.field, value)) for bound, value in given if bound.name not in left_out
    ]


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
