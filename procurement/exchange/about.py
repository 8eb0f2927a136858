"""Everything kept about a person that the story knows, for the file they take home: by name in settings.ABOUT_A_PERSON. Reads only."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import Link, User
from accounts.wishes import NoticeChoice
from partners.models.corrections import Correction
from partners.models.people import Contact, Invitation, Membership
from procurement.leads.models.offer import SupplierLead
from procurement.outreach.models import Inquiry, SentLetter
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.handing import PaperCall, PaperVersion
from procurement.shipments.models.handouts import HandOut
from procurement.shipments.models.thanks import ThanksNote
from procurement.shipments.models.tracking import BoardView
from procurement.suppliers.models.judgement import Interest
from procurement.verification.models.checks import VerificationTask
from procurement.verification.models.reports import Report
from workflow.models.bell import InAppNotice
from workflow.models.evidence import Comment, File
from workflow.models.journal import Entry
from workflow.models.post import Message

COLUMNS: dict[str, str] = {
    "questions": "reference city__name_en status subject body subject_own body_own reasons remark told_by "
    "sent_at due_at chases answered_at",
    "checks": "reference city__name_en supplier__name_en check_kind status reasons remark due_at",
    "reports": "task__reference answers method place seen_on confidence summary at",
    "papers_asked": "reference city__name_en shipment__reference role status note due_on created_at",
    "papers_handed_in": "paper__reference number status paper_number remark answer created_at",
    "kept_at_places": "lot__number city__name_en name email quantity handed_on status",
    "offers": "reference city__name_en supplier__name_en product__code status remark created_at",
    "messages": "address subject body state sent_at result",
    "differences": "reference city__name_en kind pieces reason status answer answered_at",
    "thanks": "city__name_en thanked_for subject body",
    "letters_of_thanks": "entry__reference words sent_at",
    "places": "organisation__name_en city__name_en title status consent_at away_until task_limit created_at",
    "stands_in_for": "organisation__name_en user__name",
    "interests": "supplier__name_en words status",
    "roles": "role city__name_en status created_at",
    "invitations": "email role city__name_en status expires_at accepted_at",
    "corrections": "reference fact value said source_url why status decided_at answer",
    "mail_choices": "kind way",
    "board_views": "name query",
    "notices": "kind at read_at",
    "links": "purpose made_at expires_at revoked_at seen_at used_at uses",
    "comments": "text at",
    "files": "name kind size kept_sha256 uploaded_sha256",
    "journal": "thing_label reference verb reason at",
}


def about(user: User) -> dict[str, list[dict[str, Any]]]:
    """What they were asked and answered, what they offered and saw, where they sit and what they declared, what was sent to them, and
    what the journal says they did.

    Values of JSON, times in UTC. Why an officer chose them and not another is that city's own note, and names others: it is not here.
    """
    rows = rows_of(user)
    return {
        name: list(rows[name].order_by("pk").values(*columns.split())) for name, columns in COLUMNS.items()
    }


def rows_of(user: User) -> dict[str, QuerySet[Any]]:
    """The rows behind each part of the file."""
    return {
        "questions": Inquiry.objects.filter(contact__user=user, sent_at__isnull=False),
        "checks": VerificationTask.objects.filter(contact__user=user, offered_at__isnull=False),
        "reports": Report.objects.filter(by=user),
        "papers_asked": PaperCall.objects.filter(person=user),
        "papers_handed_in": PaperVersion.objects.filter(author=user),
        "kept_at_places": HandOut.objects.filter(person=user),
        "offers": SupplierLead.objects.filter(contact__user=user),
        "messages": Message.objects.filter(recipient=user),
        "differences": DifferenceCase.objects.filter(contact__user=user),
        "thanks": ThanksNote.objects.filter(contact__user=user),
        "letters_of_thanks": SentLetter.objects.filter(contact__user=user),
        "places": Contact.objects.filter(user=user),
        "stands_in_for": Contact.objects.filter(deputies__user=user).distinct(),
        "interests": Interest.objects.filter(person=user),
        "roles": Membership.objects.filter(user=user),
        "invitations": Invitation.objects.filter(user=user),
        "corrections": Correction.objects.filter(author=user),
        "mail_choices": NoticeChoice.objects.filter(user=user),
        "board_views": BoardView.objects.filter(user=user),
        "notices": InAppNotice.objects.filter(recipient=user),
        "links": Link.objects.filter(user=user),
        "comments": Comment.objects.filter(by=user),
        "files": File.objects.filter(by=user),
        "journal": Entry.objects.filter(by=user),
    }
