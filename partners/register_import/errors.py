"""Errors in a register file: of one cell, of one row, and of a whole import."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.errors import LazyText, Refused

MAX_ERRORS = 1_000  # reading stops at this number, so that other work does not wait
MAX_ERRORS_SHOWN = 50  # faults shown for one file; the rest appear after the corrected file is sent again


class CellError(ValueError):
    """Error for a cell that cannot be read, with the message for the reader."""

    def __init__(self, words: LazyText) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass(frozen=True)
class RowError:
    """One error in a file: its row, its column and the reason. An empty column means the whole row.

    Rows are numbered as in a spreadsheet: the header is row 1.
    """

    row: int
    column: str
    reason: LazyText

    def __str__(self) -> str:
        place = _("Row %(row)s, %(column)s") if self.column else _("Row %(row)s")
        return f"{place % {'row': self.row, 'column': self.column}}: {self.reason}"


class ImportFailed(Refused):
    """Refusal of a file, with its first errors (`faults`) and their total number (`count`)."""

    def __init__(self, faults: list[RowError]) -> None:
        count = len(faults)
        message: LazyText = ngettext(
            "Nothing was imported. Correct %(count)d error in the file first.",
            "Nothing was imported. Correct %(count)d errors in the file first.",
            count,
        )
        if count >= MAX_ERRORS:
            message = _("Nothing was imported. The file has at least %(count)d errors to correct first.")
        values = [
            {"row": fault.row, "column": fault.column, "reason": str(fault.reason)}
            for fault in faults[:MAX_ERRORS_SHOWN]
        ]
        more = max(0, count - MAX_ERRORS_SHOWN)
        super().__init__("file_faulty", message % {"count": count}, field="file", faults=values, more=more)
        self.faults = faults[:MAX_ERRORS_SHOWN]
        self.count = count
