"""Display of check reports: each answer with its files, and the two people of each check."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.place_labels import letterhead_city_label
from procurement.verification.models import CheckReport, VerificationTask
from procurement.verification.questions import ANSWER_LABELS, Question, QuestionHistory
from workflow.errors import LazyText
from workflow.uploads.models import File


@dataclass(frozen=True)
class ReportAnswer:
    """Answer of a check report: the question, the answer, what was seen, and the files for it."""

    question: Question
    answer_label: LazyText
    observation: str
    files: list[File]


def report_answers(report: CheckReport, book: QuestionHistory, files: Iterable[File]) -> list[ReportAnswer]:
    """Return the answers of a report in the order of the questions it was asked.

    Uses the questions of the version that the report answered, from `book`, even if the check asks others
    today. `files` are the check's files that the reader may see.
    """
    given = report.answers
    brought = [file for file in files if file.pk in report.file_ids]
    return [
        ReportAnswer(
            question,
            ANSWER_LABELS[given[question.code]["answer"]],
            given[question.code].get("seen", ""),
            [file for file in brought if file.kind == question.code],
        )
        for question in book.question_set(report.question_family, report.question_version)
        if question.code in given
    ]


def reporter_and_decider_of_check(task: VerificationTask) -> list[dict[str, Any]]:
    """Return the two people each check needs: the contact who reported and the officer who decided.

    Where a person is not known yet, the entry says who it will be.
    """
    maker = task.contact if task.reused_from is None else letterhead_city_label(task.reused_from.city.name)
    return [
        {
            "slot": _("First person"),
            "name": str(maker or "") if task.submitted_at else "",
            "what": _("checked"),
            "at": task.submitted_at,
            "waits": _("Still open"),
        },
        {
            "slot": _("Second person"),
            "name": str(task.reviewed_by or ""),
            "what": _("reviewed"),
            "at": task.reviewed_at,
            "waits": _("Not done yet"),
        },
    ]
