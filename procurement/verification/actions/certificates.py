"""Actions on certificates that an offer lacks: request them from the contact, and enter them."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from procurement.catalogue.models.certificates import CertificateType
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import REQUEST_CERTIFICATES
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.suppliers.models.certificates import Certificate
from procurement.verification.actions.assignment import request_check
from procurement.verification.models import CheckKind, CheckReport, VerificationTask
from procurement.verification.questions import CERTIFICATE_SENT
from procurement.verification.rules import tasks
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action

CONTACT_MADE_OFFER_REASON = gettext_noop("The contact made this offer.")


@register_action(REQUEST_CERTIFICATES)
def request_certificates(
    lead: SupplierLead, *, kinds: Sequence[CertificateType] = (), by: Actor, at: datetime
) -> SupplierLead:
    """Ask the contact who made the offer for the certificates that it lacks, by one message with a link.

    Each certificate is a check of its own, so the contact may send one and refuse another. Without `kinds`, asks
    for every certificate that screening misses and that no one is asked for. Refuses an offer without a contact,
    a contact who cannot be asked, and a type that is not missing or was asked for already.
    """
    missing = lead.certificates_to_request
    wanted = sorted({one.code for one in kinds}) or missing
    with REQUEST_CERTIFICATES.apply_to(lead, by=by, at=at, certificates=wanted) as row:
        if not set(wanted) <= set(missing):
            words = _("This certificate is not missing, or it has already been requested.")
            raise Refused("not_missing", words, field="kinds")
        contact = row.contact
        assert contact is not None  # `certificate_request_refusal`
        for kind in CertificateType.objects.filter(code__in=wanted).order_by("code"):
            task = VerificationTask(
                city=row.city,
                lead=row,
                supplier=row.supplier,
                check_kind=CheckKind.MISSING_CERTIFICATE,
                requested_certificate_type=kind,
                why="missing",
                needed=False,
            )
            tasks.PROPOSE_CHECK.create(task, by=by, at=at)
            request_check(task, contact, chosen_because=CONTACT_MADE_OFFER_REASON, by=by, at=at)
    return lead


def enter_sent_certificate(task: VerificationTask, report: CheckReport, at: datetime) -> None:
    """Enter the certificate that a contact sent, for the city that asked. Screening then reads it.

    Called under the lock of the check. If the report was returned and is sent again, nothing is replaced: the
    certificate stays as it was first entered, and the city corrects it. Refuses a report without a file,
    because then nothing was sent.
    """
    if task.requested_certificate_type is None:
        return
    answer = report.answers.get(CERTIFICATE_SENT) or {}
    if answer.get("answer") != "yes" or not report.file_ids:
        words = _("Add a photo or scan of the certificate, or say that you cannot get it.")
        raise Refused("certificate_missing", words, field="files")
    if task.certificate is None:
        task.certificate = _enter_certificate(
            task, report, task.requested_certificate_type, str(answer.get("seen", "")), at
        )


def _enter_certificate(
    task: VerificationTask, report: CheckReport, kind: CertificateType, number: str, at: datetime
) -> Certificate:
    return record_shown_certificate(
        task.supplier,
        kind,
        number=number[: Certificate._meta.get_field("number").max_length],
        entered_by=report.by,
        contact=task.contact,
        inquiry=task.lead.inquiry,
        asking_city=task.city,
        products=[task.lead.product],
        by=tasks.CertificateSenderActor(task, report.by_id, report.by.journal_name),
        at=at,
    )
