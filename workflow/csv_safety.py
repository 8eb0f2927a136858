"""Cells of exported files, made harmless for spreadsheets.

Text that a spreadsheet would run as a formula gets an apostrophe in front; reading takes it away again.
"""

_FORMULA_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "＝",
    "＋",
    "－",
    "＠",
)  # the last four are their full-width twins
_APOSTROPHE = "'"
# Marks for cells of an uploaded file that would look empty (workflow/sandbox/table.py). Readers refuse them.
UNCALCULATED_FORMULA_MARK = "=?"  # a formula without a result
MERGED_CELL_MARK = "=^"  # merged with the cell before or above it


def escape_formula(value: object) -> str:
    """Return a value as a cell; text that starts like a formula gets an apostrophe in front.

    Numbers stay as they are. None becomes an empty cell.
    """
    if value is None:
        return ""
    text = str(value)
    # Text that already starts with an apostrophe and such a sign gets one more, so that `unescape_formula` restores it.
    risky = isinstance(value, str) and text.lstrip(_APOSTROPHE).startswith(_FORMULA_STARTS)
    return _APOSTROPHE + text if risky else text


def unescape_formula(cell: str) -> str:
    """Return a cell as it was before `escape_formula`."""
    risky = cell.startswith(_APOSTROPHE) and cell.lstrip(_APOSTROPHE).startswith(_FORMULA_STARTS)
    return cell[1:] if risky else cell
