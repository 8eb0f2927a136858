"""Who will use goods, where several are named. Plain functions of kinds of receivers."""

from collections.abc import Iterable

from procurement.catalogue.models.facts import Receiver


def strictest(kinds: Iterable[str]) -> str:
    """The kind that customs rules go by: one that treats patients before all others, else the first; "" where none is named."""
    named = list(kinds)
    return next((kind for kind in named if is_medical(kind)), named[0] if named else "")


def is_medical(kind: str) -> bool:
    """Whether a kind of receiver uses goods on patients. False where nobody has named one: that is not known."""
    return kind in Receiver and Receiver(kind).is_medical
