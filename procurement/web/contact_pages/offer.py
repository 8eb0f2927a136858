"""What a contact offers, by link: the form, its values as the check page says them, and what is stored of it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.rules.powers import Powers
from procurement.catalogue.models.certificates import CertificateKind
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions import offers
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.facts import FIRST_DAY, LAST_DAY
from procurement.outreach.models import Inquiry
from procurement.requests.models import RequestLine
from procurement.suppliers.actions import certificates, companies
from procurement.suppliers.actions.companies import known_by_number
from procurement.suppliers.models.company import Supplier
from procurement.web.suppliers.same import Same, asked
from procurement.web.units import ask_in
from workflow.doors import words
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.forms import DayField, MoneyField, QuantityField
from workflow.errors import Refused

CURRENCIES = [
    ("CNY", _("yuan (CNY)")),
    ("USD", _("US dollars (USD)")),
    ("EUR", _("euros (EUR)")),
    ("CAD", _("Canadian dollars (CAD)")),
]
# The fields of each paper that may be named: kind and number.
CERTIFICATES = [
    ("certificate", "certificate_number"),
    ("certificate_2", "certificate_number_2"),
    ("certificate_3", "certificate_number_3"),
]
MORE = ("capacity", "ready_on", "available_until", "uscc", *CERTIFICATES[0], "phone", "remark")
# An offer's facts by the name this form asks for them with.
AS_ASKED = {"unit_price": "price", "stock_quantity": "stock", "capacity_per_day": "capacity"}


class Offer(forms.Form):
    """Three answers are needed: who, what, how many. The rest helps and may stay open."""

    supplier = forms.CharField(
        label=_("Name of the supplier"), max_length=200, help_text=_("As on the business licence.")
    )
    line = forms.ModelChoiceField(
        RequestLine.objects.none(), label=_("What can they supply?"), empty_label=None
    )
    stock = QuantityField(
        label=_("Quantity in stock"),
        required=False,
        help_text=_(
            "Such as 10,000, or 200 boxes of 50. Nothing in stock? Say below how much is made in a day."
        ),
    )
    standard = forms.ModelChoiceField(
        Standard.objects.none(), label=_("Which standard do the goods meet?"), required=False
    )
    capacity = QuantityField(label=_("Quantity made in a day"), required=False)
    price = MoneyField(
        label=_("Price per piece"), required=False, help_text=_("Leave it open if you do not know it yet.")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, initial="CNY", required=False)
    gift = forms.BooleanField(label=_("It is a gift"), required=False)
    ready_on = DayField(
        label=_("Ready to ship on"),
        required=False,
        help_text=_("For goods still to be made: the first day of production."),
    )
    available_until = DayField(
        label=_("Made for this need until"),
        required=False,
        help_text=_("For goods still to be made: the last day of production."),
    )
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
    certificate_2 = forms.ModelChoiceField(
        CertificateKind.objects.none(), label=_("Second certificate"), required=False
    )
    certificate_number_2 = forms.CharField(
        label=_("Number of the second certificate"), max_length=80, required=False
    )
    certificate_3 = forms.ModelChoiceField(
        CertificateKind.objects.none(), label=_("Third certificate"), required=False
    )
    certificate_number_3 = forms.CharField(
        label=_("Number of the third certificate"), max_length=80, required=False
    )
    phone = forms.CharField(label=_("Whom to reach there, by WeChat or phone"), max_length=60, required=False)
    remark = forms.CharField(
        label=_("Anything else"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WORDS,
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
        words = _(
            "In %(unit)s, such as 10,000, or 200 boxes of 50. Nothing in stock? Say below how much is made in a day."
        )
        ask_in(self, "stock", words, products)
        self._choose("line", lines, lambda line: line.product.name)
        self._choose("standard", Standard.objects.filter(products__in=products).distinct().order_by("code"))
        kinds = CertificateKind.objects.order_by("code")
        for kind, _number in CERTIFICATES:
            self._choose(kind, kinds)

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
        for name in ("ready_on", "available_until"):
            day = facts.get(name)
            if day is not None and not FIRST_DAY <= day <= LAST_DAY:
                self.add_error(name, _("Give a day between 2000 and 2099."))
        self._check_supply(facts)
        for kind, number in CERTIFICATES:
            if bool(facts.get(kind)) != bool(facts.get(number)) and not self.errors.keys() & {kind, number}:
                self.add_error(
                    number if facts.get(kind) else kind, _("A certificate needs its kind and its number.")
                )
        return facts

    def _check_supply(self, facts: dict[str, Any]) -> None:
        """Something is in stock, or made in a day; what is made in a day is made from one day until another."""
        if self.errors.keys() & {"stock", "capacity", "ready_on", "available_until"}:
            return
        if not facts.get("capacity"):
            if not facts.get("stock"):
                self.add_error("stock", _("Say how much there is, or how much is made in a day."))
            return
        first, last = facts.get("ready_on"), facts.get("available_until")
        if first is None:
            self.add_error("ready_on", _("Say from which day they are made."))
        if last is None:
            self.add_error("available_until", _("Say until which day they are made."))
        elif first is not None and last < first:
            self.add_error(
                "available_until", _("The last day is before the first one. Correct one of the two.")
            )

    @property
    def certificates(self) -> list[tuple[CertificateKind, str]]:
        """Kind and number of each paper that was named, once."""
        named = [(self.cleaned_data[kind], self.cleaned_data[number]) for kind, number in CERTIFICATES]
        return list(dict.fromkeys(pair for pair in named if pair[0]))

    @property
    def groups(self) -> dict[str, Any]:
        """The fields as the page shows them: asked of everybody, folded as more that helps, and folded again each further paper."""
        fields = {bound.name: bound for bound in self.visible_fields() if bound.name != "website"}
        further = [[fields.pop(name) for name in pair] for pair in CERTIFICATES[1:]]
        more = [fields.pop(name) for name in MORE]
        return {
            "asked": fields.values(),
            "more": more,
            "further": [(pair, _is_said(pair)) for pair in further],
        }


def _is_said(pair: Sequence[forms.BoundField]) -> bool:
    """Whether something stands there: then the fold is open."""
    return any(bound.value() for bound in pair)


def shown(form: Offer) -> list[tuple[Any, Any]]:
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


def question(data: Any, inquiry: Inquiry, form: Offer, *, strong: bool = False) -> Same | None:
    """Which known company it is, asked before it is saved; None where none is like it, or one is known by its number and name."""
    facts = form.cleaned_data
    if known_by_number(facts["uscc"], facts["supplier"]) is not None:
        return None
    new = Supplier(
        legal_name_local=facts["supplier"],
        country=inquiry.contact.city.country,
        uscc=facts["uscc"],
        phone=facts["phone"],
    )
    return asked(data, new, strong=strong)


def store(
    inquiry: Inquiry, user: User, form: Offer, same: Same | None = None, *, by: Powers, at: datetime
) -> SupplierLead:
    """The company, its certificates and the offer, in one transaction. A company that is known by its number is not entered twice,
    nor one that was chosen among those like it (`same`).

    What is refused is refused at the field as this form names it.
    """
    facts = form.cleaned_data
    try:
        with transaction.atomic():
            supplier = _supplier(inquiry, by, facts, user, at, same)
            for kind, number in form.certificates:
                certificates.claim(
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
        if refused.details.get("field") in AS_ASKED:
            refused.details["field"] = AS_ASKED[refused.details["field"]]
        raise


def _answer(
    inquiry: Inquiry, supplier: Supplier, facts: dict[str, Any], user: User, *, by: Powers, at: datetime
) -> SupplierLead:
    gift = facts["gift"]
    return offers.answer(
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
    inquiry: Inquiry, by: Powers, facts: dict[str, Any], user: Any, at: Any, same: Same | None
) -> Supplier:
    known = known_by_number(facts["uscc"], facts["supplier"])
    chosen = same.company if same is not None else None
    if (found := known or chosen) is not None:
        return found
    return companies.add(
        legal_name_local=facts["supplier"],
        country=inquiry.contact.city.country,
        uscc=facts["uscc"],
        phone=facts["phone"],
        place=inquiry.contact.city,
        contact=inquiry.contact,
        inquiry=inquiry,
        entered_by=user,
        referred_by=[inquiry.contact.organisation.name_en],
        another_because=same.cleaned_data["another_because"] if same is not None else "",
        by=by,
        at=at,
    )
