"""Forms of checks: who makes them, filters, a report with its answers, and a refusal."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.contacts.models import Contact
from partners.list_filters import city_name_condition, own_cities_condition
from partners.routing.recommendations import Recommendation
from procurement.catalogue.forms import ProductSearchField, product_condition
from procurement.outreach.forms import DeclineRemarkForm
from procurement.verification.models import CheckKind, CheckReport, VerificationTask
from procurement.verification.queries import UnassignedCheck
from procurement.verification.questions import ANSWER_LABELS, CERTIFICATE_SENT, Question, questions_for_task
from workflow import clock
from workflow.days import reader_day
from workflow.errors import LazyText
from workflow.formatting import format_day
from workflow.http.forms import DayField
from workflow.http.lists import ListFilterForm, day_range_conditions
from workflow.input_limits import MAX_LETTER_LENGTH, MAX_TEXT_LENGTH

MAX_SUGGESTED_CONTACTS = 12


class OtherContactForm(forms.Form):
    """Form for the reason why another contact than the first suggested makes a check."""

    chosen_because = forms.CharField(
        label=_("Why this person rather than the first suggestion?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_TEXT_LENGTH,
    )


class AssignChecksForm(forms.Form):
    """Form that assigns the checks of an offer together: a person for each, and one due date.

    Preselects the suggested person of each check. A check without a person stays unassigned.
    """

    due_on = DayField(
        label=_("Due date for reports"),
        help_text=_("By the end of the working day, in each person’s local time."),
    )

    def __init__(self, data: Any, rows: Sequence[UnassignedCheck], due_on: date) -> None:
        super().__init__(data, initial={"due_on": due_on})
        self.rows = rows
        for row in rows:
            people = [
                (str(one.contact.pk), _contact_label(one))
                for one in row.suggested_contacts[:MAX_SUGGESTED_CONTACTS]
            ]
            self.fields[row.key] = forms.ChoiceField(
                label=_check_name(row),
                choices=[("", _("Assign later")), *people],
                initial=str(row.top_suggestion.contact.pk) if row.top_suggestion else "",
                required=False,
                help_text="" if row.top_suggestion else _("There is no one to ask."),
            )
        self.fields["chosen_because"] = OtherContactForm.base_fields["chosen_because"]
        self.order_fields([*(row.key for row in rows), "due_on", "chosen_because"])

    @property
    def person_fields(self) -> list[forms.BoundField]:
        """Fields for the person of each check."""
        return [self[row.key] for row in self.rows]

    @property
    def suggestion_reasons(self) -> list[tuple[str, str]]:
        """Name of each check with the person suggested for it and the reasons."""
        return [
            (_check_name(row), _suggestion_reasons(row.top_suggestion))
            for row in self.rows
            if row.top_suggestion
        ]

    @property
    def chosen_contact_ids(self) -> dict[str, int]:
        """Contact ids by the key of the check, without the checks that stay unassigned."""
        return {row.key: int(given) for row in self.rows if (given := self.cleaned_data[row.key])}


def _contact_label(one: Recommendation) -> str:
    return f"{one.contact} · {one.contact.city.name}"


def _suggestion_reasons(one: Recommendation) -> str:
    """Return the person suggested for a check, with the reasons."""
    reasons = " · ".join(str(reason.sentence) for reason in one.ranked_contact.reasons)
    return gettext("Suggested: %(person)s (%(reasons)s)") % {"person": one.contact, "reasons": reasons}


def _check_name(row: UnassignedCheck) -> str:
    name = str(CheckKind(row.check).label)
    return f"{name}: {row.certificate}" if row.certificate else name


DUE_SINCE, DUE_UNTIL = day_range_conditions("due_at")


class CheckFilterForm(ListFilterForm):
    """Form that filters the list of checks."""

    lookups: ClassVar = {
        "status": "status",
        "own": own_cities_condition,
        "kind": "check_kind",
        "product": product_condition("lead__product"),
        "city": city_name_condition("contact__city"),
        "person": "contact__user__name__icontains",
        "since": DUE_SINCE,
        "until": DUE_UNTIL,
    }

    q = forms.CharField(label=_("Number or supplier"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *VerificationTask.Status.choices]
    )
    own = forms.BooleanField(label=_("Only our checks"), required=False)
    kind = forms.ChoiceField(label=_("Check"), required=False, choices=[("", _("Any")), *CheckKind.choices])
    product = ProductSearchField()
    city = forms.CharField(label=_("City asked"), required=False, max_length=80)
    person = forms.CharField(label=_("Contact asked"), required=False, max_length=80)
    since = DayField(label=_("Due on or after"), required=False, help_text="")
    until = DayField(label=_("Due on or before"), required=False, help_text="")

    sorts = (("kind", _("Check")), ("supplier", _("Supplier")), ("due", _("Due")))


class ReturnReportForm(forms.Form):
    """Form for a question back to the contact."""

    question = forms.CharField(
        label=_("Your question"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT_LENGTH
    )


class EnteredValue(NamedTuple):
    """Answer as repeated on the page that is shown before sending. `field_id` is the id of the field to change it."""

    label: LazyText
    value: LazyText
    note: str
    field_id: str


SAME, DIFFERS, LATER = "same", "differs", "later"
OUTCOME_LABELS: dict[str, LazyText] = {
    SAME: _("All of this is correct"),
    DIFFERS: _("Something differs, or I could not check it"),
    LATER: _("I will report on this check later"),
}


class CheckReportForm(forms.Form):
    """Form for the answers of one check: everything confirmed at once, or question by question.

    With `several` checks on the page, one can also be left for later. Answers without an `outcome` count as
    question by question.
    """

    def __init__(
        self,
        data: Any,
        task: VerificationTask,
        *,
        prefix: str = "",
        several: bool = False,
        typed: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=typed, prefix=prefix or None)
        self.asked = questions_for_task(task)
        self.returned = task.status == VerificationTask.Status.RETURNED
        offered = [(code, words) for code, words in OUTCOME_LABELS.items() if several or code != LATER]
        self.fields["outcome"] = forms.ChoiceField(
            label=_("What did you find?"),
            choices=offered,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose one of the answers.")},
        )
        for question in self.asked:
            self.fields[question.code] = forms.ChoiceField(
                label=question.words,
                choices=list(ANSWER_LABELS.items()),
                widget=forms.RadioSelect,
                help_text=question.hint,
                required=False,
            )
            self.fields[f"{question.code}_seen"] = forms.CharField(
                label=_("What was seen"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=MAX_TEXT_LENGTH,
            )
        self.fields["summary"] = forms.CharField(
            label=_("Your reply") if self.returned else _("Anything else the city should know"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            max_length=MAX_LETTER_LENGTH,
        )
        if self.is_bound and self.was_sent and not data.get(self.add_prefix("outcome")):
            answered: Any = data.copy()
            answered[self.add_prefix("outcome")] = DIFFERS
            self.data = answered

    @property
    def was_sent(self) -> bool:
        """True if the submitted data has an answer to this check."""
        names = ("outcome", *(one.code for one in self.asked))
        return any(self.data.get(self.add_prefix(name)) for name in names)

    def clean(self) -> dict[str, Any]:
        """Require an answer to each question, unless everything is confirmed or left for later."""
        facts = super().clean() or {}
        if facts.get("outcome") == DIFFERS:
            for question in self.asked:
                if not facts.get(question.code) and question.code not in self.errors:
                    self.add_error(question.code, _("Choose “Yes”, “No” or “Could not check”."))
        return facts

    @property
    def outcome(self) -> str:
        """Answer to the check as a whole: a key of `OUTCOME_LABELS`."""
        found: str = self.cleaned_data["outcome"]
        return found

    @property
    def question_fields(self) -> list[tuple[Question, Any, Any]]:
        """Questions, each with its field and the field for what was seen."""
        return [(question, self[question.code], self[f"{question.code}_seen"]) for question in self.asked]

    @property
    def entered_values(self) -> list[EnteredValue]:
        """Answers of a valid form for the check page: to the check as a whole, or to each question."""
        facts, outcome = self.cleaned_data, self["outcome"]
        if self.outcome == LATER:
            return [EnteredValue(outcome.label, OUTCOME_LABELS[LATER], "", outcome.auto_id)]
        found = [
            EnteredValue(
                question.words, ANSWER_LABELS[given["answer"]], given["seen"], self[question.code].auto_id
            )
            for question in self.asked
            if (given := self.answers[question.code]) and (self.outcome == DIFFERS or given["seen"])
        ]
        if self.outcome == SAME:
            found.insert(0, EnteredValue(outcome.label, OUTCOME_LABELS[SAME], "", outcome.auto_id))
        if facts["summary"]:
            summary = self["summary"]
            found.append(EnteredValue(summary.label, facts["summary"], "", summary.auto_id))
        return found

    @property
    def answers(self) -> dict[str, dict[str, str]]:
        """Answers as the report stores them, by question code."""
        facts = self.cleaned_data
        same = self.outcome == SAME
        return {
            one.code: {"answer": "yes" if same else facts[one.code], "seen": facts[f"{one.code}_seen"]}
            for one in self.asked
        }


CERTIFICATE_NUMBER_FIELD = f"{CERTIFICATE_SENT}_seen"  # field for the number of a certificate that is sent


class SendCertificateForm(CheckReportForm):
    """Form with which a contact sends a requested certificate: its number, and an optional remark.

    The file is uploaded beside it. Without several checks on the page, sending it is the only outcome.
    """

    def __init__(self, data: Any, task: VerificationTask, **options: Any) -> None:
        super().__init__(data, task, **options)
        if self.is_bound:
            self.data = data  # as it was sent: without an outcome, the certificate is sent
        outcome = self.fields["outcome"]
        assert (
            isinstance(outcome, forms.ChoiceField) and task.requested_certificate_type is not None
        )  # see `report_form`
        later = [(LATER, OUTCOME_LABELS[LATER])] if options.get("several") else []
        outcome.choices = [(SAME, _("I am sending the certificate")), *later]
        if not later:
            outcome.required, outcome.widget = False, forms.HiddenInput()
        del self.fields[CERTIFICATE_SENT]
        number = self.fields[CERTIFICATE_NUMBER_FIELD] = forms.CharField(
            label=_("Number on the certificate"),
            required=False,
            max_length=80,
            help_text=task.requested_certificate_type.number_hint,
        )
        self.number_required = bool(number.help_text)
        self.order_fields(["outcome", CERTIFICATE_NUMBER_FIELD, "summary"])

    @property
    def was_sent(self) -> bool:
        """True if the submitted data belongs to this form."""
        names = ("outcome", CERTIFICATE_NUMBER_FIELD, "summary")
        return any(self.add_prefix(name) in self.data for name in names)

    def clean(self) -> dict[str, Any]:
        """Require the number if certificates of this type have one and it is sent now."""
        facts = forms.Form.clean(self) or {}
        facts["outcome"] = facts.get("outcome") or SAME
        if facts["outcome"] == SAME and self.number_required and not facts.get(CERTIFICATE_NUMBER_FIELD):
            self.add_error(CERTIFICATE_NUMBER_FIELD, _("Enter the number as printed on the certificate."))
        return facts

    @property
    def number_field(self) -> forms.BoundField:
        """Field for the number."""
        return self[CERTIFICATE_NUMBER_FIELD]

    @property
    def entered_values(self) -> list[EnteredValue]:
        """Answers of a valid form for the check page."""
        if self.outcome == LATER:
            return super().entered_values
        given = [(field, self.cleaned_data[field.name]) for field in (self.number_field, self["summary"])]
        return [EnteredValue(field.label, value, "", field.auto_id) for field, value in given if value]

    @property
    def answers(self) -> dict[str, dict[str, str]]:
        """The one answer as the report stores it: sent, with the number."""
        return {CERTIFICATE_SENT: {"answer": "yes", "seen": self.cleaned_data[self.number_field.name]}}


def report_form(data: Any, task: VerificationTask, **options: Any) -> CheckReportForm:
    """Return the form with which a contact reports a check, or sends the certificate that it asks for."""
    form = CheckReportForm if task.requested_certificate_type is None else SendCertificateForm
    return form(data, task, **options)


class VisitDetailsForm(forms.Form):
    """Form for method, place, time and certainty, given once for all checks that are reported together."""

    method = forms.ChoiceField(
        label=_("How did you check?"), choices=CheckReport.Method.choices, widget=forms.RadioSelect
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    seen_on = DayField(label=_("Date"))
    seen_at = forms.TimeField(
        label=_("Local time"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Enter the time in the format 14:30.")},
    )
    confidence = forms.TypedChoiceField(
        label=_("How sure are you?"),
        choices=CheckReport.Confidence.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )

    @property
    def entered_values(self) -> list[EnteredValue]:
        """Values of a valid form for the check page."""
        facts = self.cleaned_data
        values = {
            "method": CheckReport.Method(facts["method"]).label,
            "place": facts["place"],
            "seen_on": format_day(facts["seen_on"]),
            "seen_at": f"{facts['seen_at']:%H:%M}" if facts["seen_at"] else "",
            "confidence": CheckReport.Confidence(facts["confidence"]).label,
        }
        return [
            EnteredValue(self[name].label, value, "", self[name].auto_id)
            for name, value in values.items()
            if value
        ]


class NoVisitDetailsForm(forms.Form):
    """Form without questions, used in place of `VisitDetailsForm` if the report only sends certificates."""

    def clean(self) -> dict[str, Any]:
        """Return the details of a report that is based on documents, read today, with medium certainty."""
        return {
            "method": CheckReport.Method.DOCUMENT,
            "place": "",
            "seen_on": reader_day(clock.now()),
            "seen_at": None,
            "confidence": CheckReport.Confidence.MEDIUM,
        }

    @property
    def entered_values(self) -> list[EnteredValue]:
        """No values, because the form asks nothing."""
        return []


class DeclineCheckForm(DeclineRemarkForm):
    """Form for a refusal, without a required reason. A declared interest has its own tick box.

    A contact with an interest in the company is replaced by another.
    """

    interest = forms.BooleanField(
        label=_("I have an interest in this company"),
        help_text=_(
            "For example, you own shares in the company, work for it, or have a relative who does. Someone "
            "else will then do the check. Thank you for telling us."
        ),
        required=False,
    )


def add_check_choices(form: forms.Form, checks: Sequence[VerificationTask]) -> None:
    """Add tick boxes to a form, all ticked, for the checks it concerns; none for a single check."""
    if len(checks) > 1:
        form.fields["checks"] = forms.MultipleChoiceField(
            label=_("Checks"),
            choices=[(one.reference, check_name(one)) for one in checks],
            widget=forms.CheckboxSelectMultiple,
            initial=[one.reference for one in checks],
        )


def chosen_checks(form: forms.Form, checks: Sequence[VerificationTask]) -> list[VerificationTask]:
    """Return the checks that were ticked in a valid form, or the single one."""
    picked = form.cleaned_data.get("checks")
    return [one for one in checks if picked is None or one.reference in picked]


def check_name(task: VerificationTask) -> str:
    """Return what is checked, with the certificate if there is one."""
    kind = task.get_check_kind_display()
    if task.certificate is None or task.requested_certificate_type is not None:
        return kind
    return f"{kind} · {task.certificate.kind}"


class AssignSeveralChecksForm(forms.Form):
    """Form that chooses who makes several checks."""

    contact = forms.ChoiceField(label=_("Who carries out the checks"), required=False)
    chosen_because = forms.CharField(
        label=_("Why this person rather than the first suggestion?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_TEXT_LENGTH,
    )

    def __init__(self, data: Any, contacts: Sequence[Contact]) -> None:
        super().__init__(data)
        field = self.fields["contact"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        named = [(str(one.pk), f"{one}, {one.city.name}") for one in contacts]
        field.choices = [("", _("The first suggestion for each check")), *named]
