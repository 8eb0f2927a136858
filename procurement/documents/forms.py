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

    role = forms.ChoiceField(label=_("Documents due from"))  # for a supplier, the key from `owner_key`
    name = forms.CharField(label=_("Name of the person"), max_length=150)
    email = forms.EmailField(
        label=_("Email"),
        help_text=_("The link is sent only to this address. You can also deliver a link yourself."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        help_text=_("A person already registered here receives it in the language they chose."),
    )
    due_on = DayField(
        label=_("Requested by (date)"),
        required=False,
        help_text=_(
            "Year-month-day, for example 2020-04-30. If they do not work that day, their next working day "
            "is used."
        ),
    )
    note = forms.CharField(
        label=_("Message to them"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Write in their language. Your text is included in the email as you write it."),
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
        label=_("Or a generated document"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    number = forms.CharField(label=_("Document number"), max_length=80, required=False)
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
        label=_("Document number"),
        max_length=80,
        required=False,
        help_text=_("Leave blank if there is none."),
    )
    remark = forms.CharField(
        label=_("Message to the city"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_WORDS,
    )


class UnavailableForm(forms.Form):
    """Form for the reason why a person cannot get a document."""

    reason = forms.CharField(
        label=_("Why can’t you get this document?"),
        help_text=_("You can also say who might have it or when it will be available."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WORDS,
    )


class DocumentNumberForm(forms.Form):
    """Form for the number on the document."""

    number = forms.CharField(label=_("Document number"), max_length=80, required=False)

    def __init__(self, data: Any, thing: CustomsDocument) -> None:
        super().__init__(data, initial={"number": thing.number})
