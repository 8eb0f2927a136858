"""Forms of customs documents, document requests and submissions, on pages and by link."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Language
from procurement.catalogue.models.customs import CustomsRule
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.documents.queries import matching_generated_documents
from procurement.suppliers.models.suppliers import Supplier
from workflow.http.forms import DayField
from workflow.input_limits import MAX_TEXT_LENGTH
from workflow.uploads.models import File

MAX_FILES_PER_UPLOAD = 20  # files: more are sent in several turns
NOT_A_DOCUMENT_CHOICE = "kept"  # the choice for a file that is no customs document

ResponsibleParty = CustomsRule.ResponsibleParty


def owner_key(role: str, supplier: int | None) -> str:
    """Return the key of an owner of documents, as used in the form and in addresses."""
    return f"{role}-{supplier}" if supplier is not None else role


class DocumentRequestForm(forms.Form):
    """Form for a document request: whose documents, and the person who is asked."""

    role = forms.ChoiceField(label=_("Responsible party"))  # for a supplier, the key from `owner_key`
    name = forms.CharField(label=_("Name of the person"), max_length=150)
    email = forms.EmailField(
        label=_("Email"),
        help_text=_("The link is sent only to this address. You can also deliver a link yourself."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        help_text=_("A person already registered in Twinlane receives the email in the language they chose."),
    )
    due_on = DayField(
        label=_("Requested by (date)"),
        required=False,
        help_text=_(
            "Year-month-day, for example 2020-04-30. If that is not a working day for this person, their "
            "next working day is used."
        ),
    )
    note = forms.CharField(
        label=_("Message to this person"),
        required=False,
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Write in the recipient’s language. Your text is included in the email as you write it."),
    )

    def __init__(self, data: Any, owners: "dict[str, DocumentOwner]", initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.owners = owners
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [(key, one.label) for key, one in self.owners.items()]

    @property
    def facts(self) -> dict[str, Any]:
        """Facts for the action: the role, and the company for a supplier's documents."""
        chosen = self.owners[self.cleaned_data["role"]]
        return {**self.cleaned_data, "role": chosen.role, "supplier": chosen.supplier}


@dataclass(frozen=True)
class DocumentOwner:
    """Party that owes documents: a role, or one supplier."""

    role: ResponsibleParty
    supplier: Supplier | None

    @property
    def label(self) -> str:
        """Label in the form."""
        return f"{self.role.label} · {self.supplier}" if self.supplier is not None else str(self.role.label)


