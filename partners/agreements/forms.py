"""Forms of an agreement's pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.agreements.models import TwinningAgreement
from partners.form_fields import SOURCE_URL_FIELD, CityField, PartialDateField
from workflow.http.edit_forms import EditForm
from workflow.http.move_forms import ReasonForm
from workflow.input_limits import MAX_TEXT_LENGTH


class AgreementFactsForm(EditForm):
    """Form for the facts of an agreement."""

    signed = PartialDateField(label=_("Signed"), required=False)
    expires = PartialDateField(label=_("Valid until"), required=False)
    certain = forms.BooleanField(
        label=_("A source confirms that the agreement is in force"),
        required=False,
        help_text=_("Leave unchecked if no source confirms this."),
    )
    source_url = SOURCE_URL_FIELD
    note = forms.CharField(
        label=_("Note"), required=False, max_length=MAX_TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
    conflict = forms.CharField(
        label=_("Points on which sources disagree"), required=False, max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Enter what each source says. Leave blank if they agree."),
    )  # fmt: skip


class NewAgreementForm(AgreementFactsForm):
    """Form for a new agreement of a city."""

    partner = CityField(label=_("Partner city"))
    kind = forms.ChoiceField(label=_("Type"), choices=TwinningAgreement.Kind)
    field_order: Sequence[str] = ("partner", "kind")


class CorrectAgreementForm(ReasonForm, AgreementFactsForm):
    """Form to correct an agreement, with a reason."""

    field_order: Sequence[str] = ("signed", "expires", "certain", "source_url", "note", "conflict", "reason")

    def __init__(self, data: Any, agreement: TwinningAgreement) -> None:
        current = {name: getattr(agreement, name) for name in ("certain", "source_url", "note", "conflict")}
        super().__init__(
            data,
            initial={
                **current,
                "signed": agreement.signed.iso_text_with_precision,
                "expires": agreement.expires.iso_text_with_precision,
            },
        )


class SuspendAgreementForm(ReasonForm):
    """Form for the date and reason of a suspension or end."""

    on = PartialDateField(label=_("Effective date"), required=False)
    field_order: Sequence[str] = ("on", "reason")

    def __init__(self, data: Any, agreement: TwinningAgreement) -> None:
        super().__init__(data)


class EndAgreementForm(SuspendAgreementForm):
    """Form to end an agreement: how, when and why."""

    why = forms.ChoiceField(
        label=_("How it ended"), choices=[("", _("– choose –")), *TwinningAgreement.EndReason.choices]
    )
    field_order = ("why", "on", "reason")


class ResumeAgreementForm(ReasonForm):
    """Form to resume an agreement: the new expiry date and the reason."""

    expires = PartialDateField(label=_("Valid until"), required=False)
    field_order: Sequence[str] = ("expires", "reason")

    def __init__(self, data: Any, agreement: TwinningAgreement) -> None:
        super().__init__(data, initial={"expires": agreement.expires.iso_text_with_precision})


class RenewAgreementForm(ReasonForm, EditForm):
    """Form to renew an agreement: the new expiry date, its source and the reason."""

    expires = PartialDateField(
        label=_("Valid until"),
        required=False,
        help_text=_(
            "As precisely as known: 2011, 2015-06 or 2015-06-14. Leave blank if there is no end date."
        ),
    )
    source_url = SOURCE_URL_FIELD
    field_order: Sequence[str] = ("expires", "source_url", "reason")

    def __init__(self, data: Any, agreement: TwinningAgreement) -> None:
        super().__init__(data, initial={"source_url": agreement.source_url})
