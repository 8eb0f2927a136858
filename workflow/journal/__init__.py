"""What happened: every move of every thing, who, when, before, after, why. Append-only, and sealed into a hash chain.

The journal is also the timeline on every page and the audit export. It holds no foreign key to the things it speaks of.
"""

from workflow.journal.entries import (
    HIDDEN,
    Snapshot,
    changed,
    changes,
    history,
    record,
    record_many,
    snapshot,
)

__all__ = ["HIDDEN", "Snapshot", "changed", "changes", "history", "record", "record_many", "snapshot"]
