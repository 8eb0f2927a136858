"""Form for a letter template."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.outreach.letter_templates.models import LetterTemplate
from procurement.outreach.letter_templates.rules import invalid_template_refusal
from procurement.outreach.letters import InquiryLetter
from workflow.input_limits import MAX_LETTER_LENGTH


class LetterTemplateForm(forms.Form):
    """Form for the words of a city's letters in one language. `start` is the text that it begins with."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Message"), widget=forms.Textarea(attrs={"rows": 18}), max_length=MAX_LETTER_LENGTH
    )
    replaces = forms.ModelChoiceField(
        LetterTemplate.objects.none(), to_field_name="reference", required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Any, start: InquiryLetter, current: LetterTemplate | None, city_id: int) -> None:
        initial = {"subject": start.subject, "body": start.body, "replaces": current and current.reference}
        super().__init__(data, initial=initial)
        field = self.fields["replaces"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = LetterTemplate.objects.filter(city=city_id)

    def clean(self) -> dict[str, Any]:
        """Refuse unknown words in braces, and a message that leaves out the need."""
        facts = super().clean() or {}
        refused = invalid_template_refusal(facts.get("subject", ""), facts.get("body", ""))
        if refused is not None and not self.errors:
            self.add_error(refused.details["field"], str(refused.message))
        return facts
