"""What is wrong with a file: row, column and reason, in the reader's language when shown."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.errors import Refused, Words


class Bad(ValueError):
    """A cell that cannot be read; carries the sentence that says why."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass(frozen=True)
class Fault:
    """One thing wrong. Rows are counted as a spreadsheet counts them: the header is row 1. No column: the row as a whole."""

    row: int
    column: str
    reason: Words

    def __str__(self) -> str:
        place = _("Row %(row)s, %(column)s") if self.column else _("Row %(row)s")
        return f"{place % {'row': self.row, 'column': self.column}}: {self.reason}"


class Faulty(Refused):
    """A file that was not taken, with everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        count = len(faults)
        words = ngettext(
            "Nothing was imported: %(count)d thing in the file must be put right first.",
            "Nothing was imported: %(count)d things in the file must be put right first.",
            count,
        )
        told = [{"row": fault.row, "column": fault.column, "reason": str(fault.reason)} for fault in faults]
        super().__init__("file_faulty", words % {"count": count}, field="file", faults=told)
        self.faults = faults
