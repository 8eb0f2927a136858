"""Notices about allocations, orders, audit files and allocation plans: who is notified of which event, and how."""

from django.utils.translation import gettext_lazy as _

from procurement.notifications import audiences
from procurement.notifications.conditions.general import was_contact_notified
from procurement.notifications.conditions.goods import (
    are_lots_of_order_safe,
    has_goods_to_ship,
    has_no_link_holder,
    is_answer_waiting,
    is_awaiting_goods,
    is_contact_told_of_hold,
    is_donation,
    is_order_of_payment_free,
    is_order_on_hold,
    is_resumed_order,
    is_unconfirmed,
    is_waiting_for_decision,
    is_waiting_for_supplier,
    was_contact_mailed_about_hold,
    was_contact_not_thanked,
    was_offered_for_other_need,
)
from procurement.notifications.notices import (
    NotificationRule,
    answer_link,
    contact_message,
    portal_page_link,
    staff_notice,
)
from procurement.orders.payments.models import Payment

ALLOCATED_STATUSES = ("confirmed", "ordered", "fulfilled")
BINDING_STATUSES = ("confirmed", "accepted", "ready_to_ship")
PURCHASE_STATUSES = ("placed", "confirmed", "ready_to_ship", "completed", "thanked")

LINK_NOT_SENT_NOTICE = staff_notice(
    audiences.responsible_officer,
    _("A link to a purchase order could not be sent"),
    _(
        "No address is known for the supplier of %(order)s. Copy the link on the order’s page and deliver it to the "
        "supplier."
    ),
    "requested",
    send_if=has_no_link_holder,
    valid_if=is_waiting_for_supplier,
)
SENT_ORDER_NOTICES = (
    contact_message(
        audiences.order_link_holder,
        "purchase_order_sent",
        "requested",
        link=answer_link,
        valid_if=is_waiting_for_supplier,
    ),
    LINK_NOT_SENT_NOTICE,
)

