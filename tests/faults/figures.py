"""Each fault test says in one line what it measured; the lines are printed at the end of a run and make docs/figures.md."""

NOTES: list[str] = []


def note(fault: str, words: str) -> None:
    """One row of the table."""
    NOTES.append(f"| {fault} | {words} |")
