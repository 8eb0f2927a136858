"""Rows of the notification table about orders, shipments, customs and received goods."""

from django.utils.translation import gettext_lazy as _

from procurement.customs.models import CustomsClearance
from procurement.notifications import audiences
from procurement.notifications.audiences import (
    customs_clearers,
    dock_staff,
    document_submitters,
    keeper_of_lead,
    keepers_of_lot,
    officers_and_broker,
    request_author,
    responsible_person,
)
from procurement.notifications.conditions import (
    DISCREPANCY_ENDS,
    had_open_documents,
    has_continuing_order,
    has_discrepancy,
    has_documents,
    has_missing_documents,
    has_remaining_difference,
    is_awaiting_documents,
    is_donation,
    is_everything_settled,
    is_first_of_donation,
    is_first_of_purchase,
    is_first_release,
    is_last_settled,
    is_lot_safe,
    is_needed_again,
    is_no_longer_held,
    is_not_thanked_yet,
    is_order_of_note_safe,
    is_order_safe,
    is_their_broker,
    is_third_reminder,
    was_reached,
)
from procurement.notifications.notices import (
    Notice,
    answer_link,
    contact_message,
    immediate_message,
    no_link,
    own_page_link,
    staff_notice,
    submission_link,
)
from procurement.receiving.models import Discrepancy
from procurement.shipments.models import Shipment

BOUGHT = ("placed", "confirmed", "ready_to_ship", "completed", "thanked")
ANY_DISCREPANCY = tuple(Discrepancy.Status)  # one message covers several discrepancies

