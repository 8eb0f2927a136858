"""Forms of the catalogue's pages: filters, the route of a consignment, and edits of rules and reliefs.

With `add_unit_to_help_text`, forms of other packages state the unit of the goods in the help text of a quantity.
"""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.products import Product, ProductClassification
from procurement.catalogue.models.reference_rows import AcquisitionType, Confidence, DeclaredUse, EndUserType
from procurement.shipments.models import Shipment
from workflow.errors import LazyText
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField
from workflow.http.lists import Condition
from workflow.input_limits import MAX_TEXT_LENGTH


class RuleFilterForm(forms.Form):
    """Form that filters the rules by text and by state."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        help_text=_("Search by rule text, code or source."),
    )
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("any")),
            ("unconfirmed", _("not confirmed for two years")),
            ("memory", _("no source")),
            ("kept", _("edited manually")),
        ],
    )


def _products_by_family() -> Iterable[Product]:
    """Return the products to choose from, by family."""
    return Product.objects.order_by("family", "code")


class ProductSearchField(forms.CharField):
    """Field of a list's filters that searches the product, by code or by name in any language."""

    def __init__(self) -> None:
        super().__init__(label=_("Product"), required=False, max_length=80)


def product_condition(column: str) -> Condition:
    """Return the condition for rows whose product has a code or name that contains the text."""
    return lambda text, _by: Q(**{f"{column}__in": Product.objects.search(text)})


class RouteForm(forms.Form):
    """Form for the required documents: goods, use, purchase or donation, end user, mode, countries, date."""

    origin = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_("From"),
        help_text=_("A two-letter country code, such as CN, CA, US, JP or DE."),
    )
    destination = forms.RegexField(r"^[A-Za-z]{2}$", label=_("To"))
    product = forms.ChoiceField(
        label=_("Goods"), choices=lambda: [(one.code, one.name) for one in _products_by_family()]
    )
    use = forms.ChoiceField(label=_("Declared use"), choices=DeclaredUse.choices)
    acquisition_type = forms.ChoiceField(label=_("Purchase or donation"), choices=AcquisitionType.choices)
    receiver = forms.ChoiceField(
        label=_("Who will use the goods"),
        choices=[("", _("Not stated")), *EndUserType.choices],
        required=False,
    )
    mode = forms.ChoiceField(label=_("Mode of transport"), choices=Shipment.Mode.choices)
    on = DayField(label=_("As of"))

    def clean_origin(self) -> str:
        """Return the country code in capitals."""
        return str(self.cleaned_data["origin"]).upper()

    def clean_destination(self) -> str:
        """Return the country code in capitals."""
        return str(self.cleaned_data["destination"]).upper()


SHARED_FIELDS = ("valid_from", "valid_to", "seen_on", "confidence", "source_urls")
HELP_TEXTS = {
    "families": _("If none is selected, the rule covers all goods, or only those listed below."),
    "products": _("Product codes separated by spaces, in addition to the families."),
    "hs_numbers": _("First digits of the codes, separated by spaces. Leave blank for any code."),
    "satisfied_by": _("Certificate type codes separated by spaces. Any one of them counts as the document."),
    "source_urls": _("One per line: a link or the name of a document."),
    "origin": _("Two letters. Leave blank for any country."),
    "destination": _("Two letters, or EU for all its member states. Leave blank for any country."),
    "seen_on": _("The latest date on which a source shows that the rule is in force."),
}


