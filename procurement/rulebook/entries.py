"""Type of a rulebook entry: the subject of a rule, its effect and reason, numbers, sources, remedy."""

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.rulebook.numbers import NUMBERS, RuleNumber
from procurement.rulebook.rationales import RATIONALES, SETTLED
from procurement.rulebook.sources import SOURCES, Source
from workflow.errors import Words

BLOCKS, WARNS, NOTES = "block", "warn", "note"  # the severities of findings
type Severities = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Rule of the rulebook.

    - `code`: the code of the finding, and the anchor on the page.
    - `does`: the severities the finding may have; empty if the rule raises no finding.
    - `ground`, `settled`, `numbers`, `sources`: keys of their tables.
    - `more`: sentences shown below `looks_at`.
    """

    code: str
    looks_at: Words
    does: Severities = ()
    ground: str
    settled: str
    numbers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    more: Sequence[Words] = ()

    @property
    def why(self) -> Words:
        """Reason why the rule blocks or only warns."""
        return RATIONALES[self.ground]

    @property
    def settles(self) -> Words:
        """Remedy that settles the finding."""
        return SETTLED[self.settled]

    @property
    def figures(self) -> list[RuleNumber]:
        """Numbers of the rule."""
        return [NUMBERS[key] for key in self.numbers]

    @property
    def rests_on(self) -> list[Source]:
        """Sources of the rule."""
        return [SOURCES[key] for key in self.sources]
