"""One rule as the page explains it: what it looks at, what it does and on what ground, its numbers, its source, how it is settled."""

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.web.rulebook.grounds import GROUNDS, SETTLED
from procurement.web.rulebook.numbers import NUMBERS, Number
from procurement.web.rulebook.sources import SOURCES, Source
from workflow.errors import Words

BLOCKS, WARNS, NOTES = "block", "warn", "note"  # as findings are called
type Does = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A rule. `code` is the finding's code and the anchor; `does` which severities it may have, none where it is no finding.

    `ground`, `settled`, `numbers` and `sources` are keys of their tables; `more` is said beneath what it looks at.
    """

    code: str
    looks_at: Words
    does: Does = ()
    ground: str
    settled: str
    numbers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    more: Sequence[Words] = ()

    @property
    def why(self) -> Words:
        """Why it blocks or only warns."""
        return GROUNDS[self.ground]

    @property
    def settles(self) -> Words:
        """How it is settled."""
        return SETTLED[self.settled]

    @property
    def figures(self) -> list[Number]:
        """Its numbers."""
        return [NUMBERS[key] for key in self.numbers]

    @property
    def rests_on(self) -> list[Source]:
        """Where it comes from."""
        return [SOURCES[key] for key in self.sources]
