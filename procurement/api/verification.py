"""verification-tasks and reports: is it true? A contact records what they saw; the city judges."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, IsoDateTimeFilter, NumberFilter
from rest_framework import serializers

from partners.models import Contact
from procurement.leads.models import SupplierLead
from procurement.verification import actions
from procurement.verification.models import Check, Report, VerificationTask
from procurement.verification.questions import ANSWERS
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Numbered, Ref, reason, words
from workflow.doors.api.filters import Filter
from workflow.doors.api.reading import Named, Row
from workflow.missing import by_moment


class ReportRow(Row):
    """What a contact saw, as they sent it."""

    task = Named()
    by = Named("name")

    class Meta:
        model = Report
        fields = (
            *("id", "task", "answers", "method", "place", "seen_on", "confidence", "summary", "language"),
            *("by", "by_copied_link", "at"),
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
    reports = ReportRow(many=True)

    class Meta:
        model = VerificationTask
        fields = (
            *VerificationTaskRow.Meta.fields,
            *("reasons", "question", "remark", "judged_by", "chase_at", "previous", "reports"),
        )


class AnswerBody(serializers.Serializer[Any]):
    """The answer to one question."""

    answer = serializers.ChoiceField(tuple(ANSWERS), help_text="`could_not_check` is a good answer.")
    seen = words(help_text="What was seen.")


class ReportBody(serializers.Serializer[Any]):
    """A report to send in."""

    answers = serializers.DictField(
        child=AnswerBody(), help_text="By the code of each question of the check."
    )
    method = serializers.ChoiceField(Report.Method.choices)
    seen_on = serializers.DateField()
    confidence = serializers.ChoiceField(Report.Confidence.choices)
    place = words(200)
    summary = words(5000)
    language = words(10, "Of the words; the person's own where nothing is said.")


class NewVerificationTask(serializers.Serializer[Any]):
    """A check to open beside those that the rules ask for."""

    lead = Ref(SupplierLead)
    check = serializers.ChoiceField(Check.choices)
    why = words(40)
    needed = serializers.BooleanField(required=False, help_text="Whether the offer waits for it.")


class VerificationTaskFilter(Filter):
    """Which checks."""

    status = ChoiceFilter(choices=VerificationTask.Status.choices)
    city = CharFilter("city__slug")
    check = ChoiceFilter("check_kind", choices=Check.choices)
    lead = CharFilter("lead__reference")
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
    begin = Verb(actions.propose, body=NewVerificationTask)
    verbs = {
        "offer": Verb(
            actions.offer,
            contact=Numbered(Contact),
            reasons=serializers.ListField(child=serializers.DictField(), required=False),
            due_at=serializers.DateTimeField(required=False),
        ),
        "take": Verb(actions.take),
        "submit": Verb(actions.submit, body=ReportBody, me="author"),
        "accept": Verb(actions.accept, me="judge"),
        "return": Verb(actions.send_back, question=reason("What is still to be answered.")),
        "decline": Verb(actions.decline, remark=words()),
        "open-again": Verb(actions.open_again),
        "hand-over": Verb(actions.hand_over, to=Numbered(Contact), remark=words()),
        "remind": Verb(actions.remind),
        "cancel": Verb(actions.cancel, reason=reason()),
    }

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With the reports this person may see, the newest first."""
        reports = Report.objects.visible_to(self.by).select_related("task", "by").order_by("-pk")
        return super().for_detail(rows).prefetch_related(Prefetch("reports", reports))


class ReportFilter(Filter):
    """Which reports."""

    task = CharFilter("task__reference")
    lead = CharFilter("task__lead__reference")


class Reports(Collection):
    """What was seen. A report is sent in by the check's own `submit`; none is changed."""

    model = Report
    path = "reports"
    key = "id"
    row = ReportRow
    filterset_class = ReportFilter
