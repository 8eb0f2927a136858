"""verification-tasks and reports: is it true? A contact records what they saw; the city judges."""

import builtins
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, IsoDateTimeFilter, NumberFilter
from rest_framework import serializers

from accounts.models import User
from partners.models.people import Contact
from procurement.api.mails import mails_field
from procurement.leads.models.offer import SupplierLead
from procurement.notices.post import with_mails
from procurement.outreach.gathering.people import told
from procurement.verification.actions import asking, opening, reporting
from procurement.verification.actions.asking import accept_check, change_due_time, request_check
from procurement.verification.actions.reporting import send_back
from procurement.verification.gathering import first_beside, suggested
from procurement.verification.models.checks import Check, VerificationTask
from procurement.verification.models.reports import Report
from procurement.verification.questions import ANSWERS, of
from workflow.actors import Actor
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Numbered, Ref, reason, tongue, words
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import OBJECTS, Made, Named, Row
from workflow.doors.api.strict import Strict
from workflow.doors.bounds import LONGEST_LETTER, LONGEST_WORDS
from workflow.models.evidence import File
from workflow.queries import by_moment

ANSWER = {
    "type": "object",
    "required": ["answer"],
    "properties": {"answer": {"type": "string", "enum": list(ANSWERS)}, "seen": {"type": "string"}},
}
QUESTION = {
    "type": "object",
    "required": ["code", "question", "hint", "evidence"],
    "properties": {key: {"type": "string"} for key in ("code", "question", "hint", "evidence")},
}


def asked(check: str, family: str) -> list[dict[str, str]]:
    """The questions of a check about goods of a family, in the reader's language; a report answers each by its code.

    `evidence` is what is best brought for the answer, as a file whose `kind` is the question's code: photo, paper, or nothing.
    """
    return [
        {"code": one.code, "question": one.words, "hint": one.hint, "evidence": one.evidence}
        for one in of(check, family)
    ]


class ReportRow(Row):
    """What a contact saw, as they sent it. `files` are the keys of its evidence, as far as you may see it."""

    task = Named()
    by = Named("name")
    files = Made("file_ids", by=list, kind={"type": "array", "items": {"type": "string"}})
    shapes = {"answers": {"type": "object", "additionalProperties": ANSWER}}

    class Meta:
        model = Report
        fields = (
            *(
                "id",
                "task",
                "asked_version",
                "asked_family",
                "answers",
                "method",
                "place",
                "seen_on",
                "seen_at",
            ),
            *("confidence", "summary", "language", "by", "by_copied_link", "at", "files"),
        )


class VerificationTaskRow(Row):
    """A check, as a list tells it. Overdue is a comparison of `due_at` with the clock."""

    city = Named("slug")
    lead = Named()
    supplier = Named()
    certificate = Named(allow_null=True)
    check = serializers.ChoiceField(Check.choices, source="check_kind", read_only=True)
    contact = serializers.IntegerField(source="contact_id", allow_null=True)

    class Meta:
        model = VerificationTask
        fields = (
            *("reference", "status", "city", "lead", "supplier", "certificate", "check", "needed", "why"),
            *("contact", "offered_at", "taken_at", "due_at", "chases", "submitted_at"),
            *("judged_at", "created_at"),
        )


class VerificationTaskDetail(VerificationTaskRow):
    """A check, whole: why this person was asked, and the reports."""

    judged_by = Named("name", allow_null=True)
    previous = Named(allow_null=True)
    questions = Made(
        "check_kind", "lead__product__family", by=asked, kind={"type": "array", "items": QUESTION}
    )
    reports = ReportRow(many=True)
    mails = mails_field()
    shapes = {"reasons": OBJECTS}

    class Meta:
        model = VerificationTask
        fields = (
            *VerificationTaskRow.Meta.fields,
            *("questions", "reasons", "question", "remark", "judged_by", "chase_at", "previous", "reports"),
            "mails",
        )


class AnswerBody(Strict):
    """The answer to one question."""

    answer = serializers.ChoiceField(tuple(ANSWERS), help_text="`could_not_check` is a good answer.")
    seen = words(help_text="What was seen.")


class Evidence(Ref):
    """A file that the reporter brought to this check, by its key."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(File, "key", **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """The reporter's own files of this check."""
        return _brought(self.context["thing"], self.context["by"].user_id)


class ReportBody(Strict):
    """A report to send in. Bring its evidence to files/ first, with the check as its thing."""

    answers = serializers.DictField(
        child=AnswerBody(), help_text="By the code of each of the check's `questions`."
    )
    files = Evidence(
        many=True,
        required=False,
        help_text="Keys of files brought to this check; all of your own where nothing is said.",
    )
    method = serializers.ChoiceField(Report.Method.choices)
    seen_on = serializers.DateField()
    seen_at = serializers.TimeField(required=False, help_text="By the clock of the place.")
    confidence = serializers.ChoiceField(Report.Confidence.choices)
    place = words(200)
    summary = words(LONGEST_LETTER)
    language = tongue("Of the words; the person's own where nothing is said.")


