"""Status changes of a decision memo and an audit file that each role may make, in each status.

The table is written by hand for tests/procurement/test_permissions_by_status.py.
"""

from procurement.audit_files.actions import (
    BuiltArchive,
    discard_audit_file,
    fail_audit_file,
    finish_audit_file,
    request_audit_file,
)
from procurement.audit_files.models import AuditFile
from procurement.orders.decision_memos.actions import create_memo
from procurement.orders.decision_memos.models import DecisionMemo
from tests.procurement.permission_tables import Row
from tests.worlds.need_to_order import AT, Story


def decision_memo(story: Story) -> DecisionMemo:
    """Return the decision memo of an order."""
    return create_memo(story.approved(), author=story.officer.user, by=story.officer.by, at=AT)


def requested_audit_file(story: Story) -> AuditFile:
    """Return an audit file that an observer has requested."""
    observer = story.observer
    return request_audit_file(story.approved(), author=observer.user, language="en", by=observer.by, at=AT)


def ready_audit_file(story: Story) -> AuditFile:
    """Return an audit file that is ready."""
    made = BuiltArchive(stored_name="a.zip", size=1, sha256="0" * 64, file_count=1, omitted_item_count=0)
    return finish_audit_file(requested_audit_file(story), made, at=AT)


def failed_audit_file(story: Story) -> AuditFile:
    """Return an audit file that failed because there was no room."""
    return fail_audit_file(requested_audit_file(story), AuditFile.Failure.DISK_FULL, at=AT)


def deleted_audit_file(story: Story) -> AuditFile:
    """Return an audit file that was deleted by the person who requested it."""
    return discard_audit_file(ready_audit_file(story), by=story.observer.by, at=AT)


# No move changes a memo. An audit file belongs only to the person who requested it.
MEMOS: list[Row] = [("final", decision_memo, {})]
AUDIT_FILES: list[Row] = [
    ("pending", requested_audit_file, {"observer": "discard"}),
    ("ready", ready_audit_file, {"observer": "discard rebuild"}),
    ("failed", failed_audit_file, {"observer": "discard rebuild"}),
    ("expired", deleted_audit_file, {"observer": "rebuild"}),
]
