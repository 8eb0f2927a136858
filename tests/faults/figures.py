"""Results of the fault tests, one line each; they are printed at the end."""

NOTES: list[str] = []


def note(fault: str, words: str) -> None:
    """Add a row to the table."""
    NOTES.append(f"| {fault} | {words} |")
