"""company-changes, comments, files, entries, notices: what is proposed, said, brought and told about things, and what happened.

A thing is named by its own address below /api/v1/: `supply-requests/SR-2026-0042`.
"""

from procurement.api.records.addresses import BY_LABEL, BY_PATH, STORY
from procurement.api.records.changes import CompanyChanges
from procurement.api.records.comments import Comments
from procurement.api.records.entries import Entries
from procurement.api.records.files import AsItIs, Files
from procurement.api.records.notices import Notices
from workflow.doors.api.collections import Collection

COLLECTIONS: tuple[type[Collection], ...] = (*STORY, CompanyChanges, Comments, Files, Entries, Notices)

__all__ = ["BY_LABEL", "BY_PATH", "COLLECTIONS", "AsItIs", "Comments", "Entries", "Files", "Notices"]
