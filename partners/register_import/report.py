"""Report of an import: its faults, differences and repeated rows in the form in which they are stored.

Messages are stored in three languages.
"""

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from partners.partial_dates import PartialDate
from partners.register_import.actions.import_results import CheckResult
from partners.register_import.errors import RowError
from partners.register_import.import_session import ImportSession
from workflow.i18n import LANGUAGES, translate_all

WHOLE_FILE = 0  # row number of a fault of the whole file
INTERNAL_ERROR = _(
    "The file could not be processed and nothing was imported. The server log has the reason: "
    "tell your system administrator. Saving the file again as “CSV UTF-8” may help."
)


def record_run_results(found: CheckResult, run: ImportSession) -> None:
    """Copy the changes and faults of an import run, or of its dry run, to the result `found`."""
    found.added, found.changed, found.same = run.added, run.changed, run.same + len(run.repeated)
    found.changes = [
        {
            "row": number,
            "name": translate_all(thing.__str__),
            "what": [[name, _plain(old), _plain(new)] for name, (old, new) in what.items()],
        }
        for number, thing, what in run.differs
    ]
    found.repeated = [[number, earlier] for number, earlier in run.repeated]


def _plain(value: Any) -> str:
    if isinstance(value, PartialDate):
        return value.exact
    return "" if value is None else str(value)


def as_json(faults: Callable[[], list[RowError]]) -> list[dict[str, Any]]:
    """Return the faults with their reasons in three languages.

    `faults` is called once for each language, because the messages contain values of cells.
    """
    by_language: dict[str, list[tuple[int, str, str]]] = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            by_language[short] = [(one.row, one.column, str(one.reason)) for one in faults()]
    return [
        {
            "row": each[0][0],
            "column": each[0][1],
            "why": dict(zip(by_language, (one[2] for one in each), strict=True)),
        }
        for each in zip(*by_language.values(), strict=True)
    ]


def internal_error() -> CheckResult:
    """Return the result stored for a file on which the program itself failed."""
    return CheckResult(faults=as_json(lambda: [RowError(WHOLE_FILE, "", INTERNAL_ERROR)]))
