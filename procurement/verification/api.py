"""API collections verification-tasks and check-reports: checks by contacts, accepted by the city."""

import builtins
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Required, TypedDict, Unpack

from django.db.models import Prefetch, QuerySet
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, IsoDateTimeFilter, NumberFilter
from rest_framework import serializers

from accounts.models import ActingUser
from partners.contacts.models import Contact
from procurement.leads.models.leads import SupplierLead
from procurement.notifications.mail_status import mail_status_field, with_mail_status
from procurement.outreach.queries.letters import translated_reasons
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.reports import submit_report
from procurement.verification.models import CheckKind, CheckReport, VerificationTask
from procurement.verification.queries import better_ranked_contact, suggested_checkers
from procurement.verification.questions import ANSWER_LABELS, questions_for
from procurement.verification.rules.tasks import (
    ACCEPT_CHECK,
    ACCEPT_REPORT,
    CANCEL,
    CHANGE_DUE_TIME,
    DECLINE,
    FORWARD,
    PROPOSE_CHECK,
    REMIND,
    REOPEN,
    REQUEST_CHECK,
    RETURN_REPORT,
    SUBMIT_REPORT,
)
from workflow.actors import Actor
from workflow.api.fast_serializers import (
    OBJECT_LIST_SCHEMA,
    ComputedField,
    NamedReferenceField,
    RowSerializer,
)
from workflow.api.fields import (
    VisiblePrimaryKeyField,
    VisibleReferenceField,
    language_field,
    reason_field,
    text_field,
)
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.serializers import StrictSerializer
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.input_limits import MAX_LETTER_LENGTH, MAX_TEXT_LENGTH
from workflow.query_expressions import order_by_moment
from workflow.uploads.models import File

ANSWER_SCHEMA = {
    "type": "object",
    "required": ["answer"],
    "properties": {"answer": {"type": "string", "enum": list(ANSWER_LABELS)}, "seen": {"type": "string"}},
}
QUESTION_SCHEMA = {
    "type": "object",
    "required": ["code", "question", "hint", "evidence"],
    "properties": {key: {"type": "string"} for key in ("code", "question", "hint", "evidence")},
}


def question_values(check: str, family: str, product: str) -> list[dict[str, str]]:
    """Return the questions of a check for a product of a family, in the reader's language.

    A report answers each question by its code. `evidence` is the best evidence for the answer (photo,
    paper, or nothing), uploaded as a file whose `kind` is the question's code.
    """
    return [
        {"code": one.code, "question": one.words, "hint": one.hint, "evidence": one.evidence}
        for one in questions_for(check, family, product=product)
    ]


class CheckReportRowSerializer(RowSerializer):
    """Check report as the contact sent it. `files` are the keys of its evidence that you may see."""

    task = NamedReferenceField()
    by = NamedReferenceField("name")
    files = ComputedField("file_ids", by=list, kind={"type": "array", "items": {"type": "string"}})
    json_schemas = {"answers": {"type": "object", "additionalProperties": ANSWER_SCHEMA}}

    class Meta:
        model = CheckReport
        fields = (
            *(
                "id",
                "task",
                "question_version",
                "question_family",
                "answers",
                "method",
                "place",
                "seen_on",
                "seen_at",
            ),
            *(
                "confidence",
                "confirmed_at_once",
                "summary",
                "language",
                "by",
                "by_copied_link",
                "at",
                "files",
            ),
        )


class VerificationTaskRowSerializer(RowSerializer):
    """Check in a list. It is overdue if `due_at` has passed."""

    city = NamedReferenceField("slug")
    lead = NamedReferenceField()
    supplier = NamedReferenceField()
    certificate = NamedReferenceField(allow_null=True)
    requested_certificate_type = NamedReferenceField("code", allow_null=True)
    check = serializers.ChoiceField(CheckKind.choices, source="check_kind", read_only=True)
    contact = serializers.IntegerField(source="contact_id", allow_null=True)

    class Meta:
        model = VerificationTask
        fields = (
            *(
                "reference",
                "status",
                "city",
                "lead",
                "supplier",
                "certificate",
                "requested_certificate_type",
                "check",
                "needed",
            ),
            "why",
            *("contact", "offered_at", "taken_at", "due_at", "reminder_count", "submitted_at"),
            *("reviewed_at", "created_at"),
        )