def report(
    task: VerificationTask,
    *,
    author: User,
    files: Sequence[File] | None = None,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> Report:
    """Send in what was seen, with the files brought to the check as its evidence.

    Refuses answers that are missing; "could not check" is an answer.
    """
    evidence = _brought(task, author.pk).order_by("pk") if files is None else files
    return reporting.submit(task, author=author, files=[file.pk for file in evidence], by=by, at=at, **facts)


def _brought(task: VerificationTask, user_id: int) -> QuerySet[File]:
    return File.objects.about(task).filter(by=user_id).exclude(status=File.Status.REJECTED)


def name_evidence(reports: Iterable[dict[str, Any]], by: Any) -> None:
    """Put keys for the ids of files, of those that may be seen: one look-up for all reports."""
    reports = list(reports)
    ids = {pk for report in reports for pk in report["files"]}
    known = dict(File.objects.visible_to(by).filter(pk__in=ids).values_list("pk", "key")) if ids else {}
    for report in reports:
        report["files"] = [known[pk] for pk in report["files"] if pk in known]


def offer(
    task: VerificationTask,
    contact: Contact,
    *,
    reasons: Sequence[dict[str, Any]] = (),
    chosen_because: str = "",
    due_at: datetime | None = None,
    author: User,
    by: Actor,
    at: datetime,
) -> VerificationTask:
    """Ask a contact to make the check, by `due_at` (four days where nothing is said); the routing's reasons are filled in.

    Refuses somebody who takes no questions or has an interest in the company, an offer that has ended, less than a working day, and,
    without `chosen_because`, somebody whom routing does not put first or who has as many open questions as they want.
    """
    found = suggested(task, at, author.language)
    chosen = next((one for one in found if one.contact.pk == contact.pk), None)
    return request_check(
        task,
        contact,
        reasons=reasons or (told(chosen.ranked.reasons) if chosen else ()),
        best=first_beside(task, found, contact),
        chosen_because=chosen_because,
        due_at=due_at,
        by=by,
        at=at,
    )


class NewVerificationTask(Strict):
    """A check to open beside those that the rules ask for."""

    lead = Ref(SupplierLead)
    check = serializers.ChoiceField(Check.choices)
    why = words(40)
    needed = serializers.BooleanField(required=False, help_text="Whether the offer waits for it.")


class VerificationTaskFilter(Searched):
    """Which checks."""

    search = search_in(
        "The reference, or how it begins (VT-2020); else words in the company's names, in any script."
    )
    status = ChoiceFilter(choices=VerificationTask.Status.choices)
    city = CharFilter("city__slug")
    check = ChoiceFilter("check_kind", choices=Check.choices)
    lead = CharFilter("lead__reference")
    supplier = CharFilter("supplier__reference")
    contact = NumberFilter("contact")
    needed = BooleanFilter()
    due_before = IsoDateTimeFilter(
        "due_at", "lt", help_text="Overdue ones are those due before now that are still open."
    )


class VerificationTasks(Collection):
    """Checks: those of one's city, those one was asked to make, and those a coordinator follows."""

    model = VerificationTask
    path = "verification-tasks"
    row = VerificationTaskRow
    whole = VerificationTaskDetail
    filterset_class = VerificationTaskFilter
    orders = {"due_at": by_moment("due_at")}
    begin = Verb(opening.propose, body=NewVerificationTask)
    verbs = {
        "offer": Verb(
            offer,
            contact=Numbered(Contact),
            reasons=serializers.ListField(child=serializers.DictField(), required=False),
            chosen_because=words(LONGEST_WORDS, "Why this person, where routing puts another person first."),
            due_at=serializers.DateTimeField(required=False),
            me="author",
        ),
        "take": Verb(accept_check),
        "submit": Verb(report, body=ReportBody, me="author"),
        "accept": Verb(reporting.accept, me="judge"),
        "return": Verb(send_back, question=reason("What is still to be answered.")),
        "decline": Verb(
            asking.decline,
            remark=words(),
            interest=serializers.BooleanField(
                required=False,
                help_text="Because of an interest in the company: it is kept, and others are asked.",
            ),
        ),
        "open-again": Verb(asking.reopen),
        "hand-over": Verb(asking.forward, to=Numbered(Contact), remark=words()),
        "remind": Verb(asking.remind),
        "redate": Verb(change_due_time, due_at=serializers.DateTimeField()),
        "cancel": Verb(asking.cancel, reason=reason()),
    }

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With the reports this person may see, the newest first, and what became of the mails."""
        reports = Report.objects.visible_to(self.by).select_related("task", "by").order_by("-pk")
        return with_mails(super().for_detail(rows).prefetch_related(Prefetch("reports", reports)), self.by)

    def finish(self, told: builtins.list[dict[str, Any]]) -> None:
        """With the keys of the evidence."""
        name_evidence((one for row in told for one in row.get("reports", ())), self.by)


class ReportFilter(Searched):
    """Which reports."""

    search = search_in(
        "The check's reference, or how it begins (VT-2020); else words in the summary or the place, as they are written."
    )
    task = CharFilter("task__reference")
    lead = CharFilter("task__lead__reference")


class Reports(Collection):
    """What was seen. A report is sent in by the check's own `submit`; none is changed."""

    model = Report
    path = "reports"
    key = "id"
    row = ReportRow
    filterset_class = ReportFilter
    orders = {"seen_on": "seen_on"}

    def finish(self, told: builtins.list[dict[str, Any]]) -> None:
        """With the keys of the evidence."""
        name_evidence(told, self.by)
