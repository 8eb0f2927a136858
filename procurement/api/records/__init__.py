"""comments, files, entries: what was said about a thing, what was brought to it, and what happened to it.

A thing is named by its own address below /api/v1/: `supply-requests/SR-2026-0042`.
"""

from procurement.api.records.addresses import BY_LABEL, BY_PATH, STORY
from procurement.api.records.comments import Comments
from procurement.api.records.entries import Entries
from procurement.api.records.files import AsItIs, Files
from workflow.doors.api.collections import Collection

COLLECTIONS: tuple[type[Collection], ...] = (*STORY, Comments, Files, Entries)

__all__ = ["BY_LABEL", "BY_PATH", "COLLECTIONS", "AsItIs", "Comments", "Entries", "Files"]
