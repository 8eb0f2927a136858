"""Forms of certificates: entry, correction, a check with the issuer, and decisions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.certificates import CertificateType, NotifiedBody
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import Market
from procurement.catalogue.models.standards import Standard
from procurement.catalogue.rules.certification_bodies import MODULE_CHOICES
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.issuer_checks import IssuerCheck
from workflow.errors import LazyText
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField
from workflow.input_limits import MAX_TEXT_LENGTH

OPTIONAL_MODULE_CHOICES = [("", _("not stated")), *MODULE_CHOICES]
ALL_MARKETS = _("All markets")


def certificate_types_by_market(kinds: list[CertificateType]) -> list[tuple[LazyText, list[CertificateType]]]:
    """Group the certificate types by market in a fixed order; types of no or several markets last."""
    order: list[Any] = ["CN", "EU", "US", "CA", "JP", "KR", ""]
    by_market: dict[str, list[CertificateType]] = {code: [] for code in order}
    for kind in kinds:
        by_market[kind.jurisdiction if kind.jurisdiction in by_market else ""].append(kind)
    named: dict[str, LazyText] = {**{choice.value: choice.label for choice in Market}, "": ALL_MARKETS}
    by_name = ((code, sorted(rows, key=lambda kind: kind.name)) for code, rows in by_market.items())
    return [(named[code], rows) for code, rows in by_name if rows]


def certificate_type_choices() -> list[Any]:
    """Return the certificate types as grouped choices.

    In a grouped list, a browser finds a type by the letters typed.
    """
    kinds = list(CertificateType.objects.order_by("code"))
    return [
        ("", "---------"),
        *(
            (group, [(one.pk, one.name) for one in rows])
            for group, rows in certificate_types_by_market(kinds)
        ),
    ]


class CertificateForm(EditForm):
    """Form for the facts of a certificate that a company showed."""

    kind = forms.ModelChoiceField(CertificateType.objects.order_by("code"), label=_("Type"))
    number = forms.CharField(label=_("Number"), max_length=80)
    holder = forms.CharField(label=_("Holder"), max_length=200, required=False)
    manufacturer = forms.CharField(
        label=_("Manufacturer"), max_length=200, required=False, help_text=_("As it appears on the document.")
    )
    models_covered = forms.CharField(
        label=_("Models"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Model names as they appear on the document, one per line. Copy a family name exactly, "
            "such as KN95-xxx, AL-S* or AL-S1~AL-S5."
        ),
    )
    issuer = forms.CharField(
        label=_("Issuer"), max_length=200, required=False, help_text=_("The organization on the letterhead.")
    )
    notified_body = forms.ModelChoiceField(
        NotifiedBody.objects.order_by("number", "name", "pk"),
        label=_("Notified body"),
        required=False,
        help_text=_("For European documents: the four digits next to CE, if the body is on our list."),
    )
    module = forms.ChoiceField(
        label=_("Module"),
        choices=OPTIONAL_MODULE_CHOICES,
        required=False,
        help_text=_("For European documents: B for design, C2 or D for production."),
    )
    standards = forms.ModelMultipleChoiceField(
        Standard.objects.order_by("code"),
        label=_("Standards"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_(
            "Choose the standards named on the document, or none if no standard is named. Hold Ctrl or ⌘ "
            "to choose several."
        ),
    )
    products = forms.ModelMultipleChoiceField(
        Product.objects.order_by("family", "code"),
        label=_("Products"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_(
            "Choose the products named on the document, or none if the document may apply to any product. "
            "Hold Ctrl or ⌘ to choose several."
        ),
    )
    issued_on = DayField(label=_("Issued on"), required=False)
    valid_until = DayField(label=_("Valid until"), required=False)
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
    )

    def __init__(self, data: Any, known: Certificate | None = None, kind: str = "") -> None:
        chosen = CertificateType.objects.filter(code=kind).first() if kind else None
        super().__init__(data, initial=_current_values(known) if known else {"kind": chosen})
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ModelChoiceField)  # declared above
        kinds.choices = certificate_type_choices()
        if known and known.module not in dict(
            OPTIONAL_MODULE_CHOICES
        ):  # the API may have stored another module
            module = self.fields["module"]
            assert isinstance(module, forms.ChoiceField)  # declared above
            module.choices = [*OPTIONAL_MODULE_CHOICES, (known.module, known.module)]


class NewCertificateForm(CertificateForm):
    """Form for a certificate that was shown, with its photo or scan."""

    field_order = ("kind", "file", "number")
    file = forms.FileField(
        label=_("Photo or scan of the document"),
        required=False,
        help_text=_(
            "PDF, JPEG, PNG or WebP, up to 10 MB. The screenshot is kept with the certificate’s files."
        ),
    )

    def __init__(self, data: Any, files: Any, kind: str = "") -> None:
        super().__init__(data, kind=kind)
        self.files = files


class AmendCertificateForm(CertificateForm):
    """Form that corrects a certificate, with a reason if another city relies on it."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _current_values(known: Certificate) -> dict[str, Any]:
    """Return the current facts of a certificate, for its form."""
    named = {name: list(getattr(known, name).all()) for name in ("standards", "products")}
    return {
        name: named[name] if name in named else getattr(known, name) for name in CertificateForm.base_fields
    }


class IssuerCheckForm(forms.Form):
    """Form for a check with the issuer: address, method, date, text and screenshot."""

    address = forms.CharField(
        label=_("Link opened or number called"),
        max_length=300,
        help_text=_("The issuer’s own link or number, not one printed on the document."),
    )
    how = forms.ChoiceField(
        label=_("Method"), choices=IssuerCheck.CheckMethod.choices, initial=IssuerCheck.CheckMethod.REGISTER
    )
    seen_on = DayField(label=_("Date"), required=False, help_text=_("Leave blank for today."))
    screenshot = forms.FileField(
        label=_("Screenshot"),
        required=False,
        help_text=_(
            "PDF, JPEG, PNG or WebP, up to 10 MB. The screenshot is kept with the certificate’s files."
        ),
    )
    reason = forms.CharField(
        label=_("Information found"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT_LENGTH
    )


class CertificateDecisionForm(IssuerCheckForm):
    """Form for a decision on a certificate. The issuer's address is optional."""

    def __init__(self, data: Any, _thing: Certificate) -> None:
        super().__init__(data, initial={"how": IssuerCheck.CheckMethod.DOCUMENT})
        self.fields["address"].required = False
        self.fields["reason"].label = _("Reason")


class IssuerAnswerForm(IssuerCheckForm):
    """Form for the answer of the issuer, without a decision."""

    field_order = ("result", *IssuerCheckForm.base_fields)
    result = forms.ChoiceField(label=_("Issuer’s answer"), choices=IssuerCheck.Result.choices)

    def __init__(self, data: Any, _thing: Certificate) -> None:
        super().__init__(data)
        self.fields["reason"].required = False