ORDER_NOTICES: dict[tuple[str, str], tuple[NotificationRule, ...]] = {
    ("procurement.allocation", "confirm"): (
        staff_notice(
            audiences.people_responsible_for_both_needs,
            _("Goods offered for one need were allocated to another"),
            _(
                "%(who)s allocated goods to %(receiving_need)s that were offered for %(offered_for)s: %(pieces)s. "
                "%(reason)s"
            ),
            *ALLOCATED_STATUSES,
            send_if=was_offered_for_other_need,
        ),
    ),
    ("procurement.orderacknowledgement", "request"): SENT_ORDER_NOTICES,
    ("procurement.orderacknowledgement", "send_again"): SENT_ORDER_NOTICES,
    ("procurement.orderacknowledgement", "confirm"): (
        staff_notice(
            audiences.responsible_officer,
            _("A supplier confirmed an order"),
            _(
                "%(who)s confirmed %(order)s by link. Its page shows the delivery date and the supplier’s number."
            ),
            "confirmed",
        ),
    ),
    ("procurement.orderacknowledgement", "propose"): (
        staff_notice(
            audiences.responsible_officer,
            _("A supplier proposes other terms"),
            _(
                "%(who)s proposes other terms for %(order)s. Accept or refuse the proposal. An account named "
                "in it does not count. %(reason)s"
            ),
            "proposed",
            valid_if=is_waiting_for_supplier,
        ),
    ),
    ("procurement.orderacknowledgement", "decline"): (
        staff_notice(
            audiences.responsible_officer,
            _("A supplier declined an order"),
            _(
                "%(who)s declined %(order)s. Cancel the order, or refuse the answer and ask the supplier again. An account "
                "named in it does not count. %(reason)s"
            ),
            "declined",
            valid_if=is_waiting_for_supplier,
        ),
    ),
    ("procurement.orderacknowledgement", "accept"): (
        contact_message(audiences.order_link_holder, "proposal_accepted", "confirmed"),
        staff_notice(
            audiences.responsible_officer,
            _("A supplier could not be told that its date was accepted"),
            _(
                "No address is known for the supplier of %(order)s. Tell the supplier that its date was accepted."
            ),
            "confirmed",
            send_if=has_no_link_holder,
        ),
    ),
    ("procurement.orderacknowledgement", "refuse"): (
        contact_message(
            audiences.order_link_holder,
            "proposal_refused",
            "requested",
            link=answer_link,
            valid_if=is_waiting_for_supplier,
        ),
        LINK_NOT_SENT_NOTICE,
    ),
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
        contact_message(audiences.asked_contact, "order_placed", *PURCHASE_STATUSES, link=portal_page_link),
    ),
    ("procurement.order", "remind"): (
        staff_notice(
            audiences.approvers_to_remind,
            _("An order or donation is still waiting for a decision"),
            _("%(thing)s cannot go ahead until an approver decides."),
            "awaiting_approval",
            "offered",
            send_if=is_waiting_for_decision,
        ),
        staff_notice(
            audiences.officers_to_remind,
            _("A supplier has not confirmed an order"),
            _(
                "Contact the supplier of %(thing)s, then record the supplier’s confirmation and the promised "
                "date."
            ),
            "placed",
            send_if=is_unconfirmed,
        ),
        staff_notice(
            audiences.officers_to_remind,
            _("A supplier’s answer is waiting for your decision"),
            _("The supplier of %(thing)s has proposed other terms or declined. Decide on the answer."),
            "placed",
            send_if=is_answer_waiting,
        ),
        staff_notice(
            audiences.officers_to_remind,
            _("Ordered goods are due"),
            _(
                "Some goods from %(thing)s have not been shipped yet. Ask the supplier "
                "whether they can still meet the promised date."
            ),
            *BINDING_STATUSES,
            send_if=is_awaiting_goods,
            valid_if=has_goods_to_ship,
        ),
    ),
    ("procurement.payment", "remind"): (
        staff_notice(
            audiences.payers_to_remind,
            _("A payment is due"),
            _("%(thing)s is due. Propose the payment, or record it if a colleague has already proposed it."),
            *Payment.Status.open,
            valid_if=is_order_of_payment_free,
        ),
    ),
    ("procurement.order", "accept"): (
        contact_message(
            audiences.asked_contact, "donation_accepted", "accepted", "ready_to_ship", link=portal_page_link
        ),
    ),
    ("procurement.order", "decline"): (
        contact_message(audiences.asked_contact, "donation_declined", "declined", link=portal_page_link),
    ),
    ("procurement.order", "thank"): (
        contact_message(
            audiences.asked_contact,
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
                "Everything in %(thing)s has been settled. Thank the donor, then record "
                "your thanks on the donation’s page."
            ),
            "completed",
            send_if=is_donation,
        ),
    ),
    ("procurement.order", "cancel"): (
        contact_message(
            audiences.asked_contact,
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
            _(
                "%(who)s put %(thing)s on hold. Nothing can be ordered, paid or shipped "
                "until the hold ends. %(reason)s"
            ),
            valid_if=is_order_on_hold,
        ),
        contact_message(
            audiences.asked_contact,
            "order_held",
            link=portal_page_link,
            send_if=is_contact_told_of_hold,
            valid_if=is_order_on_hold,
        ),
    ),
    ("procurement.order", "resume"): (
        staff_notice(
            audiences.order_handlers,
            _("The hold on an order or donation has ended"),
            _("%(thing)s is no longer on hold. %(reason)s"),
            valid_if=is_resumed_order,
        ),
        contact_message(
            audiences.asked_contact,
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
            audiences.asked_contact, "order_lost", "lost", link=portal_page_link, send_if=was_contact_notified
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
            audiences.allocation_plan_author,
            _("The allocation plan is ready"),
            _("You can now compare, change and accept the proposals in the plan: %(thing)s."),
            "ready",
        ),
    ),
    ("procurement.allocationplan", "fail"): (
        staff_notice(
            audiences.allocation_plan_author,
            _("The allocation plan could not be calculated"),
            _("%(thing)s could not be calculated. Contact your Twinlane administrator, then try again."),
            "failed",
        ),
    ),
}
