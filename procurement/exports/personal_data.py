"""Export of all procurement data about a person, for the hook `personal_data` of partners. Reads only."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import ActionLink, NotificationPreference, User
from partners.contacts.models import Contact
from partners.corrections.models import Correction
from partners.memberships.models import Invitation, Membership
from partners.saved_views.models import SavedView
from partners.todo_marks.models import TodoMark
from procurement.distribution.models import Distribution
from procurement.documents.models.requests import DocumentRequest, DocumentSubmission
from procurement.leads.models.leads import SupplierLead
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.models.letters import SentLetter
from procurement.receiving.models import Discrepancy
from procurement.suppliers.models.statuses import InterestDeclaration
from procurement.thanks.models import ThankYouMessage
from procurement.verification.models import CheckReport, VerificationTask
from workflow.comments_and_files.models import Comment
from workflow.journal.models import Entry
from workflow.outbox.models import Message, Notification
from workflow.uploads.models import File

COLUMNS_BY_SECTION: dict[str, str] = {
    "questions": "reference city__name_en status subject body subject_own body_own reasons remark phone_respondent "
    "question sent_at due_at reminder_count answered_at",
    "checks": "reference city__name_en supplier__name_en check_kind status reasons remark due_at",
    "reports": "task__reference answers method place seen_on confidence summary at",
    "documents_requested": "reference city__name_en shipment__reference role status note due_on created_at",
    "orders_to_confirm": "reference city__name_en order__reference status name email answered_by_name answered_at",
    "document_submissions": "document__reference number status document_number remark answer created_at",
    "kept_at_places": "lot__number city__name_en name email quantity distributed_on status",
    "offers": "reference city__name_en supplier__name_en product__code status remark created_at",
    "messages": "address subject body state sent_at result",
    "differences": "reference city__name_en kind pieces reason status answer answered_at",
    "consents_given": "reference city__name_en through_city__name_en status ends_on reports_each_use created_at",
    "thanks": "city__name_en thanked_for subject body",
    "letters_of_thanks": "entry__reference words sent_at",
    "places": "organization__name_en city__name_en title status consent_at away_until task_limit created_at",
    "substitutes_for": "organization__name_en user__name",
    "interests": "supplier__name_en words status",
    "roles": "role city__name_en status created_at",
    "invitations": "email role city__name_en status expires_at accepted_at",
    "corrections": "reference fact value previous_value source_url why status decided_at answer",
    "mail_choices": "kind delivery",
    "saved_views": "listed name query",
    "today_marks": "kind until note at",
    "notices": "kind at read_at",
    "links": "purpose created_at expires_at revoked_at seen_at used_at uses",
    "comments": "text at",
    "files": "name kind size kept_sha256 uploaded_sha256",
    "journal": "thing_label reference verb reason at",
}


def export_personal_data(user: User) -> dict[str, list[dict[str, Any]]]:
    """Return all stored data about a person, as JSON values by section. Times are in UTC.

    Covers what the person was asked, answered, offered and reported, their entries as a contact, their declared
    interests, the messages sent to them, and their journal entries. Leaves out why an officer chose them and not another
    contact: that note belongs to the city and names other people.
    """
    rows = personal_rows(user)
    return {
        name: list(rows[name].order_by("pk").values(*columns.split()))
        for name, columns in COLUMNS_BY_SECTION.items()
    }


def personal_rows(user: User) -> dict[str, QuerySet[Any]]:
    """Return the rows behind each section of the export."""
    return {
        "questions": Inquiry.objects.filter(contact__user=user, sent_at__isnull=False),
        "checks": VerificationTask.objects.filter(contact__user=user, offered_at__isnull=False),
        "reports": CheckReport.objects.filter(by=user),
        "documents_requested": DocumentRequest.objects.filter(person=user),
        "orders_to_confirm": OrderAcknowledgement.objects.filter(person=user),
        "document_submissions": DocumentSubmission.objects.filter(author=user),
        "kept_at_places": Distribution.objects.filter(person=user),
        "offers": SupplierLead.objects.filter(contact__user=user),
        "messages": Message.objects.filter(recipient=user),
        "differences": Discrepancy.objects.filter(contact__user=user),
        "consents_given": IntroductionConsent.objects.filter(given_by=user),
        "thanks": ThankYouMessage.objects.filter(contact__user=user),
        "letters_of_thanks": SentLetter.objects.filter(contact__user=user),
        "places": Contact.objects.filter(user=user),
        "substitutes_for": Contact.objects.filter(deputies__user=user).distinct(),
        "interests": InterestDeclaration.objects.filter(person=user),
        "roles": Membership.objects.filter(user=user),
        "invitations": Invitation.objects.filter(user=user),
        "corrections": Correction.objects.filter(author=user),
        "mail_choices": NotificationPreference.objects.filter(user=user),
        "saved_views": SavedView.objects.filter(user=user),
        "today_marks": TodoMark.objects.filter(user=user),
        "notices": Notification.objects.filter(recipient=user),
        "links": ActionLink.objects.filter(user=user),
        "comments": Comment.objects.filter(by=user),
        "files": File.objects.filter(by=user),
        "journal": Entry.objects.filter(by=user),
    }
