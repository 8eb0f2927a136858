"""company-changes, comments, files, entries, notices: what is proposed, said, brought and told about things, and what happened.

A thing is named by its own address below /api/v1/: `supply-requests/SR-2026-0042`.
"""

from procurement.api.records import addresses
from procurement.api.records.addresses import BY_LABEL, BY_PATH
from procurement.api.records.changes import CompanyChanges
from procurement.api.records.comments import Comments
from procurement.api.records.entries import Entries
from procurement.api.records.files import Files
from procurement.api.records.notices import Notices
from workflow.doors.api.collections import Collection

STORY: tuple[type[Collection], ...] = (*addresses.STORY, CompanyChanges)
BY_PATH[CompanyChanges.path] = CompanyChanges  # it names things by their addresses, so it comes after them
BY_LABEL[CompanyChanges.model._meta.label_lower] = CompanyChanges
COLLECTIONS: tuple[type[Collection], ...] = (*STORY, Comments, Files, Entries, Notices)
