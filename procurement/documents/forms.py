"""Forms of customs documents, document requests and submissions, on pages and by link."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Language
from procurement.catalogue.models.customs import CustomsRule
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.documents.queries import matching_generated
from procurement.suppliers.models.suppliers import Supplier
from workflow.http.forms import DayField
from workflow.input_limits import LONGEST_WORDS

Owner = CustomsRule.Owner


class RequestForm(forms.Form):
    """Form for a document request: whose documents, and the person who is asked."""

    role = forms.ChoiceField(label=_("Whose papers"))  # for a supplier, the key from `owner_key`
    name = forms.CharField(label=_("Name of the person"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("The link goes there and nowhere else; you can also carry one by hand."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        help_text=_("Somebody who is known here already reads it in the language they chose."),
    )
    due_on = DayField(
        label=_("Hoped for by"),
        required=False,
        help_text=_(
            "Year-month-day, for example 2020-04-30. If they do not work that day, their next working day is used."
        ),
    )
    note = forms.CharField(
        label=_("A word to them"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In their language; it stands in the message as you write it."),
    )

    def __init__(self, data: Any, whose: "dict[str, Owing]", initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.whose = whose
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [(key, one.label) for key, one in self.whose.items()]

    @property
    def facts(self) -> dict[str, Any]:
        """Facts for the action: the role, and the company for a supplier's documents."""
        chosen = self.whose[self.cleaned_data["role"]]
        return {**self.cleaned_data, "role": chosen.role, "supplier": chosen.supplier}


@dataclass(frozen=True)
class Owing:
    """Owner of documents: a role, or one supplier."""

    role: Owner
    supplier: Supplier | None

    @property
    def label(self) -> str:
        """Label in the form."""
        return f"{self.role.label} · {self.supplier}" if self.supplier is not None else str(self.role.label)


class SubmissionUploadForm(forms.Form):
    """Form that adds a submission: a file, or generated documents."""

    file = forms.FileField(
        label=_("File"), required=False, help_text=_("PDF, JPEG, PNG or WebP, 10 MB at most.")
    )
    generated = forms.ModelMultipleChoiceField(
        GeneratedDocument.objects.none(),
        label=_("Or what was made from the record"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    number = forms.CharField(label=_("Number of the paper"), max_length=80, required=False)
    remark = forms.CharField(label=_("Remark"), max_length=LONGEST_WORDS, required=False)

    def __init__(self, data: Any, files: Any, document: CustomsDocument) -> None:
        super().__init__(data, files, auto_id="version_%s")  # the page has a second form with a field `file`
        generated = matching_generated(document)
        if not generated:
            del self.fields["generated"]
            return
        field = self.fields["generated"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # declared above
        field.queryset = GeneratedDocument.objects.filter(pk__in=[one.pk for one in generated]).order_by("pk")
        field.label_from_instance = generated_label  # type: ignore[method-assign,assignment]  # as Django's documentation says


def generated_label(generated: GeneratedDocument) -> str:
    """Return kind, version and number of a generated document."""
    params = {
        "kind": generated.get_kind_display(),
        "version": generated.version,
        "reference": generated.reference,
    }
    return str(_("%(kind)s, version %(version)s (%(reference)s)") % params)


class SubmitForm(forms.Form):
    """Form that submits a document: its number and a remark. The photos are uploaded before."""

    number = forms.CharField(
        label=_("Number of the paper"), max_length=80, required=False, help_text=_("If it has one.")
    )
    remark = forms.CharField(
        label=_("A word to the city"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_WORDS,
    )


class UnavailableForm(forms.Form):
    """Form for the reason why a person cannot get a document."""

    reason = forms.CharField(
        label=_("Why not?"),
        help_text=_("Who may have it, perhaps, or when there will be one."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WORDS,
    )


class DocumentNumberForm(forms.Form):
    """Form for the number on the document."""

    number = forms.CharField(label=_("Number of the paper"), max_length=80, required=False)

    def __init__(self, data: Any, thing: CustomsDocument) -> None:
        super().__init__(data, initial={"number": thing.number})
