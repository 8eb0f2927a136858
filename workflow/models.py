"""Imports of the models of all packages of workflow, so that Django finds them."""

from workflow.base_models import Counter
from workflow.comments_and_files.models import Comment
from workflow.http.models import IdempotencyKey
from workflow.installation_models import Instance
from workflow.journal.models import Entry, FeedPosition, Seal, UnsealedEntry
from workflow.outbox.models import Message, Notification
from workflow.uploads.models import File

__all__ = [
    "Comment",
    "Counter",
    "Entry",
    "FeedPosition",
    "File",
    "IdempotencyKey",
    "Instance",
    "Message",
    "Notification",
    "Seal",
    "UnsealedEntry",
]
