"""Hostile files, made here: each with what it tries and how it has to end. A fixed corpus: the same bytes on every run."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

SECRET = b"TheSecretWord"  # stands in whatever must not come out of a file


@dataclass(frozen=True)
class Hostile:
    """One file. `ends`: the refusals that are right, or none where a harmless copy is; `type`: what its first bytes make of it."""

    name: str
    data: bytes
    ends: frozenset[str] = frozenset()

    @property
    def passes(self) -> bool:
        """Whether a harmless copy of it may be kept."""
        return not self.ends


def corpus() -> Iterator[tuple[str, Hostile]]:
    """Every file with the opener it is for: picture, pdf or table."""
    for opener, module in (
        ("picture", "pictures"),
        ("pdf", "papers"),
        ("table", "tables"),
        ("table", "books"),
    ):
        made = import_module(f"{__name__}.{module}")
        for file in made.FILES:
            yield opener, file