ABOUT_GOODS: dict[tuple[str, str], tuple[Notice, ...]] = {
    # --- orders and donations -----------------------------------------------------------------------------------
    ("procurement.order", "submit"): (
        staff_notice(
            audiences.approvers,
            _("An order waits for your decision"),
            _("%(who)s asks you to approve %(thing)s. The page shows what it rests on."),
            "awaiting_approval",
        ),
    ),
    ("procurement.order", "approve"): (
        staff_notice(
            audiences.keeper, _("Approved"), _("%(thing)s is approved and can be placed."), "approved"
        ),
    ),
    ("procurement.order", "place"): (
        contact_message(audiences.contact, "order_placed", *BOUGHT, link=own_page_link),
    ),
    ("procurement.order", "accept"): (
        contact_message(
            audiences.contact, "donation_accepted", "accepted", "ready_to_ship", link=own_page_link
        ),
    ),
    ("procurement.order", "decline"): (
        contact_message(audiences.contact, "donation_declined", "declined", link=own_page_link),
    ),
    ("procurement.order", "thank"): (
        contact_message(
            audiences.contact,
            "donation_thanks",
            "thanked",
            link=own_page_link,
            holds=is_not_thanked_yet,
            still=is_order_safe,
        ),
    ),
    ("procurement.order", "complete"): (
        staff_notice(
            audiences.keeper,
            _("A gift is complete"),
            _("Every piece of %(thing)s is settled. Thank the giver, and say on its page that you did."),
            "completed",
            holds=is_donation,
        ),
    ),
    ("procurement.order", "cancel"): (
        contact_message(
            audiences.contact, "order_cancelled", "cancelled", link=own_page_link, holds=was_reached
        ),
        staff_notice(
            audiences.keeper, _("An order is cancelled"), _("%(who)s cancelled %(thing)s."), "cancelled"
        ),
    ),
    ("procurement.order", "override"): (
        staff_notice(
            audiences.keeper,
            _("What stood in the way is decided"),
            _("%(who)s decided to order in spite of it: %(thing)s. %(reason)s"),
            "draft",
            "awaiting_approval",
            "approved",
            "offered",
        ),
    ),
    ("procurement.order", "return"): (
        staff_notice(audiences.keeper, _("Returned"), _("%(thing)s came back: %(reason)s"), "draft"),
    ),
    ("procurement.order", "write_off"): (
        contact_message(audiences.contact, "order_lost", "lost", link=own_page_link, holds=was_reached),
        staff_notice(
            audiences.officers,
            _("An order is lost"),
            _("%(thing)s will not arrive. What it covered is open again. %(reason)s"),
            "lost",
        ),
    ),
    ("procurement.auditfile", "finish"): (
        staff_notice(
            audiences.asker,
            _("The papers are ready"),
            _("The papers of an order are in one file: %(thing)s."),
            "ready",
        ),
    ),
    ("procurement.auditfile", "fail"): (
        staff_notice(
            audiences.asker,
            _("The papers were not put together"),
            _("%(thing)s could not be made. Its page says why."),
            "failed",
        ),
    ),
    # --- shipments ----------------------------------------------------------------------------------------------
    ("procurement.shipment", "assign_broker"): (
        staff_notice(
            audiences.broker,
            _("Papers to clear"),
            _(
                "%(city)s asks you to clear %(thing)s. The page shows which papers are there and which are missing."
            ),
            *Shipment.UNDER_WAY,
            still=is_their_broker,
        ),
    ),
    ("procurement.shipment", "depart"): (
        contact_message(audiences.contact, "goods_departed", "in_transit", link=own_page_link),
    ),
    ("procurement.shipment", "arrive"): (
        staff_notice(
            audiences.logistics,
            _("Arrived in the country"),
            _("%(thing)s has arrived. Customs comes next."),
            "arrived",
        ),
    ),
    ("procurement.shipment", "deliver"): (
        contact_message(audiences.contact, "goods_delivered", "delivered", link=own_page_link),
    ),
    ("procurement.thankyoumessage", "send"): (
        contact_message(
            audiences.contact, "pack_thanks", "sent", link=own_page_link, still=is_order_of_note_safe
        ),
    ),
    ("procurement.reliefclaim", "remind"): (
        staff_notice(
            dock_staff,
            _("The end use of relieved goods has to be shown"),
            _(
                "%(thing)s: show where the goods went before the deadline, or the duty has to be paid after all."
            ),
            "proof_due",
        ),
    ),
    ("procurement.shipment", "cancel"): (
        staff_notice(
            audiences.broker,
            _("A shipment is cancelled"),
            _("%(city)s cancelled %(thing)s. There is nothing to clear."),
            "cancelled",
        ),
        contact_message(document_submitters, "documents_cancelled", "cancelled"),
    ),
    ("procurement.shipment", "write_off"): (
        contact_message(
            audiences.contact, "goods_lost", "lost", link=own_page_link, holds=has_continuing_order
        ),
        staff_notice(
            officers_and_broker,
            _("A shipment is lost"),
            _("%(thing)s is given up as lost. %(reason)s"),
            "lost",
        ),
        contact_message(document_submitters, "documents_cancelled", "lost"),
    ),
    ("procurement.customshold", "hold"): (
        staff_notice(
            customs_clearers,
            _("Held by customs"),
            _("Customs holds a shipment (%(thing)s). See what it asks. As written by %(who)s: %(held_for)s"),
            "active",
        ),
    ),
    ("procurement.customshold", "end"): (
        staff_notice(
            customs_clearers,
            _("The hold has ended"),
            _("Customs no longer holds the shipment (%(thing)s). It was held for this: %(held_for)s"),
            "ended",
            still=is_no_longer_held,
        ),
    ),
    ("procurement.customsdocument", "query"): (
        staff_notice(
            customs_clearers,
            _("Customs asks about a paper"),
            _("%(thing)s was queried. %(reason)s"),
            "queried",
        ),
    ),
    ("procurement.customsdocument", "refuse"): (
        staff_notice(
            customs_clearers,
            _("Customs refused a paper"),
            _("%(thing)s needs a new version. %(reason)s"),
            "refused",
        ),
    ),
    # --- submissions of documents by link -----------------------------------------------------------------------
    ("procurement.customsclearance", "notify_complete"): (
        staff_notice(
            audiences.broker,
            _("All papers are there"),
            _("The papers for %(thing)s are all in hand: %(papers)s. The page shows them with their files."),
            *CustomsClearance.Status.open,
        ),
    ),
    ("procurement.documentrequest", "request"): (
        contact_message(
            responsible_person, "documents_requested", "open", link=answer_link, still=has_missing_documents
        ),
    ),
    ("procurement.documentrequest", "remind"): (
        contact_message(
            responsible_person, "documents_reminder", "open", link=answer_link, still=is_awaiting_documents
        ),
        staff_notice(
            audiences.keeper,
            _("Three reminders for papers went unanswered"),
            _("%(thing)s: nobody handed in what was asked for. Phone them, or ask somebody else."),
            "open",
            holds=is_third_reminder,
        ),
    ),
    ("procurement.documentrequest", "finish"): (
        contact_message(responsible_person, "documents_done", "completed", holds=had_open_documents),
    ),
    ("procurement.documentrequest", "reopen"): (
        contact_message(
            responsible_person, "documents_needed", "open", link=answer_link, still=has_missing_documents
        ),
    ),
    ("procurement.documentrequest", "notify_complete"): (
        contact_message(
            responsible_person,
            "documents_complete",
            "open",
            "completed",
            link=answer_link,
            still=has_documents,
        ),
    ),
    ("procurement.documentrequest", "cancel"): (
        contact_message(responsible_person, "documents_no_more", "cancelled"),
    ),
    ("procurement.documentrequest", "report_unavailable"): (
        staff_notice(
            audiences.keeper,
            _("A paper cannot be had"),
            _("%(who)s cannot get a paper that was asked for (%(thing)s). %(reason)s"),
            "open",
            "completed",
        ),
    ),
    ("procurement.documentsubmission", "submit"): (
        staff_notice(
            request_author,
            _("A paper came in"),
            _("%(who)s handed in: %(thing)s. Take it, or give it back and say why."),
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
            still=is_needed_again,
        ),
    ),
    ("procurement.goodsreceipt", "record"): (
        staff_notice(
            audiences.officers,
            _("Not everything came as sent"),
            _(
                "Counting %(thing)s found a difference. The page shows what was rejected, missing or too many."
            ),
            "recorded",
            holds=has_discrepancy,
        ),
    ),
    ("procurement.discrepancy", "open"): (
        contact_message(
            audiences.contact,
            "goods_differ",
            *ANY_DISCREPANCY,
            link=answer_link,
            holds=is_first_of_purchase,
            still=has_remaining_difference,
        ),
        contact_message(
            audiences.contact,
            "goods_short",
            *ANY_DISCREPANCY,
            link=own_page_link,
            holds=is_first_of_donation,
            still=has_remaining_difference,
        ),
    ),
    ("procurement.discrepancy", "answer"): (
        staff_notice(
            keeper_of_lead,
            _("The sender answers"),
            _("%(contact)s says something about %(thing)s. Read it, and settle the case."),
            "answered",
        ),
    ),
    **{
        ("procurement.discrepancy", verb): (
            contact_message(
                audiences.contact,
                "goods_settled",
                link=own_page_link,
                holds=is_last_settled,
                still=is_everything_settled,
            ),
        )
        for verb in DISCREPANCY_ENDS
    },
    ("procurement.lot", "release"): (
        contact_message(
            audiences.contact,
            "goods_released",
            "released",
            link=own_page_link,
            holds=is_first_release,
            still=is_lot_safe,
        ),
    ),
    ("procurement.lot", "refuse"): (
        staff_notice(
            keepers_of_lot, _("A lot is refused"), _("%(thing)s may not be used. %(reason)s"), "rejected"
        ),
    ),
    ("procurement.lot", "recall"): (
        staff_notice(
            keepers_of_lot,
            _("A lot is recalled"),
            _("Take %(thing)s out of every ward now. %(reason)s"),
            "recalled",
            receipt=True,
        ),
    ),
    ("procurement.distribution", "send_recall_notice"): (
        immediate_message(responsible_person, "lot_recalled", "distributed", link=no_link),
    ),
    ("procurement.lot", "warn"): (
        staff_notice(
            keepers_of_lot,
            _("The same lot was recalled elsewhere"),
            _(
                "A lot of the same number by the same company was recalled. Keep %(thing)s back until you have looked at it again."
            ),
            "quarantined",
            "released",
            "released_conditionally",
        ),
    ),
}
