"""What is wrong with a file: row, column and reason, in the reader's language when shown."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.errors import Refused, Words

MOST_FOUND = 1_000  # where so much is wrong, reading stops: to go on would keep others waiting
MOST_TOLD = 50  # faults of a file that are shown; the rest follow when the corrected file is sent again


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
    """A file that was not taken, with the first things that are wrong with it and how many there are in all."""

    def __init__(self, faults: list[Fault]) -> None:
        count = len(faults)
        words: Words = ngettext(
            "Nothing was imported: %(count)d thing in the file must be put right first.",
            "Nothing was imported: %(count)d things in the file must be put right first.",
            count,
        )
        if count >= MOST_FOUND:
            words = _("Nothing was imported: %(count)d or more things in the file must be put right first.")
        told = [
            {"row": fault.row, "column": fault.column, "reason": str(fault.reason)}
            for fault in faults[:MOST_TOLD]
        ]
        more = max(0, count - MOST_TOLD)
        super().__init__("file_faulty", words % {"count": count}, field="file", faults=told, more=more)
        self.faults = faults[:MOST_TOLD]
        self.count = count
