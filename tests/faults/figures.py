"""Results of the fault tests, one line each; they are printed at the end."""

NOTES: list[str] = []


def record_result(fault: str, words: str) -> None:
    """Add a row to the table."""
    NOTES.append(f"| {fault} | {words} |")
