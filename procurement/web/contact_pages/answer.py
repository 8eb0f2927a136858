"""A contact's answer to a question, by link: the form, a page to check it, the receipt, and what became of it.

No account, no password. A no, and "please ask my colleague", stand at the top and cost one tap more.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.web.grants import link_required
from partners.models import Contact
from partners.roles import Power
from partners.rules import Powers
from procurement.catalogue.models import CertificateKind, Product, Standard
from procurement.leads import actions as leads
from procurement.leads.models import SupplierLead
from procurement.outreach import actions
from procurement.outreach.models import Inquiry
from procurement.requests.models import RequestLine
from procurement.requests.rules import FARTHEST
from procurement.shipments.models import Shipment
from procurement.suppliers import actions as suppliers
from procurement.suppliers.models import Supplier
from procurement.web.contact_pages.acting import (
    ByLink,
    acting,
    closed_to,
    files_of,
    open_to,
    person,
    photo,
    refusal_status,
    too_often,
)
from workflow import clock
from workflow.doors import words
from workflow.doors.forms import DayField, MoneyField, QuantityField
from workflow.doors.http import attempt, show
from workflow.doors.refusals import status_of
from workflow.errors import Refused

CURRENCIES = [
    ("CNY", _("yuan (CNY)")),
    ("USD", _("US dollars (USD)")),
    ("EUR", _("euros (EUR)")),
    ("CAD", _("Canadian dollars (CAD)")),
]
by_link = link_required("procurement.inquiry")


class Offer(forms.Form):
    """Three answers are needed: who, what, how many. The rest helps and may stay open."""

    supplier = forms.CharField(
        label=_("Name of the supplier"), max_length=200, help_text=_("As on the business licence.")
    )
    line = forms.ModelChoiceField(
        RequestLine.objects.none(), label=_("What can they supply?"), empty_label=None
    )
    stock = QuantityField(
        label=_("How many pieces are there?"),
        min_value=1,
        help_text=_("Such as 10,000, or 200 boxes of 50."),
    )
    standard = forms.ModelChoiceField(
        Standard.objects.none(), label=_("Which standard do the goods meet?"), required=False
    )
    capacity = QuantityField(label=_("How many are made in a day?"), required=False)
    price = MoneyField(
        label=_("Price per piece"), required=False, help_text=_("Leave it open if you do not know it yet.")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, initial="CNY", required=False)
    gift = forms.BooleanField(label=_("It is a gift"), required=False)
    ready_on = DayField(label=_("Ready to ship on"), required=False)
    uscc = forms.CharField(
        label=_("Unified social credit code"),
        max_length=30,
        required=False,
        help_text=_("18 characters, on the licence."),
    )
    certificate = forms.ModelChoiceField(
        CertificateKind.objects.none(), label=_("Certificate"), required=False
    )
    certificate_number = forms.CharField(label=_("Number of the certificate"), max_length=80, required=False)
    phone = forms.CharField(label=_("Whom to reach there, by WeChat or phone"), max_length=60, required=False)
    remark = forms.CharField(
        label=_("Anything else"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    website = forms.CharField(
        required=False,
        label="Website",
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data: Any, inquiry: Inquiry, typed: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=typed)
        lines = (
            RequestLine.objects.filter(supply_request=inquiry.supply_request)
            .select_related("product")
            .order_by("position")
        )
        products = Product.objects.filter(pk__in=lines.values("product"))
        self._choose("line", lines, lambda line: line.product.name)
        self._choose("standard", Standard.objects.filter(products__in=products).distinct().order_by("code"))
        self._choose("certificate", CertificateKind.objects.order_by("code"))

    def _choose(self, name: str, rows: Any, label: Any = str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = rows
        field.label_from_instance = label  # type: ignore[method-assign]  # Django's own way to label a choice

    def clean(self) -> dict[str, Any]:
        """A number names its certificate, and the other way round; a machine fills in the field nobody sees."""
        facts = super().clean() or {}
        if facts.get("website"):
            raise forms.ValidationError(_("Please send the form again."), code="honeypot")
        if bool(facts.get("certificate")) != bool(facts.get("certificate_number")):
            missing = "certificate_number" if facts.get("certificate") else "certificate"
            self.add_error(missing, _("A certificate needs its kind and its number."))
        ready_on = facts.get("ready_on")
        if ready_on is not None and ready_on > clock.now().date() + FARTHEST:
            self.add_error("ready_on", _("That day is more than ten years away. Check the year."))
        return facts


class Colleague(forms.Form):
    """Who is the right person to ask."""

    to = forms.ModelChoiceField(Contact.objects.none(), label=_("Colleague"), required=False)
    remark = forms.CharField(
        label=_("Or write whom to ask"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
    )

    def __init__(self, data: Any, contact: Contact) -> None:
        super().__init__(data)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        others = Contact.objects.answering().filter(city=contact.city).exclude(pk=contact.pk)
        field.queryset = others.select_related("user").order_by("pk")

    def clean(self) -> dict[str, Any]:
        """Somebody is named, one way or the other: without a name it would be a plain no."""
        facts = super().clean() or {}
        if not self.errors and facts.get("to") is None and not facts.get("remark"):
            raise forms.ValidationError(_("Choose a colleague, or write whom to ask."), code="nobody_named")
        return facts


class Remark(forms.Form):
    """A no needs no reason; a word is welcome."""

    remark = forms.CharField(
        label=_("A word to the city"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
    )


@by_link
def answer(request: ByLink, reference: str) -> HttpResponse:
    """The question, the form, and what this person offered already. Nothing is stored before the check page is confirmed."""
    inquiry, by = _find(request, reference)
    form = Offer(request.POST or None, inquiry)
    context = _context(request, inquiry, by, form)
    closed = context["closed"]
    if form.is_bound and closed is not None:
        return show(request, "contact/answer.html", context | {"refused": closed}, status=status_of(closed))
    if not form.is_valid():
        return show(request, "contact/answer.html", context, status=422 if form.is_bound else 200)
    if "change" in request.POST:
        return show(request, "contact/answer.html", context)
    if "confirmed" not in request.POST:
        return show(request, "contact/check.html", context | {"shown": _shown(form)})
    return too_often(request) or attempt(
        request,
        lambda: _offer(request, inquiry, by, form.cleaned_data),
        done=lambda lead: reverse("answer_receipt", args=[inquiry.reference, lead.reference]),
        template="contact/answer.html",
        context=context,
    )


def _context(request: ByLink, inquiry: Inquiry, by: Powers, form: Offer) -> dict[str, Any]:
    shipments = Shipment.objects.filter(lines__order_line__allocation__lead__inquiry=inquiry)
    return {
        "inquiry": inquiry,
        "form": form,
        "moves": open_to(inquiry, by),
        "closed": closed_to(inquiry, "answer", by),
        "offers": _offers(inquiry),
        "shipments": shipments.distinct().order_by("pk"),
        "photos": files_of(inquiry, person(request)),
    }


@by_link
def receipt(request: ByLink, reference: str, lead: str) -> HttpResponse:
    """The number of what was sent, and what one may do now."""
    inquiry, _by = _find(request, reference)
    mine = inquiry.answers.filter(reference=lead).first()
    if mine is None:
        raise Http404
    return show(request, "contact/receipt.html", {"inquiry": inquiry, "lead": mine})


@by_link
def decline(request: ByLink, reference: str) -> HttpResponse:
    """Say “I cannot help”: one page, one button, a word if one likes."""
    inquiry, by = _find(request, reference)
    form = Remark(request.POST if request.method == "POST" else None)
    context = {"inquiry": inquiry, "form": form, "heading": _("I cannot help"), "button": _("Tell the city")}
    if not form.is_valid():
        return show(request, "contact/ask.html", context, status=422 if form.is_bound else 200)
    return too_often(request) or attempt(
        request,
        lambda: actions.decline(inquiry, remark=form.cleaned_data["remark"], by=by, at=clock.now()),
        done=reverse("answer", args=[reference]),
        template="contact/ask.html",
        context=context,
    )


@by_link
def colleague(request: ByLink, reference: str) -> HttpResponse:
    """Say “please ask my colleague”: chosen from those known here, or named in a line for the officer."""
    inquiry, by = _find(request, reference)
    form = Colleague(request.POST if request.method == "POST" else None, inquiry.contact)
    context = {
        "inquiry": inquiry,
        "form": form,
        "heading": _("Please ask my colleague"),
        "button": _("Pass it on"),
    }
    if not form.is_valid():
        return show(request, "contact/ask.html", context, status=422 if form.is_bound else 200)
    facts, at = form.cleaned_data, clock.now()

    def act() -> Inquiry:
        if facts["to"] is not None:
            return actions.hand_over(inquiry, to=facts["to"], remark=facts["remark"], by=by, at=at)
        return actions.decline(inquiry, remark=facts["remark"], by=by, at=at)

    return too_often(request) or attempt(
        request, act, done=reverse("answer", args=[reference]), template="contact/ask.html", context=context
    )


@by_link
def add_photo(request: ByLink, reference: str) -> HttpResponse:
    """One photo of a licence, a report or the packaging."""
    inquiry, by = _find(request, reference)

    def again(refused: Refused | None) -> HttpResponse:
        context = _context(request, inquiry, by, Offer(None, inquiry, request.POST.dict()))
        return show(
            request, "contact/answer.html", context | {"refused": refused}, status=refusal_status(refused)
        )

    return photo(request, inquiry, by, Power.ANSWER, again)


def _find(request: ByLink, reference: str) -> tuple[Inquiry, Powers]:
    rows = Inquiry.objects.select_related(
        "contact__user", "contact__city", "contact__organisation", "city", "supply_request"
    )
    inquiry = rows.filter(pk=request.link.thing_id).first()
    if inquiry is None:
        raise Http404
    return inquiry, acting(request, inquiry, reference)


def _offers(inquiry: Inquiry) -> Any:
    return inquiry.answers.select_related("supplier", "product").order_by("pk")


def _shown(form: Offer) -> list[tuple[Any, Any]]:
    """What was typed, as pairs of label and value, for the check page."""
    given = (
        (form[name], value) for name, value in form.cleaned_data.items() if value not in (None, "", False)
    )
    left_out = {"website"} if form.cleaned_data["price"] is not None else {"website", "currency"}
    return [(bound.label, _said(bound.field, value)) for bound, value in given if bound.name not in left_out]


def _said(field: forms.Field, value: Any) -> Any:
    """A value as the person chose or typed it, in the page's language."""
    if value is True:
        return _("yes")
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(value)
    if isinstance(field, forms.ChoiceField):
        return dict(CURRENCIES)[value]
    return words.day(value) if isinstance(value, date) else _figure(value)


