"""The questions of each check, as the catalogue keeps them: sets by version, for the goods they are asked about. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.questions import CheckQuestion
from procurement.verification.models.checks import VerificationTask
from workflow.errors import Words

ANSWERS: dict[str, Words] = {
    "yes": _("Yes"),
    "no": _("No"),
    "could_not_check": _("Could not check"),
}


@dataclass(frozen=True)
class Question:
    """One question as it is put: the code a report stores, and its words in whichever language is being read."""

    row: CheckQuestion

    @property
    def code(self) -> str:
        return self.row.key

    @property
    def words(self) -> str:
        return self.row.words

    @property
    def hint(self) -> str:
        """What a good answer looks like, "" where nothing need be said."""
        return self.row.hint

    @property
    def evidence(self) -> str:
        """What is best shown beside the answer: "photo", "paper", or "" for nothing."""
        return self.row.evidence


@dataclass(frozen=True)
class QuestionSet:
    """What one version of a check asks about one family of goods. A report keeps both, and is read by them ever after."""

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
        """The codes a report may answer."""
        return frozenset(one.code for one in self.questions)


class Book:
    """Every question a check asks or has asked, read in one query; the sets are taken from it."""

    def __init__(self, check: str) -> None:
        self.rows = list(CheckQuestion.objects.asked_by(check))

    @property
    def version(self) -> int:
        """The version in force: it goes up with each question that is added and with each that is asked no more."""
        return max((max(row.since, (row.until or 0) + 1) for row in self.rows), default=1)

    def asks(self, family: str, version: int | None = None) -> QuestionSet:
        """The questions about goods of a family: today's, or those of an older version."""
        wanted = version or self.version
        asked = (Question(row) for row in self.rows if row.belongs_to(wanted, family))
        return QuestionSet(wanted, family, tuple(asked))


def of(check: str, family: str = "", version: int | None = None) -> QuestionSet:
    """What a check asks about goods of a family: today, or as of an older version of its set."""
    return Book(check).asks(family, version)


def about(task: VerificationTask, version: int | None = None) -> QuestionSet:
    """What a check asks about the goods it is for: today, or as of an older version of its set."""
    return of(task.check_kind, task.lead.product.family, version)
