"""Notices about shipments, customs and received goods: who is notified of which event, and how."""

from django.utils.translation import gettext_lazy as _

from procurement.customs.models import CustomsClearance
from procurement.notifications import audiences
from procurement.notifications.audiences import (
    customs_staff,
    document_request_author,
    lot_staff,
    officers_and_broker,
    people_owing_documents,
    receiving_staff,
    responsible_officer_of_lead,
    task_assignee,
)
from procurement.notifications.conditions.goods import (
    DISCREPANCY_ENDING_VERBS,
    are_all_discrepancies_settled,
    are_lots_of_shipment_safe,
    are_lots_of_thanked_order_safe,
    has_discrepancy,
    has_documents,
    has_missing_documents,
    has_no_other_hold,
    has_open_discrepancy,
    is_any_order_not_lost,
    is_awaiting_documents,
    is_document_still_needed,
    is_first_discrepancy_of_donation,
    is_first_discrepancy_of_purchase,
    is_first_released_lot,
    is_for_city,
    is_for_sender,
    is_last_reminder_for_sender,
    is_last_settlement_of_message,
    is_still_assigned_broker,
    were_documents_received_otherwise,
)
from procurement.notifications.conditions.inquiries import is_third_reminder
from procurement.notifications.notices import (
    NotificationRule,
    answer_link,
    contact_message,
    immediate_message,
    no_link,
    portal_page_link,
    staff_notice,
    submission_link,
)
from procurement.receiving.models import Discrepancy
from procurement.shipments.models import Shipment

ALL_DISCREPANCY_STATUSES = tuple(Discrepancy.Status)  # one message covers several discrepancies

