"""Forms of suppliers: filter, entry, correction and merging."""

from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from partners import validators
from partners.cities.models import City
from partners.form_fields import CountryField
from partners.list_filters import city_name_condition
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules import suppliers
from procurement.suppliers.rules.suppliers import FactPair, compare_suppliers
from procurement.suppliers.views.fact_display import display_value
from workflow.errors import LazyText
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField, LinesField
from workflow.http.lists import ListFilterForm
from workflow.input_limits import MAX_TEXT_LENGTH


class SupplierFilterForm(ListFilterForm):
    """Form that filters the list of companies."""

    lookups: ClassVar = {
        "role": "role",
        "city": city_name_condition("place"),
    }

    q = forms.CharField(
        label=_("Search"), required=False, help_text=_("Name in any script, number or reference.")
    )
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("Any")), *Supplier.Role.choices]
    )
    city = forms.CharField(label=_("City"), required=False, max_length=80)

    sorts = (("name", _("Supplier")), ("number", _("Registration number")), ("city", _("City")))


class SupplierForm(EditForm):
    """Form for the facts of a company."""

    legal_name_local = forms.CharField(
        label=_("Legal name"),
        max_length=200,
        help_text=_("As on the business licence, in the original script."),
    )
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    country = CountryField(label=_("Country or region"))
    uscc = forms.CharField(
        label=_("Registration number"),
        max_length=30,
        required=False,
        help_text=_("USCC in China, BN in Canada, EIN in the United States, registry number in Hong Kong."),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", _("unknown")), *Supplier.Role.choices], required=False
    )
    founded_on = DayField(label=_("Founded"), required=False)
    place = forms.ModelChoiceField(City.objects.order_by("name_en", "pk"), label=_("City"), required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    email = forms.EmailField(label=_("Email"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    website = forms.CharField(
        label=_("Website"), max_length=200, required=False, validators=[validators.validate_website]
    )
    referred_by = LinesField(
        label=_("Referred by"),
        longest=200,
        required=False,
        help_text=_("One person or company per line, from first to last."),
    )

    def __init__(self, data: Any, supplier: Supplier | None = None) -> None:
        known = {name: getattr(supplier, name) for name in SupplierForm.base_fields} if supplier else None
        super().__init__(data, initial=known)


class CorrectSupplierForm(SupplierForm):
    """Form that corrects a company, with a reason if other cities decide."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NewSupplierForm(SupplierForm):
    """Form for the facts of a new company."""

    account = forms.CharField(
        label=_("Account number provided"),
        max_length=60,
        required=False,
        help_text=_(
            "Used only to check whether another company has the same account. Enter the account itself on "
            "the company’s page."
        ),
    )


class MergeSuppliersForm(forms.Form):
    """Form that merges two records of the same company.

    It first asks for the other record, then for each fact that differs which value stays.
    """

    into = forms.CharField(
        label=_("Reference of the other record"), max_length=20, help_text=_("For example SU-2020-0001.")
    )
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT_LENGTH
    )

    def __init__(self, data: Any, supplier: Supplier) -> None:
        super().__init__(data)
        self.supplier, self.rows = supplier, list[FactPair]()
        other = Supplier.objects.filter(reference=str((data or {}).get("into", "")).strip().upper()).first()
        if other is None or other.pk == supplier.pk:
            return
        self.rows = compare_suppliers(supplier, other)
        for row in (row for row in self.rows if row.values_differ):
            self.fields[f"keep_{row.name}"] = forms.ChoiceField(
                label=capfirst(str(_column_label(row.name))),
                choices=[
                    (
                        suppliers.OURS,
                        f"{supplier.reference}: {display_value(row.name, row.merged_row_value)}",
                    ),
                    (
                        suppliers.THEIRS,
                        f"{other.reference}: {display_value(row.name, row.remaining_row_value)}",
                    ),
                ],
                widget=forms.RadioSelect,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Collect the values to keep in `keep`, by fact.

        Requires all choices once both records are shown.
        """
        facts = super().clean() or {}
        keep = {name: facts.pop(name) for name in list(facts) if name.startswith("keep_")}
        words = _("Choose which value to keep. The other one stays on record.")
        if any(keep.values()):
            for name in (name for name, chosen in keep.items() if not chosen):
                self.add_error(name, words)
        elif keep:
            self.add_error(None, words)
        return facts | {"keep": {name.removeprefix("keep_"): chosen for name, chosen in keep.items()}}

    @property
    def facts_without_conflict(self) -> list[tuple[Any, str, str]]:
        """Facts that need no choice: equal in both records, or known in only one."""
        return [
            (
                _column_label(row.name),
                display_value(row.name, row.merged_row_value),
                display_value(row.name, row.remaining_row_value),
            )
            for row in self.rows
            if not row.values_differ
        ]

    def clean_into(self) -> Supplier:
        """Return the company with this reference."""
        found = Supplier.objects.filter(reference=self.cleaned_data["into"].strip().upper()).first()
        if found is None:
            raise forms.ValidationError(_("No company has this reference."))
        return found


def _column_label(name: str) -> LazyText:
    """Return the label of a column."""
    return Supplier._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # a column