class SubmissionUploadForm(forms.Form):
    """Form that adds a submission: a file, or generated documents."""

    file = forms.FileField(
        label=_("File"), required=False, help_text=_("PDF, JPEG, PNG or WebP, up to 10 MB.")
    )
    generated = forms.ModelMultipleChoiceField(
        GeneratedDocument.objects.none(),
        label=_("Or a generated document"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    number = forms.CharField(label=_("Document number"), max_length=80, required=False)
    remark = forms.CharField(label=_("Remark"), max_length=MAX_TEXT_LENGTH, required=False)

    def __init__(self, data: Any, files: Any, document: CustomsDocument) -> None:
        super().__init__(data, files, auto_id="version_%s")  # the page has a second form with a field `file`
        generated = matching_generated_documents(document)
        if not generated:
            del self.fields["generated"]
            return
        field = self.fields["generated"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # declared above
        field.queryset = GeneratedDocument.objects.filter(pk__in=[one.pk for one in generated]).order_by("pk")
        field.label_from_instance = generated_document_label  # type: ignore[method-assign,assignment]  # as Django's documentation says


def generated_document_label(generated: GeneratedDocument) -> str:
    """Return kind, version and number of a generated document."""
    params = {
        "kind": generated.get_kind_display(),
        "version": generated.version,
        "reference": generated.reference,
    }
    return str(_("%(kind)s, version %(version)s (%(reference)s)") % params)


class ManyFilesInput(forms.FileInput):
    """File input that takes several files, chosen or dropped on it."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Field for several files. Its value is a list of uploads."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the uploads. An empty file is kept, so that its refusal can name it later."""
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if not uploads:
            raise forms.ValidationError(_("Choose at least one file."), code="required")
        if len(uploads) > MAX_FILES_PER_UPLOAD:
            raise forms.ValidationError(
                _("Choose at most %(most)s files at once."),
                params={"most": MAX_FILES_PER_UPLOAD},
                code="too_many",
            )
        return list(uploads)


class DocumentFilesForm(forms.Form):
    """Form that takes the files of several customs documents at once."""

    uploads = ManyFilesField(
        label=_("Files of customs documents"),
        help_text=_(
            "Choose several files, or drop them here: PDF, JPEG, PNG or WebP, up to 10 MB each. You "
            "then confirm which document each file is."
        ),
    )


class DocumentChoiceField(forms.ChoiceField):
    """Choice of a document by its reference.

    `known` also holds documents that are not among the choices. So a document that another person submitted
    meanwhile passes the form: its own rule refuses it, without stopping the others.
    """

    def __init__(self, *, known: Collection[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known = known

    def valid_value(self, value: str) -> bool:
        """Return True for each document of the clearances."""
        return value in self.known or super().valid_value(value)


class FileAssignmentForm(forms.Form):
    """Form to assign uploaded files to customs documents, with the number and the status of each."""

    def __init__(
        self,
        data: Any,
        files: Sequence[File],
        documents: Sequence[tuple[str, Sequence[tuple[str, str]]]],
        statuses: Sequence[tuple[str, str]],
        initial: dict[str, Any],
        known: Collection[str],
    ) -> None:
        super().__init__(data, initial=initial)
        self.unassigned = files
        choices = [
            ("", _("Decide later")),
            *documents,
            (NOT_A_DOCUMENT_CHOICE, _("Not a customs document: keep with the shipment")),
        ]
        for file in files:
            self.fields[f"document-{file.key}"] = DocumentChoiceField(
                label=_("Document for %(file)s") % {"file": file.name},
                choices=choices,
                known=known,
                required=False,
            )
            self.fields[f"number-{file.key}"] = forms.CharField(
                label=_("Number of %(file)s") % {"file": file.name}, max_length=80, required=False
            )
            self.fields[f"status-{file.key}"] = forms.ChoiceField(
                label=_("Status after saving %(file)s") % {"file": file.name}, choices=statuses
            )

    @property
    def files_by_document(self) -> dict[str, list[File]]:
        """Files by the reference of the chosen document, or by `NOT_A_DOCUMENT_CHOICE`. Undecided files are left out."""
        found: dict[str, list[File]] = {}
        for file in self.unassigned:
            if choice := self.cleaned_data[f"document-{file.key}"]:
                found.setdefault(choice, []).append(file)
        return found

    def document_data(self, files: Sequence[File]) -> dict[str, str]:
        """Return number and status of one document: the first number typed, and the status of the first file."""
        numbers = (self.cleaned_data[f"number-{file.key}"] for file in files)
        return {
            "number": next((number for number in numbers if number), ""),
            "status": self.cleaned_data[f"status-{files[0].key}"],
        }


class DocumentTableForm(forms.Form):
    """Form of the table of a clearance's documents: a number in each row, ticked rows, and one status.

    `submit_ready` is the button that takes every ready document to customs, whatever is ticked.
    """

    tick = forms.MultipleChoiceField(label=_("Documents"), required=False)
    status = forms.ChoiceField(label=_("Status of the ticked documents"), required=False)
    submit_ready = forms.BooleanField(required=False)

    def __init__(
        self, data: Any, documents: Sequence[CustomsDocument], statuses: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        self.documents = documents
        for name, choices in (
            ("tick", [(one.reference, one.name) for one in documents]),
            ("status", [("", _("Leave unchanged")), *statuses]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # declared above
            field.choices = choices
        for one in documents:
            for name in ("number", "known"):
                self.fields[f"{name}-{one.reference}"] = forms.CharField(
                    label=_("Number of %(document)s") % {"document": one.name}, max_length=80, required=False
                )

    def changes(self) -> Iterator[tuple[CustomsDocument, str, str, str]]:
        """Yield the rows to change: the document, the typed number, the number shown before, the status."""
        ticked, status = set(self.cleaned_data["tick"]), self.cleaned_data["status"]
        if self.cleaned_data["submit_ready"]:
            ready = (one for one in self.documents if one.status == CustomsDocument.Status.READY)
            ticked, status = {one.reference for one in ready}, CustomsDocument.Status.SUBMITTED
        for one in self.documents:
            known = self.cleaned_data[f"known-{one.reference}"]
            shown = f"number-{one.reference}" in self.data  # a row that takes no number has no field
            number = self.cleaned_data[f"number-{one.reference}"] if shown else known
            wanted = status if one.reference in ticked else ""
            if number != known or wanted:
                yield one, number, known, wanted


class SubmitDocumentForm(forms.Form):
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
        max_length=MAX_TEXT_LENGTH,
    )


class DocumentUnavailableForm(forms.Form):
    """Form for the reason why a person cannot get a document."""

    reason = forms.CharField(
        label=_("Why can’t you get this document?"),
        help_text=_("You can also say who might have the document or when it will be available."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
    )


class DocumentNumberForm(forms.Form):
    """Form for the number on the document."""

    number = forms.CharField(label=_("Document number"), max_length=80, required=False)

    def __init__(self, data: Any, thing: CustomsDocument) -> None:
        super().__init__(data, initial={"number": thing.number})
