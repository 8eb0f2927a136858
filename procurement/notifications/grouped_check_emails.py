"""E-mails about several checks of one company: one e-mail lists them all. Reads only.

Each check has its own planned e-mail, so that none is lost if another becomes unnecessary. The first one that
is sent lists every check of the company; the others are then not sent.
"""

from typing import Any

from procurement.verification.models import VerificationTask
from workflow.outbox.models import Message

# E-mails of which one, sent to the same person, covers those about the other checks of the company.
GROUPED_CHECK_TEMPLATES = frozenset(
    {"check", "check_reminder", "check_received", "certificates_asked", "certificates_reminder"}
)


def checks_in_same_mail(thing: Any) -> list[VerificationTask]:
    """Return the checks of the company that an e-mail about this check lists: those at the same stage, in their order.

    Requests for certificates and checks to make are listed in separate e-mails. Empty for any item but a check.
    """
    if not isinstance(thing, VerificationTask):
        return []
    waits = thing.status in VerificationTask.WAITING_STATUSES
    stage = VerificationTask.WAITING_STATUSES if waits else (thing.status,)
    alike = VerificationTask.objects.asked_together_with(thing).filter(
        status__in=stage, requested_certificate_type__isnull=thing.requested_certificate_type_id is None
    )
    return list(alike.select_related("certificate__kind", "requested_certificate_type").order_by("pk"))


def is_covered_by_other_mail(message: Message, thing: Any) -> bool:
    """Return True if an e-mail about another check, sent after this one was caused, listed its check too."""
    if message.template not in GROUPED_CHECK_TEMPLATES:
        return False
    others = [one.pk for one in checks_in_same_mail(thing) if one.pk != thing.pk]
    same = Message.objects.filter(recipient=message.recipient_id, template=message.template)
    sent = same.filter(state=Message.State.SENT, sent_at__gte=message.entry.at)
    return bool(others) and sent.filter(thing_label=message.thing_label, thing_id__in=others).exists()
