"""Moves of an audit file: request, finish, fail, discard and rebuild."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.audit_files.models import AuditFile
from workflow.actors import Actor
from workflow.moves import Move, Moves, one_of, system_only

RETENTION = timedelta(days=7)  # then the file is deleted; it can be requested again


def may_request_audit_file(by: Actor, bundle: AuditFile) -> bool:
    """Return True for the person who requested this file, while they may read the city's orders.

    This includes auditors. The file shows nothing that the person may not see on pages.
    """
    return by.may(Power.SEE, bundle) and by.user_id == bundle.by_id


REQUEST = Move[AuditFile](
    verb="request",
    label=_("Create audit file"),
    past_tense=_("requested the audit file"),
    target=AuditFile.Status.PENDING,
    allowed=may_request_audit_file,
)
REBUILD = Move[AuditFile](
    verb="rebuild",
    label=_("Create audit file again"),
    past_tense=_("requested the audit file again"),
    source=AuditFile.Status.settled,
    target=AuditFile.Status.PENDING,
    allowed=may_request_audit_file,
)
FINISH = Move[AuditFile](
    verb="finish",
    label=_("Create audit file"),
    past_tense=_("created the audit file"),
    source=one_of(AuditFile.Status.PENDING),
    target=AuditFile.Status.READY,
    allowed=system_only,
    allowed_for_system=True,
)
FAIL = Move[AuditFile](
    verb="fail",
    label=_("Mark audit file as failed"),
    past_tense=_("could not create the audit file"),
    source=one_of(AuditFile.Status.PENDING),
    target=AuditFile.Status.FAILED,
    allowed=system_only,
    allowed_for_system=True,
)
DISCARD = Move[AuditFile](
    verb="discard",
    label=_("Delete audit file"),
    past_tense=_("deleted the audit file"),
    source=one_of(AuditFile.Status.PENDING, AuditFile.Status.READY, AuditFile.Status.FAILED),
    target=AuditFile.Status.EXPIRED,
    allowed=may_request_audit_file,
    allowed_for_system=True,
)

AUDIT_FILE_MOVES = Moves(AuditFile, REQUEST, FINISH, FAIL, DISCARD, REBUILD, ends={})
