"""Actions on audit files, the archive of all documents of an order: request, finish, fail, delete."""

from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db import transaction

from accounts.models import ActingUser
from procurement.audit_files.models import AuditFile
from procurement.audit_files.rules import DISCARD, FAIL, FINISH, REBUILD, REQUEST, RETENTION
from procurement.orders.models import Order
from workflow.actors import SYSTEM, Actor
from workflow.due_rows import process_due
from workflow.moves import register_action, select_locked


class BuiltArchive(NamedTuple):
    """A finished archive: random file name, size, hash, number of files, and number of items left out."""

    stored_name: str
    size: int
    sha256: str
    file_count: int
    omitted_item_count: int


@register_action(REQUEST)
def request_audit_file(
    order: Order, *, author: ActingUser, language: str, by: Actor, at: datetime
) -> AuditFile:
    """Request the audit file of an order. Refuses people who may not read the city's orders.

    A person who has requested it before gets the same one, pending or ready. One that failed or was deleted
    is created again.
    """
    with transaction.atomic():
        select_locked(order)  # two requests at once create one audit file
        known = AuditFile.objects.filter(order=order, by=author).first()
        if known is None:
            fresh = AuditFile(order=order, city=order.city, by=author, language=language, asked_at=at)
            return REQUEST.create(fresh, by=by, at=at)
        if known.status in AuditFile.Status.void:
            return rebuild_audit_file(known, language=language, by=by, at=at)
    return known


@register_action(REBUILD)
def rebuild_audit_file(bundle: AuditFile, *, by: Actor, at: datetime, language: str = "") -> AuditFile:
    """Request the audit file again with the current record. A periodic sweep deletes the old file."""
    with REBUILD.apply_to(bundle, by=by, at=at) as row:
        _clear_file(row)
        row.asked_at = at
        row.language = language or row.language
    return bundle


def finish_audit_file(bundle: AuditFile, created: BuiltArchive, *, at: datetime) -> AuditFile:
    """Record the finished file and its expiry time."""
    with FINISH.apply_to(bundle, by=SYSTEM, at=at) as row:
        row.ready_at, row.until = at, at + RETENTION
        row.stored, row.size, row.sha256 = created.stored_name, created.size, created.sha256
        row.files, row.left_out = created.file_count, created.omitted_item_count
        row.failure = ""
    return bundle


def fail_audit_file(bundle: AuditFile, failure: str, *, at: datetime) -> AuditFile:
    """Record the reason why the audit file could not be created. No file remains."""
    with FAIL.apply_to(bundle, by=SYSTEM, at=at) as row:
        row.failure = failure
    return bundle


@register_action(DISCARD)
def discard_audit_file(bundle: AuditFile, *, by: Actor, at: datetime) -> AuditFile:
    """Delete the audit file early, or cancel its creation."""
    with DISCARD.apply_to(bundle, by=by, at=at) as row:
        _clear_file(row)
    return bundle


def expire_audit_files(at: datetime) -> int:
    """Mark expired audit files as deleted. A later sweep deletes the files. Return their number."""
    return process_due(AuditFile.objects.expired(at), partial(discard_audit_file, by=SYSTEM, at=at))


def _clear_file(row: AuditFile) -> None:
    row.stored, row.size, row.sha256 = "", 0, ""
    row.files, row.left_out, row.failure = 0, 0, ""
    row.ready_at = row.until = None
