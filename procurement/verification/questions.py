"""Questions of each check from the catalogue, by version and goods. Reads only."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.check_questions import CheckQuestion
from procurement.verification.models import VerificationTask
from workflow.errors import LazyText

CERTIFICATE_SENT = "certificate_sent"  # the one question of a request for a certificate; noted is its number
ANSWER_LABELS: dict[str, LazyText] = {
    "yes": _("Yes"),
    "no": _("No"),
    "could_not_check": _("Could not check"),
}


@dataclass(frozen=True)
class Question:
    """One question of a check: the code that a report stores, and its wording in the active language."""

    row: CheckQuestion

    @property
    def code(self) -> str:
        return self.row.key

    @property
    def words(self) -> str:
        return self.row.text

    @property
    def hint(self) -> str:
        """Hint for a good answer, or an empty string."""
        return self.row.hint

    @property
    def evidence(self) -> str:
        """Best evidence for the answer: "photo", "document", or empty."""
        return self.row.evidence


@dataclass(frozen=True)
class QuestionSet:
    """Questions of one version of a check for one family of goods, or for one product of it.

    A report stores its version and family, so that its page can show the questions that it answered.
    """

    version: int
    family: str
    questions: tuple[Question, ...]

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions)

    def __len__(self) -> int:
        return len(self.questions)

    def __getitem__(self, number: int) -> Question:
        return self.questions[number]

    @property
    def codes(self) -> frozenset[str]:
        """Codes that a report may answer."""
        return frozenset(one.code for one in self.questions)


class QuestionHistory:
    """All present and former questions of a check, read in one query unless its rows are given."""

    def __init__(self, check: str, rows: Iterable[CheckQuestion] | None = None) -> None:
        self.rows = list(CheckQuestion.objects.for_checks(check) if rows is None else rows)

    @property
    def current_version(self) -> int:
        """Current version. It increases with each question that is added or no longer asked."""
        return max((max(row.since, (row.until or 0) + 1) for row in self.rows), default=1)

    def question_set(self, family: str, version: int | None = None, product: str = "") -> QuestionSet:
        """Return the questions about a family of goods: the current ones, or those of an older version.

        With the code of a product, leaves out the questions about other products of the family.
        """
        wanted = version or self.current_version
        asked = (Question(row) for row in self.rows if row.applies_to(wanted, family, product))
        return QuestionSet(wanted, family, tuple(asked))


def question_histories(checks: Collection[str]) -> dict[str, QuestionHistory]:
    """Return the questions of several checks by the check. One query."""
    rows: dict[str, list[CheckQuestion]] = {check: [] for check in checks}
    for row in CheckQuestion.objects.for_checks(*checks):
        rows[row.check_kind].append(row)
    return {check: QuestionHistory(check, found) for check, found in rows.items()}


def questions_for(check: str, family: str = "", version: int | None = None, product: str = "") -> QuestionSet:
    """Return the questions of a check about a product family or a product, of a version or current."""
    return QuestionHistory(check).question_set(family, version, product)


def questions_for_task(task: VerificationTask, version: int | None = None) -> QuestionSet:
    """Return the questions of a check about the goods of its offer, current or of an older version."""
    return questions_for(task.check_kind, task.lead.product.family, version, task.lead.product.code)