def _figure(value: Any) -> Any:
    if isinstance(value, Decimal):
        return words.decimals(value)
    return words.quantity(value) if isinstance(value, int) else value


def _offer(request: ByLink, inquiry: Inquiry, by: Powers, facts: dict[str, Any]) -> SupplierLead:
    """The company, its certificate and the offer, in one transaction. A company that is known by its number is not entered twice."""
    at, user = clock.now(), person(request)
    with transaction.atomic():
        supplier = _supplier(inquiry, by, facts, user, at)
        if facts["certificate"]:
            suppliers.claim(
                supplier,
                facts["certificate"],
                number=facts["certificate_number"],
                entered_by=user,
                contact=inquiry.contact,
                inquiry=inquiry,
                products=[facts["line"].product],
                by=by,
                at=at,
            )
        gift = facts["gift"]
        return leads.answer(
            inquiry,
            author=user,
            supplier=supplier,
            line=facts["line"],
            product=facts["line"].product,
            standard=facts["standard"],
            kind=SupplierLead.Kind.DONATION if gift else SupplierLead.Kind.SALE,
            stock_quantity=facts["stock"],
            capacity_per_day=facts["capacity"] or 0,
            unit_price=None if gift else facts["price"],
            currency=facts["currency"] if facts["price"] is not None and not gift else "",
            ready_on=facts["ready_on"],
            remark=facts["remark"],
            by=by,
            at=at,
        )


def _supplier(inquiry: Inquiry, by: Powers, facts: dict[str, Any], user: Any, at: Any) -> Supplier:
    known = suppliers.known_by_number(facts["uscc"], facts["supplier"])
    if known is not None:
        return known
    return suppliers.add(
        legal_name_local=facts["supplier"],
        country=inquiry.contact.city.country,
        uscc=facts["uscc"],
        phone=facts["phone"],
        place=inquiry.contact.city,
        contact=inquiry.contact,
        inquiry=inquiry,
        entered_by=user,
        referred_by=[inquiry.contact.organisation.name_en],
        by=by,
        at=at,
    )


urlpatterns = [
    path("a/<slug:reference>/", answer, name="answer"),
    path("a/<slug:reference>/receipt/<slug:lead>/", receipt, name="answer_receipt"),
    path("a/<slug:reference>/cannot/", decline, name="answer_decline"),
    path("a/<slug:reference>/colleague/", colleague, name="answer_colleague"),
    path("a/<slug:reference>/photo/", add_photo, name="answer_photo"),
]
