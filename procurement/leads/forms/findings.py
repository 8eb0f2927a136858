"""Forms that answer findings of an offer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.leads.models.findings import Finding
from workflow.input_limits import MAX_TEXT_LENGTH


class AnswerForm(forms.Form):
    """Form for a written answer."""

    answer = forms.CharField(
        label=_("Written explanation"), widget=forms.Textarea(attrs={"rows": 4}), max_length=MAX_TEXT_LENGTH
    )


class FindingAnswersForm(forms.Form):
    """Form that answers the findings of an offer in writing, each in a box of its own."""

    def __init__(self, data: Any, findings: Sequence[Finding]) -> None:
        super().__init__(data)
        self.findings = findings
        for finding in findings:
            self.fields[finding.reference] = forms.CharField(
                label=_("Accept the risk: why is this not an obstacle?"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=MAX_TEXT_LENGTH,
            )

    def clean(self) -> dict[str, Any]:
        """Require an explanation for at least one finding."""
        facts = super().clean() or {}
        if not self.errors and not any(facts.values()):
            raise forms.ValidationError(_("Explain at least one finding."), code="empty")
        return facts

    @property
    def answers(self) -> list[tuple[Finding, str]]:
        """Findings that were answered, with the explanation of each."""
        given = ((finding, self.cleaned_data[finding.reference]) for finding in self.findings)
        return [(finding, words) for finding, words in given if words]
