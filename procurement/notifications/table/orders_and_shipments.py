"""Rows of the notification table about orders, shipments, customs and received goods."""

from django.utils.translation import gettext_lazy as _

from procurement.customs.models import CustomsClearance
from procurement.notifications import audiences
from procurement.notifications.audiences import (
    customs_staff,
    lot_staff,
    officers_and_broker,
    people_owing_documents,
    person_with_task,
    receiving_staff,
    request_author,
    responsible_officer_of_lead,
)
from procurement.notifications.conditions.general import was_contact_notified
from procurement.notifications.conditions.goods import (
    DISCREPANCY_ENDS,
    are_all_discrepancies_settled,
    are_lots_of_order_safe,
    are_lots_of_shipment_safe,
    are_lots_of_thanked_order_safe,
    has_discrepancy,
    has_documents,
    has_goods_to_ship,
    has_missing_documents,
    has_no_other_hold,
    has_open_discrepancy,
    has_order_not_lost,
    is_awaiting_documents,
    is_contact_told_of_hold,
    is_document_still_needed,
    is_donation,
    is_first_discrepancy_of_donation,
    is_first_discrepancy_of_purchase,
    is_first_released_lot,
    is_held,
    is_last_settlement_of_letter,
    is_resumed_order,
    is_still_assigned_broker,
    was_contact_mailed_about_hold,
    was_contact_not_thanked,
    were_documents_received_otherwise,
)
from procurement.notifications.conditions.inquiries import is_third_reminder
from procurement.notifications.notices import (
    Notice,
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

BINDING_STATUSES = ("confirmed", "accepted", "ready_to_ship")
PURCHASE_STATUSES = ("placed", "confirmed", "ready_to_ship", "completed", "thanked")
ANY_DISCREPANCY_STATUS = tuple(Discrepancy.Status)  # one message covers several discrepancies

GOODS_NOTICES: dict[tuple[str, str], tuple[Notice, ...]] = {
    # --- orders and donations -----------------------------------------------------------------------------------
    ("procurement.order", "submit"): (
        staff_notice(
            audiences.approvers,
            _("An order or donation is waiting for your decision"),
            _("%(who)s asks you to approve %(thing)s. Its page shows the basis for the decision."),
            "awaiting_approval",
        ),
    ),
    ("procurement.order", "approve"): (
        staff_notice(
            audiences.responsible_officer,
            _("An order was approved"),
            _("%(thing)s has been approved and can be placed."),
            "approved",
        ),
    ),
    ("procurement.order", "place"): (
        contact_message(audiences.contact, "order_placed", *PURCHASE_STATUSES, link=portal_page_link),
    ),
    ("procurement.order", "remind"): (
        staff_notice(
            audiences.approvers_to_remind,
            _("An order or donation is still waiting for a decision"),
            _("%(thing)s cannot go ahead until an approver decides."),
            "awaiting_approval",
            "offered",
        ),
        staff_notice(
            audiences.officers_to_remind,
            _("A supplier has not confirmed an order"),
            _("Ask the supplier of %(thing)s, and record their confirmation and the promised day."),
            "placed",
        ),
        staff_notice(
            audiences.officers_to_remind,
            _("Ordered goods are due"),
            _("Not all goods of %(thing)s have left. Ask the supplier whether the promised day holds."),
            *BINDING_STATUSES,
            valid_if=has_goods_to_ship,
        ),
    ),
    ("procurement.order", "accept"): (
        contact_message(
            audiences.contact, "donation_accepted", "accepted", "ready_to_ship", link=portal_page_link
        ),
    ),
    ("procurement.order", "decline"): (
        contact_message(audiences.contact, "donation_declined", "declined", link=portal_page_link),
    ),
    ("procurement.order", "thank"): (
        contact_message(
            audiences.contact,
            "donation_thanks",
            "thanked",
            link=portal_page_link,
            send_if=was_contact_not_thanked,
            valid_if=are_lots_of_order_safe,
        ),
    ),
    ("procurement.order", "complete"): (
        staff_notice(
            audiences.responsible_officer,
            _("A donation is complete"),
            _(
                "Everything in %(thing)s has been settled. Thank the donor and record this on the "
                "donation’s page."
            ),
            "completed",
            send_if=is_donation,
        ),
    ),
    ("procurement.order", "cancel"): (
        contact_message(
            audiences.contact,
            "order_cancelled",
            "cancelled",
            link=portal_page_link,
            send_if=was_contact_notified,
        ),
        staff_notice(
            audiences.responsible_officer,
            _("An order or donation was cancelled"),
            _("%(who)s cancelled %(thing)s."),
            "cancelled",
        ),
    ),
    ("procurement.order", "override"): (
        staff_notice(
            audiences.responsible_officer,
            _("A block on an order or donation was overridden"),
            _("%(who)s overrode the block on %(thing)s. %(reason)s"),
            "draft",
            "awaiting_approval",
            "approved",
            "offered",
        ),
    ),
    ("procurement.order", "hold"): (
        staff_notice(
            audiences.order_handlers,
            _("An order or donation is on hold"),
            _("%(who)s put %(thing)s on hold. Nothing is placed, paid or shipped until it ends. %(reason)s"),
            valid_if=is_held,
        ),
        contact_message(
            audiences.contact,
            "order_held",
            link=portal_page_link,
            send_if=is_contact_told_of_hold,
            valid_if=is_held,
        ),
    ),
    ("procurement.order", "resume"): (
        staff_notice(
            audiences.order_handlers,
            _("The hold of an order or donation has ended"),
            _("%(thing)s is no longer on hold. %(reason)s"),
            valid_if=is_resumed_order,
        ),
        contact_message(
            audiences.contact,
            "order_resumed",
            link=portal_page_link,
            send_if=was_contact_mailed_about_hold,
            valid_if=is_resumed_order,
        ),
    ),
    ("procurement.order", "return"): (
        staff_notice(
            audiences.responsible_officer,
            _("An order or donation was returned"),
            _("%(thing)s was returned: %(reason)s"),
            "draft",
        ),
    ),
    ("procurement.order", "write_off"): (
        contact_message(
            audiences.contact, "order_lost", "lost", link=portal_page_link, send_if=was_contact_notified
        ),
        staff_notice(
            audiences.officers,
            _("An order or donation was lost"),
            _("%(thing)s will not arrive. The need it covered is open again. %(reason)s"),
            "lost",
        ),
    ),
    ("procurement.auditfile", "finish"): (
        staff_notice(
            audiences.job_requester,
            _("The audit file is ready"),
            _("You can now download the audit file of an order: %(thing)s."),
            "ready",
        ),
    ),
    ("procurement.auditfile", "fail"): (
        staff_notice(
            audiences.job_requester,
            _("The audit file could not be created"),
            _("%(thing)s could not be created. Its page shows the reason."),
            "failed",
        ),
    ),
    ("procurement.allocationplan", "finish"): (
        staff_notice(
            audiences.planner,
            _("The allocation plan is ready"),
            _("You can now compare, change and accept what it proposes: %(thing)s."),
            "ready",
        ),
    ),
    ("procurement.allocationplan", "fail"): (
        staff_notice(
            audiences.planner,
            _("The allocation plan could not be calculated"),
            _("%(thing)s could not be calculated. Ask your Twinlane administrator, then try again."),
            "failed",
        ),
    ),
    # --- shipments ----------------------------------------------------------------------------------------------
    ("procurement.shipment", "assign_broker"): (
        staff_notice(
            audiences.broker,
            _("A shipment to clear"),
            _(
                "%(city)s asks you to clear %(thing)s through customs. The page shows which "
                "documents are on file and which are missing."
            ),
            *Shipment.UNDER_WAY,
            valid_if=is_still_assigned_broker,
        ),
    ),
    ("procurement.shipment", "depart"): (
        contact_message(audiences.contact, "goods_departed", "in_transit", link=portal_page_link),
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
        contact_message(audiences.contact, "goods_delivered", "delivered", link=portal_page_link),
    ),
    ("procurement.thankyoumessage", "send"): (
        contact_message(
            audiences.contact,
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
            audiences.broker,
            _("A shipment was cancelled"),
            _("%(city)s cancelled %(thing)s. No clearance is needed."),
            "cancelled",
        ),
        contact_message(people_owing_documents, "documents_cancelled", "cancelled"),
    ),
    ("procurement.shipment", "write_off"): (
        contact_message(
            audiences.contact, "goods_lost", "lost", link=portal_page_link, send_if=has_order_not_lost
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
            audiences.broker,
            _("All documents received"),
            _("All documents for %(thing)s are on file: %(papers)s. You can open them on the page."),
            *CustomsClearance.Status.open,
        ),
    ),
    ("procurement.documentrequest", "request"): (
        contact_message(
            person_with_task, "documents_requested", "open", link=answer_link, valid_if=has_missing_documents
        ),
    ),
    ("procurement.documentrequest", "remind"): (
        contact_message(
            person_with_task, "documents_reminder", "open", link=answer_link, valid_if=is_awaiting_documents
        ),
        staff_notice(
            audiences.responsible_officer,
            _("No reply to three document reminders"),
            _("%(thing)s: the documents requested have not been submitted. Phone them, or ask someone else."),
            "open",
            send_if=is_third_reminder,
        ),
    ),
    ("procurement.documentrequest", "finish"): (
        contact_message(
            person_with_task, "documents_done", "completed", send_if=were_documents_received_otherwise
        ),
    ),
    ("procurement.documentrequest", "reopen"): (
        contact_message(
            person_with_task, "documents_needed", "open", link=answer_link, valid_if=has_missing_documents
        ),
    ),
    ("procurement.documentrequest", "notify_complete"): (
        contact_message(
            person_with_task,
            "documents_complete",
            "open",
            "completed",
            link=answer_link,
            valid_if=has_documents,
        ),
    ),
    ("procurement.documentrequest", "cancel"): (
        contact_message(person_with_task, "documents_not_needed", "cancelled"),
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
            request_author,
            _("A document was submitted"),
            _("%(who)s submitted %(thing)s. Accept it, or return it with a reason."),
            "received",
        ),
    ),
    ("procurement.documentsubmission", "accept"): (
        contact_message(audiences.submitter, "submission_accepted", "accepted", link=submission_link),
    ),
    ("procurement.documentsubmission", "return"): (
        contact_message(
            audiences.submitter,
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
                "A discrepancy was found when receiving %(thing)s. The page shows what was "
                "rejected, missing or surplus."
            ),
            "recorded",
            send_if=has_discrepancy,
        ),
    ),
    ("procurement.discrepancy", "open"): (
        contact_message(
            audiences.contact,
            "discrepancies_found",
            *ANY_DISCREPANCY_STATUS,
            link=answer_link,
            send_if=is_first_discrepancy_of_purchase,
            valid_if=has_open_discrepancy,
        ),
        contact_message(
            audiences.contact,
            "donation_discrepancies",
            *ANY_DISCREPANCY_STATUS,
            link=portal_page_link,
            send_if=is_first_discrepancy_of_donation,
            valid_if=has_open_discrepancy,
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
                audiences.contact,
                "discrepancies_settled",
                link=portal_page_link,
                send_if=is_last_settlement_of_letter,
                valid_if=are_all_discrepancies_settled,
            ),
        )
        for verb in DISCREPANCY_ENDS
    },
    ("procurement.lot", "release"): (
        contact_message(
            audiences.contact,
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
        immediate_message(person_with_task, "lot_recalled", "distributed", link=no_link),
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