class ListField(forms.CharField):
    """Field for a list typed as text, separated by spaces and commas or by lines."""

    def __init__(self, part: Callable[[str], list[str]], joined: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.part, self.joined = part, joined

    def prepare_value(self, value: Any) -> Any:
        """Return the list as text."""
        return self.joined.join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Return the list of parts."""
        return self.part(super().clean(value))


def _split_words(text: str) -> list[str]:
    return text.replace(",", " ").replace("|", " ").split()


def _split_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _codes_field(label: Any) -> ListField:
    return ListField(_split_words, " ", label=label, required=False, max_length=3000)


def _multiple_choice_field(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), required=False, widget=forms.CheckboxSelectMultiple
    )


class RuleBaseForm(EditForm, forms.ModelForm):  # type: ignore[type-arg]  # of either model
    """Form for the content of a rule or relief, with the reason for the change.

    The action validates the content; the form only reads it.
    """

    source_urls = ListField(
        _split_lines,
        "\n",
        label=_("sources"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=6000,
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_TEXT_LENGTH,
        help_text=_("The reason stays in the history."),
    )
    date_fields: ClassVar[tuple[str, ...]] = ("valid_from", "valid_to", "seen_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = capfirst(field.label)
            if name != "reason":
                field.help_text = HELP_TEXTS.get(name, "")
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 2
        for name in self.date_fields:
            self.fields[name] = DayField(
                label=capfirst(self._meta.model._meta.get_field(name).verbose_name),
                required=False,
                help_text=HELP_TEXTS.get(name, ""),
            )
        self.order_fields([name for name in self.fields if name != "reason"])
        if self.instance.pk:
            self.fields.pop("code", None)

    @property
    def facts(self) -> dict[str, Any]:
        """Column values as sent. A list with the same parts in another order counts as unchanged."""
        sent = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        for name, value in sent.items():
            stood = getattr(self.instance, name)
            if isinstance(value, list) and sorted(value) == sorted(stood):
                sent[name] = stood
        return sent

    def _post_clean(self) -> None:
        """Leave the instance unchanged, because the action builds the row and refuses by field."""


class CustomsRuleForm(RuleBaseForm):
    """Form for a customs rule."""

    families = _multiple_choice_field(_("product families"), Product.Family.choices)
    products = _codes_field(_("goods"))
    hs_numbers = _codes_field(_("customs codes"))
    device_classes = _multiple_choice_field(_("device classes"), ProductClassification.DeviceClass.choices)
    consignees = _multiple_choice_field(_("recipients"), EndUserType.choices)
    modes = _multiple_choice_field(_("modes of transport"), Shipment.Mode.choices)
    satisfied_by = _codes_field(_("certificates that count as the document"))

    class Meta:
        model = CustomsRule
        fields = (
            *(
                "code",
                "category",
                "document_code",
                "name_en",
                "name_fr",
                "name_zh",
                "why_en",
                "why_fr",
                "why_zh",
            ),
            *(
                "origin",
                "destination",
                "side",
                "owner",
                "due_before",
                "effect",
                "families",
                "products",
                "hs_numbers",
            ),
            *(
                "device_classes",
                "use",
                "acquisition_type",
                "consignees",
                "modes",
                "satisfied_by",
                "position",
                *SHARED_FIELDS,
            ),
        )


class DutyReliefForm(RuleBaseForm):
    """Form for a relief from duty or tax."""

    date_fields = (*RuleBaseForm.date_fields, "later_from")
    importers = _multiple_choice_field(_("importers"), EndUserType.choices)
    later_importers = _multiple_choice_field(_("importers added later"), EndUserType.choices)
    hs_numbers = _codes_field(_("customs codes"))

    class Meta:
        model = DutyRelief
        fields = (
            *(
                "code",
                "name_en",
                "name_fr",
                "name_zh",
                "country",
                "basis",
                "authorisation",
                "tariff_treatment",
            ),
            *(
                "importers",
                "later_importers",
                "later_from",
                "acquisition_type",
                "relieves_duty",
                "relieves_tax",
                "hs_numbers",
            ),
            *("condition_en", "condition_fr", "condition_zh", "needs_end_use", *SHARED_FIELDS),
        )


class RuleSourceForm(forms.Form):
    """Form for the source that the coordinator consulted."""

    source = forms.CharField(
        label=_("Source"), max_length=600, help_text=_("A link (https://…) or the name of a document.")
    )


class ConfirmRuleForm(RuleSourceForm):
    """Form that confirms that a rule is still in force today."""

    confidence = forms.ChoiceField(
        label=_("Confidence"),
        choices=[(one.value, one.label) for one in (Confidence.RELIABLE, Confidence.WEAK)],
        help_text=_(
            "Reliable: an official text, or several sources that agree. "
            "Weak: a single page that mentions the rule."
        ),
    )
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_TEXT_LENGTH,
    )


class EndRuleForm(RuleSourceForm):
    """Form for the last day a rule was in force."""

    on = DayField(label=_("Last day in force"))
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=MAX_TEXT_LENGTH
    )


class ResetToFileForm(forms.Form):
    """Form for the reason to give up the changes made by hand."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=MAX_TEXT_LENGTH
    )


MAX_SEARCH_LENGTH = 100  # characters of a search


class CertificateTypeFilterForm(forms.Form):
    """Form that searches the certificate types. `for` is the supplier that gets the new certificate."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=MAX_SEARCH_LENGTH,
        help_text=_("Search by name, goods or number, in any language."),
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["for"] = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)


def add_unit_to_help_text(form: forms.Form, name: str, words: LazyText, products: Iterable[Product]) -> None:
    """Put the unit of the products in the help text of a field.

    `words` is the help text with the placeholder `unit`. If the products have several units, the field
    keeps its own help text.
    """
    units = {product.unit for product in products}
    if len(units) == 1:
        form.fields[name].help_text = words % {"unit": Product.Unit(units.pop()).label}
