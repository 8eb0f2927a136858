"""Conversion of an import's errors, changes and repeated rows to JSON, as `CheckResult` and `ImportData` store them.

Messages are stored in three languages.
"""

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from partners.partial_dates import PartialDate
from partners.register_import.actions.result_recording import CheckResult
from partners.register_import.errors import RowError
from partners.register_import.import_session import ImportSession
from workflow.i18n import LANGUAGES, translate_all

WHOLE_FILE_ROW_NUMBER = 0  # row number of a fault of the whole file
INTERNAL_ERROR_MESSAGE = _(
    "The file could not be processed and nothing was imported. The reason is recorded in the server log; "
    "contact your system administrator. Saving the file again as “CSV UTF-8” may help."
)


def record_run_results(result: CheckResult, run: ImportSession) -> None:
    """Copy the counts, changes and repeated rows of an import session (`run`), dry run or not, to the result."""
    result.added, result.changed, result.same = run.added, run.changed, run.same + len(run.repeated_rows)
    result.changes = [
        {
            "row": number,
            "name": translate_all(thing.__str__),
            "what": [[name, _plain(old), _plain(new)] for name, (old, new) in changes.items()],
        }
        for number, thing, changes in run.changed_entries
    ]
    result.repeated_rows = [[number, earlier] for number, earlier in run.repeated_rows]


def _plain(value: Any) -> str:
    if isinstance(value, PartialDate):
        return value.iso_text_with_precision
    return "" if value is None else str(value)


def errors_as_json(find_errors: Callable[[], list[RowError]]) -> list[dict[str, Any]]:
    """Return the errors as JSON, with their reasons in three languages.

    `find_errors` is called once for each language, because the messages contain values of cells.
    """
    by_language: dict[str, list[tuple[int, str, str]]] = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            by_language[short] = [(error.row, error.column, str(error.reason)) for error in find_errors()]
    return [
        {
            "row": same_error[0][0],
            "column": same_error[0][1],
            "why": dict(zip(by_language, (version[2] for version in same_error), strict=True)),
        }
        for same_error in zip(*by_language.values(), strict=True)
    ]


def internal_error_result() -> CheckResult:
    """Return the result stored for a file on which the program itself failed."""
    return CheckResult(
        faults=errors_as_json(lambda: [RowError(WHOLE_FILE_ROW_NUMBER, "", INTERNAL_ERROR_MESSAGE)])
    )