class VerificationTaskDetailSerializer(VerificationTaskRowSerializer):
    """Complete check, with the reasons for this contact and the reports."""

    reviewed_by = NamedReferenceField("name", allow_null=True)
    previous = NamedReferenceField(allow_null=True)
    questions = ComputedField(
        "check_kind",
        "lead__product__family",
        "lead__product__code",
        by=question_values,
        kind={"type": "array", "items": QUESTION_SCHEMA},
    )
    reports = CheckReportRowSerializer(many=True)
    mails = mail_status_field()
    json_schemas = {"reasons": OBJECT_LIST_SCHEMA}

    class Meta:
        model = VerificationTask
        fields = (
            *VerificationTaskRowSerializer.Meta.fields,
            *(
                "questions",
                "reasons",
                "question",
                "remark",
                "reviewed_by",
                "next_reminder_at",
                "previous",
                "reports",
            ),
            "mails",
        )


class AnswerBodySerializer(StrictSerializer):
    """Answer to one question."""

    answer = serializers.ChoiceField(tuple(ANSWER_LABELS), help_text="`could_not_check` is a good answer.")
    seen = text_field(help_text="What was seen.")


class EvidenceField(VisibleReferenceField):
    """Field for a file that the author uploaded for this check, given by its key."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(File, "key", **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the author's own files for this check."""
        return _files_of_user(self.context["thing"], self.context["by"].user_id)


class CheckReportBodySerializer(StrictSerializer):
    """Check report to submit. Upload its evidence to files/ first, with the check as its object."""

    answers = serializers.DictField(
        child=AnswerBodySerializer(), help_text="By the code of each of the check's `questions`."
    )
    files = EvidenceField(
        many=True,
        required=False,
        help_text="Keys of files brought to this check; all of your own where nothing is said.",
    )
    method = serializers.ChoiceField(CheckReport.Method.choices)
    seen_on = serializers.DateField()
    seen_at = serializers.TimeField(required=False, help_text="By the clock of the place.")
    confidence = serializers.ChoiceField(CheckReport.Confidence.choices)
    confirmed_at_once = serializers.BooleanField(
        required=False,
        help_text="True if the author confirmed everything with one answer; all answers are `yes`.",
    )
    place = text_field(200)
    summary = text_field(MAX_LETTER_LENGTH)
    language = language_field("Of the words; the person's own where nothing is said.")


class ReportFacts(TypedDict, total=False):
    """Facts of a check report; see `submit_report`."""

    answers: Required[Mapping[str, Any]]
    method: Required[str]
    seen_on: Required[date]
    seen_at: time | None
    confidence: Required[int]
    confirmed_at_once: bool
    place: str
    summary: str
    language: str


def submit_report_with_evidence(
    task: VerificationTask,
    *,
    author: ActingUser,
    files: Sequence[File] | None = None,
    by: Actor,
    at: datetime,
    **facts: Unpack[ReportFacts],
) -> CheckReport:
    """Submit a check report, with the files uploaded for the check as its evidence.

    Refuses missing answers; "could not check" is an answer.
    """
    evidence = _files_of_user(task, author.pk).order_by("pk") if files is None else files
    return submit_report(task, author=author, files=[file.pk for file in evidence], by=by, at=at, **facts)


def _files_of_user(task: VerificationTask, user_id: int) -> QuerySet[File]:
    return File.objects.about(task).filter(by=user_id).exclude(status=File.Status.REJECTED)


def add_evidence_keys(reports: Iterable[dict[str, Any]], by: Any) -> None:
    """Replace the ids of visible files by their keys. One query for all reports."""
    reports = list(reports)
    ids = {pk for report in reports for pk in report["files"]}
    known = dict(File.objects.visible_to(by).filter(pk__in=ids).values_list("pk", "key")) if ids else {}
    for report in reports:
        report["files"] = [known[pk] for pk in report["files"] if pk in known]


def request_check_by_api(
    task: VerificationTask,
    contact: Contact,
    *,
    reasons: Sequence[dict[str, Any]] = (),
    chosen_because: str = "",
    due_at: datetime | None = None,
    author: ActingUser,
    by: Actor,
    at: datetime,
) -> VerificationTask:
    """Ask a contact to make the check by `due_at`, by default within four days.

    The reasons of the routing are filled in. Refuses a contact who takes no inquiries or has an
    interest in the company, an offer that has ended, and less than a working day. Without
    `chosen_because`, refuses a contact whom routing does not put first, or who has as many open
    inquiries as they want.
    """
    found = suggested_checkers(task, at, author.language)
    chosen = next((one for one in found if one.contact.pk == contact.pk), None)
    return request_check(
        task,
        contact,
        reasons=reasons or (translated_reasons(chosen.ranked_contact.reasons) if chosen else ()),
        best=better_ranked_contact(task, found, contact),
        chosen_because=chosen_because,
        due_at=due_at,
        by=by,
        at=at,
    )