SHIPMENT_NOTICES: dict[tuple[str, str], tuple[NotificationRule, ...]] = {
    ("procurement.shipment", "assign_broker"): (
        staff_notice(
            audiences.customs_broker,
            _("A shipment to clear"),
            _(
                "%(city)s asks you to clear %(thing)s through customs. The page shows which "
                "documents are on file and which are missing."
            ),
            *Shipment.UNDER_WAY_STATUSES,
            valid_if=is_still_assigned_broker,
        ),
    ),
    ("procurement.shipment", "depart"): (
        contact_message(audiences.asked_contact, "goods_departed", "in_transit", link=portal_page_link),
    ),
    ("procurement.shipment", "arrive"): (
        staff_notice(
            audiences.logistics_staff,
            _("Arrived in destination country"),
            _("%(thing)s has arrived. The next step is customs clearance."),
            "arrived",
        ),
    ),
    ("procurement.shipment", "deliver"): (
        contact_message(audiences.asked_contact, "goods_delivered", "delivered", link=portal_page_link),
    ),
    ("procurement.thankyoumessage", "send"): (
        contact_message(
            audiences.asked_contact,
            "thank_you_message",
            "sent",
            link=portal_page_link,
            valid_if=are_lots_of_thanked_order_safe,
        ),
    ),
    ("procurement.reliefclaim", "remind"): (
        staff_notice(
            receiving_staff,
            _("Proof of end use is due for a relief claim"),
            _("%(thing)s: before the deadline, prove where the goods went. Otherwise the duty must be paid."),
            "proof_due",
        ),
    ),
    ("procurement.shipment", "cancel"): (
        staff_notice(
            audiences.customs_broker,
            _("A shipment was cancelled"),
            _("%(city)s cancelled %(thing)s. No clearance is needed."),
            "cancelled",
        ),
        contact_message(people_owing_documents, "documents_cancelled", "cancelled"),
    ),
    ("procurement.shipment", "write_off"): (
        contact_message(
            audiences.asked_contact,
            "goods_lost",
            "lost",
            link=portal_page_link,
            send_if=is_any_order_not_lost,
        ),
        staff_notice(
            officers_and_broker,
            _("A shipment was lost"),
            _("%(thing)s has been written off as lost. %(reason)s"),
            "lost",
        ),
        contact_message(people_owing_documents, "documents_cancelled", "lost"),
    ),
    ("procurement.customshold", "hold"): (
        staff_notice(
            customs_staff,
            _("Held by customs"),
            _(
                "Customs is holding a shipment (%(thing)s). See what customs asks for. %(who)s wrote: "
                "%(held_for)s"
            ),
            "active",
        ),
    ),
    ("procurement.customshold", "end"): (
        staff_notice(
            customs_staff,
            _("A customs hold has ended"),
            _("Customs is no longer holding the shipment (%(thing)s). Reason for the hold: %(held_for)s"),
            "ended",
            valid_if=has_no_other_hold,
        ),
    ),
    ("procurement.customsdocument", "query"): (
        staff_notice(
            customs_staff,
            _("Customs has queried a document"),
            _("Customs has a question about %(thing)s. %(reason)s"),
            "queried",
        ),
    ),
    ("procurement.customsdocument", "refuse"): (
        staff_notice(
            customs_staff,
            _("Customs refused a document"),
            _("%(thing)s needs a new version. %(reason)s"),
            "refused",
        ),
    ),
    # --- submissions of documents by link -----------------------------------------------------------------------
    ("procurement.customsclearance", "notify_complete"): (
        staff_notice(
            audiences.customs_broker,
            _("All documents received"),
            _("All documents for %(thing)s are on file: %(papers)s. You can open them on the page."),
            *CustomsClearance.Status.open,
        ),
    ),
    ("procurement.documentrequest", "request"): (
        contact_message(
            task_assignee, "documents_requested", "open", link=answer_link, valid_if=has_missing_documents
        ),
    ),
    ("procurement.documentrequest", "remind"): (
        contact_message(
            task_assignee, "documents_reminder", "open", link=answer_link, valid_if=is_awaiting_documents
        ),
        staff_notice(
            audiences.responsible_officer,
            _("No reply to three document reminders"),
            _(
                "%(thing)s: the documents requested have not been submitted. Phone the "
                "person you asked, or ask someone else."
            ),
            "open",
            send_if=is_third_reminder,
        ),
    ),
    ("procurement.documentrequest", "finish"): (
        contact_message(
            task_assignee, "documents_done", "completed", send_if=were_documents_received_otherwise
        ),
    ),
    ("procurement.documentrequest", "reopen"): (
        contact_message(
            task_assignee, "documents_needed", "open", link=answer_link, valid_if=has_missing_documents
        ),
    ),
    ("procurement.documentrequest", "notify_complete"): (
        contact_message(
            task_assignee,
            "documents_complete",
            "open",
            "completed",
            link=answer_link,
            valid_if=has_documents,
        ),
    ),
    ("procurement.documentrequest", "cancel"): (
        contact_message(task_assignee, "documents_not_needed", "cancelled"),
    ),
    ("procurement.documentrequest", "report_unavailable"): (
        staff_notice(
            audiences.responsible_officer,
            _("A document is not available"),
            _("%(who)s cannot provide a requested document (%(thing)s). %(reason)s"),
            "open",
            "completed",
        ),
    ),
    ("procurement.documentsubmission", "submit"): (
        staff_notice(
            document_request_author,
            _("A document was submitted"),
            _("%(who)s submitted %(thing)s. Accept it, or return it with a reason."),
            "received",
        ),
    ),
    ("procurement.documentsubmission", "accept"): (
        contact_message(
            audiences.document_submitter, "submission_accepted", "accepted", link=submission_link
        ),
    ),
    ("procurement.documentsubmission", "return"): (
        contact_message(
            audiences.document_submitter,
            "submission_returned",
            "returned",
            link=submission_link,
            valid_if=is_document_still_needed,
        ),
    ),
    ("procurement.goodsreceipt", "record"): (
        staff_notice(
            audiences.officers,
            _("Discrepancy on receipt"),
            _(
                "A discrepancy was found when %(thing)s was received. The page shows what "
                "was rejected, missing or surplus."
            ),
            "recorded",
            send_if=has_discrepancy,
        ),
    ),
    ("procurement.discrepancy", "open"): (
        contact_message(
            audiences.asked_contact,
            "discrepancies_found",
            *ALL_DISCREPANCY_STATUSES,
            link=answer_link,
            send_if=is_first_discrepancy_of_purchase,
            valid_if=has_open_discrepancy,
        ),
        contact_message(
            audiences.asked_contact,
            "donation_discrepancies",
            *ALL_DISCREPANCY_STATUSES,
            link=portal_page_link,
            send_if=is_first_discrepancy_of_donation,
            valid_if=has_open_discrepancy,
        ),
    ),
    ("procurement.discrepancy", "remind"): (
        contact_message(
            audiences.asked_contact,
            "discrepancies_reminder",
            "open",
            link=answer_link,
            send_if=is_for_sender,
        ),
        staff_notice(
            audiences.settlers_to_remind,
            _("No reply about a discrepancy"),
            _("The sender has not replied about %(thing)s. Phone the sender, or settle the discrepancy."),
            "open",
            send_if=is_last_reminder_for_sender,
        ),
        staff_notice(
            audiences.settlers_to_remind,
            _("A discrepancy is waiting to be settled"),
            _("%(thing)s is still open. Settle the discrepancy."),
            *Discrepancy.Status.open,
            send_if=is_for_city,
        ),
    ),
    ("procurement.discrepancy", "answer"): (
        staff_notice(
            responsible_officer_of_lead,
            _("The sender has replied"),
            _("%(contact)s has replied about %(thing)s. Read the reply and settle the discrepancy."),
            "answered",
        ),
    ),
    **{
        ("procurement.discrepancy", verb): (
            contact_message(
                audiences.asked_contact,
                "discrepancies_settled",
                link=portal_page_link,
                send_if=is_last_settlement_of_message,
                valid_if=are_all_discrepancies_settled,
            ),
        )
        for verb in DISCREPANCY_ENDING_VERBS
    },
    ("procurement.lot", "release"): (
        contact_message(
            audiences.asked_contact,
            "goods_released",
            "released",
            link=portal_page_link,
            send_if=is_first_released_lot,
            valid_if=are_lots_of_shipment_safe,
        ),
    ),
    ("procurement.lot", "refuse"): (
        staff_notice(
            lot_staff, _("A lot was rejected"), _("%(thing)s must not be used. %(reason)s"), "rejected"
        ),
    ),
    ("procurement.lot", "recall"): (
        staff_notice(
            lot_staff,
            _("A lot was recalled"),
            _("Remove %(thing)s from every ward now. %(reason)s"),
            "recalled",
            receipt=True,
        ),
    ),
    ("procurement.distribution", "send_recall_notice"): (
        immediate_message(task_assignee, "lot_recalled", "distributed", link=no_link),
    ),
    ("procurement.lot", "warn"): (
        staff_notice(
            lot_staff,
            _("The same lot was recalled elsewhere"),
            _(
                "A lot with the same number from the same supplier was recalled. Keep %(thing)s "
                "out of use until you have inspected it again."
            ),
            "quarantined",
            "released",
            "released_conditionally",
        ),
    ),
}
