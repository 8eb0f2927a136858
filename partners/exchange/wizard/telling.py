"""What was found in a file, as an import keeps it: faults, differences and repeated rows, with their sentences in three languages."""

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from partners.actions.carried import Found
from partners.dates import Known
from partners.exchange.faults import Fault
from partners.exchange.runs import Run
from workflow.tongues import TONGUES, in_three

WHOLE = 0  # the row of a fault that is about the file as a whole
STUMBLED = _(
    "The machine could not work on this file, and brought nothing in. The reason stands in the log of the server: "
    "tell whoever looks after it. Saved anew as “CSV UTF-8” the file may pass."
)


def note(found: Found, run: Run) -> None:
    """Keep what a run did, or in a dry run would do."""
    found.added, found.changed, found.same = run.added, run.changed, run.same + len(run.repeated)
    found.changes = [
        {
            "row": number,
            "name": in_three(thing.__str__),
            "what": [[name, _plain(old), _plain(new)] for name, (old, new) in what.items()],
        }
        for number, thing, what in run.differs
    ]
    found.repeated = [[number, earlier] for number, earlier in run.repeated]


def _plain(value: Any) -> str:
    if isinstance(value, Known):
        return value.exact
    return "" if value is None else str(value)


def told(faults: Callable[[], list[Fault]]) -> list[dict[str, Any]]:
    """The faults with their reasons in three languages: found anew in each, since sentences hold what stands in the cells."""
    said: dict[str, list[tuple[int, str, str]]] = {}
    for short, language in TONGUES.items():
        with translation.override(language):
            said[short] = [(one.row, one.column, str(one.reason)) for one in faults()]
    return [
        {
            "row": each[0][0],
            "column": each[0][1],
            "why": dict(zip(said, (one[2] for one in each), strict=True)),
        }
        for each in zip(*said.values(), strict=True)
    ]


def stumbled() -> Found:
    """What is kept of a file over which the machine itself stumbled."""
    return Found(faults=told(lambda: [Fault(WHOLE, "", STUMBLED)]))