class NewVerificationTaskSerializer(StrictSerializer):
    """Check to open in addition to those that the rules require."""

    lead = VisibleReferenceField(SupplierLead)
    check = serializers.ChoiceField(CheckKind.choices_required_by_rule())
    why = text_field(40)
    needed = serializers.BooleanField(required=False, help_text="Whether the offer waits for it.")


class VerificationTaskFilter(SearchFilterSet):
    """Filters for checks."""

    search = search_filter(
        "The reference, or how it begins (VT-2020); else words in the company's names, in any script."
    )
    status = ChoiceFilter(choices=VerificationTask.Status.choices)
    city = CharFilter("city__slug")
    check = ChoiceFilter("check_kind", choices=CheckKind.choices)
    lead = CharFilter("lead__reference")
    supplier = CharFilter("supplier__reference")
    contact = NumberFilter("contact")
    needed = BooleanFilter()
    due_before = IsoDateTimeFilter(
        "due_at", "lt", help_text="Overdue ones are those due before now that are still open."
    )


class VerificationTaskViewSet(CollectionViewSet):
    """Checks of your cities, those that you were asked to make, and those that you coordinate."""

    model = VerificationTask
    path = "verification-tasks"
    list_serializer = VerificationTaskRowSerializer
    detail_serializer = VerificationTaskDetailSerializer
    filterset_class = VerificationTaskFilter
    ordering_fields = {"due_at": order_by_moment("due_at")}
    create_action = MoveOperation(PROPOSE_CHECK, body=NewVerificationTaskSerializer)
    move_actions = move_operations(
        MoveOperation(
            REQUEST_CHECK,
            action=request_check_by_api,
            contact=VisiblePrimaryKeyField(Contact),
            reasons=serializers.ListField(child=serializers.DictField(), required=False),
            chosen_because=text_field(
                MAX_TEXT_LENGTH, "Why this person, where routing puts another person first."
            ),
            due_at=serializers.DateTimeField(required=False),
        ),
        ACCEPT_CHECK,
        MoveOperation(SUBMIT_REPORT, action=submit_report_with_evidence, body=CheckReportBodySerializer),
        ACCEPT_REPORT,
        MoveOperation(RETURN_REPORT, question=reason_field("What is still to be answered.")),
        MoveOperation(
            DECLINE,
            interest=serializers.BooleanField(
                required=False,
                help_text="Because of an interest in the company: it is kept, and others are asked.",
            ),
        ),
        REOPEN,
        MoveOperation(FORWARD, to=VisiblePrimaryKeyField(Contact)),
        REMIND,
        CHANGE_DUE_TIME,
        CANCEL,
    )

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with the visible reports, newest first, and the state of the messages."""
        reports = CheckReport.objects.visible_to(self.by).select_related("task", "by").order_by("-pk")
        return with_mail_status(
            super().detail_queryset(rows).prefetch_related(Prefetch("reports", reports)), self.by
        )

    def complete_rows(self, values: builtins.list[dict[str, Any]]) -> None:
        """Add the keys of the evidence to the reports."""
        add_evidence_keys((one for row in values for one in row.get("reports", ())), self.by)


class CheckReportFilter(SearchFilterSet):
    """Filters for check reports."""

    search = search_filter(
        "The check's reference, or how it begins (VT-2020); else words in the summary or the place, as "
        "they are written."
    )
    task = CharFilter("task__reference")
    lead = CharFilter("task__lead__reference")


class CheckReportViewSet(CollectionViewSet):
    """Check reports. A report is submitted with the check's `submit` and is never changed."""

    model = CheckReport
    path = "check-reports"
    lookup_field = "id"
    list_serializer = CheckReportRowSerializer
    filterset_class = CheckReportFilter
    ordering_fields = {"seen_on": "seen_on"}

    def complete_rows(self, values: builtins.list[dict[str, Any]]) -> None:
        """Add the keys of the evidence."""
        add_evidence_keys(values, self.by)
