"""Cells of files that leave the house: text that a spreadsheet would run as a formula is made harmless, and read back as it was."""

_RUN = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # the last four are their full-width twins
_GUARD = "'"
# What stands for a cell of a file from outside that would pass for an empty one (workflow/opening/table.py): readers refuse it.
FORMULA = "=?"  # a formula without a result
MERGED = "=^"  # merged with the cell before or above it


def guarded(value: object) -> str:
    """A value as a cell: numbers as they are, text that starts like a formula with an apostrophe before it. Nothing for None."""
    if value is None:
        return ""
    text = str(value)
    # Text that itself starts with an apostrophe and such a sign gets one more, so that reading takes away exactly what was added.
    risky = isinstance(value, str) and text.lstrip(_GUARD).startswith(_RUN)
    return _GUARD + text if risky else text


def unguarded(cell: str) -> str:
    """A cell as it was before `guarded`."""
    risky = cell.startswith(_GUARD) and cell.lstrip(_GUARD).startswith(_RUN)
    return cell[1:] if risky else cell
