"""The rows of the machinery: journal, seals, messages, idempotency keys, comments, files, numbers, and what this instance is.

Only `actions`, `journal`, `seals`, `numbering`, `outbox`, `clock`, `documents` and `doors/idempotency` write them.
"""

from workflow.models.bell import InAppNotice, InAppNoticeQuerySet, Way
from workflow.models.evidence import FOR_CONTACT, Comment, CommentQuerySet, File, FileQuerySet
from workflow.models.instance import IdempotencyKey, Instance
from workflow.models.journal import Entry, EntryQuerySet, Place, Seal, Unsealed
from workflow.models.post import Message, MessageQuerySet
from workflow.models.tracked import AboutQuerySet, Counter, Tracked

__all__ = [
    "FOR_CONTACT",
    "AboutQuerySet",
    "Comment",
    "CommentQuerySet",
    "Counter",
    "Entry",
    "EntryQuerySet",
    "File",
    "FileQuerySet",
    "IdempotencyKey",
    "InAppNotice",
    "InAppNoticeQuerySet",
    "Instance",
    "Message",
    "MessageQuerySet",
    "Place",
    "Seal",
    "Tracked",
    "Unsealed",
    "Way",
]
