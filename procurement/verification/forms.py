"""Forms of checks: another contact, filters, a report with its answers, and a refusal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.outreach.forms import RemarkForm
from procurement.verification.models import CheckReport, VerificationTask
from procurement.verification.questions import ANSWERS, Question, questions_for_task
from workflow.http.forms import DayField
from workflow.input_limits import LONGEST_LETTER, LONGEST_WORDS


class OtherPersonForm(forms.Form):
    """Form for the reason why another contact than the first suggested makes a check."""

    chosen_because = forms.CharField(
        label=_("Why this person rather than the first suggestion?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_WORDS,
    )


class CheckFilterForm(forms.Form):
    """Form that filters the list of checks."""

    q = forms.CharField(label=_("Number or supplier"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *VerificationTask.Status.choices]
    )


class ReturnReportForm(forms.Form):
    """Form for a question back to the contact."""

    question = forms.CharField(
        label=_("Your question"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_WORDS
    )


class CheckReportForm(forms.Form):
    """Form for a check report: its questions, then method, place, time, confidence and a summary."""

    def __init__(
        self, data: Any, task: VerificationTask, today: Any, typed: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=typed)
        self.asked = questions_for_task(task)
        self.returned = task.status == VerificationTask.Status.RETURNED
        for question in self.asked:
            self.fields[question.code] = forms.ChoiceField(
                label=question.words,
                choices=list(ANSWERS.items()),
                widget=forms.RadioSelect,
                help_text=question.hint,
            )
            self.fields[f"{question.code}_seen"] = forms.CharField(
                label=_("What was seen"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=LONGEST_WORDS,
            )
        self.fields["method"] = forms.ChoiceField(
            label=_("How did you check?"), choices=CheckReport.Method.choices
        )
        self.fields["place"] = forms.CharField(label=_("Place"), max_length=200, required=False)
        self.fields["seen_on"] = DayField(label=_("Date"), initial=today)
        self.fields["seen_at"] = forms.TimeField(
            label=_("Local time"),
            required=False,
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            error_messages={"invalid": _("Enter the time as 14:30.")},
        )
        self.fields["confidence"] = forms.TypedChoiceField(
            label=_("How sure are you?"),
            choices=CheckReport.Confidence.choices,
            coerce=int,
            widget=forms.RadioSelect,
        )
        self.fields["summary"] = forms.CharField(
            label=_("Anything else the city should know"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            max_length=LONGEST_LETTER,
        )

    @property
    def questions(self) -> list[tuple[Question, Any, Any]]:
        """Questions, each with its field and the field for what was seen."""
        return [(question, self[question.code], self[f"{question.code}_seen"]) for question in self.asked]

    @property
    def rest(self) -> list[Any]:
        """Fields after the questions. A returned report has its summary field elsewhere."""
        names = ("method", "place", "seen_on", "seen_at", "confidence", "summary")
        return [self[name] for name in names if not (self.returned and name == "summary")]

    @property
    def answers(self) -> dict[str, dict[str, str]]:
        """Answers as the report stores them, by question code."""
        facts = self.cleaned_data
        return {
            one.code: {"answer": facts[one.code], "seen": facts[f"{one.code}_seen"]} for one in self.asked
        }


class DeclineCheckForm(RemarkForm):
    """Form for a refusal, without a required reason. A declared interest has its own tick box.

    A contact with an interest in the company is replaced by another.
    """

    interest = forms.BooleanField(
        label=_("I have an interest in this company"),
        help_text=_(
            "For example, shares, a job or a relative there. Someone else will then do the check. "
            "Thank you for telling us."
        ),
        required=False,
    )
