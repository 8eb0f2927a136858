"""Notices about offers and checks: who is notified of which event, and how."""

from django.utils.translation import gettext_lazy as _

from procurement.notifications import audiences
from procurement.notifications.audiences import (
    responsible_officer_of_lead,
    staff_to_phone_about_offer,
)
from procurement.notifications.conditions.inquiries import (
    is_contact_still_asked,
)
from procurement.notifications.conditions.offers_and_checks import (
    asks_for_certificate,
    asks_for_check,
    is_another_contact_useful,
    is_awaiting_acceptance,
    is_blocking_finding,
    is_check_still_needed,
    is_end_date_unchanged,
    is_first_blocking_finding,
    is_first_reraised_finding,
    is_offer_live,
    is_offer_without_city,
    is_unsolicited,
    was_check_requested,
    was_entered_by_contact,
)
from procurement.notifications.notices import (
    NotificationRule,
    answer_link,
    contact_message,
    immediate_message,
    own_offer_link,
    phone_notice,
    portal_page_link,
    staff_notice,
)

PHONE_CONTACT_TEXT = _("%(contact)s has not replied to three reminders. Phone them.")
NO_MORE_REMINDERS_TEXT = _(
    "%(contact)s has already received three reminders about %(thing)s, so no more will be sent. Phone them."
)
OFFER_CORRECTED_TEXT = _("%(contact)s corrected %(thing)s. What changed: %(changes)s")
OPEN_OFFER_STATUSES = ("received", "under_review", "verified")
FORWARDED_TO_COLLEAGUE_TEXT = _("%(contact)s passed %(thing)s on to a colleague, who has now been asked.")

UNSOLICITED_OFFER_NOTICE = staff_notice(
    audiences.officers,
    _("An unsolicited offer"),
    _("%(contact)s sent an unsolicited offer: %(thing)s. Accept it for review, or decline it with thanks."),
    "received",
    send_if=is_unsolicited,
    valid_if=is_awaiting_acceptance,
)

OFFER_NOTICES: dict[tuple[str, str], tuple[NotificationRule, ...]] = {
    # --- offers -------------------------------------------------------------------------------------------------
    ("procurement.supplierlead", "offer"): (
        UNSOLICITED_OFFER_NOTICE,
        staff_notice(
            audiences.coordinators_of_item,
            _("An unsolicited offer has no city yet"),
            _(
                "%(contact)s sent an unsolicited offer (%(thing)s), but their city has no "
                "agreement in force. Pass the offer on to a city."
            ),
            "received",
            send_if=is_offer_without_city,
            valid_if=is_offer_without_city,
        ),
    ),
    ("procurement.supplierlead", "pass_on"): (UNSOLICITED_OFFER_NOTICE,),
    ("procurement.supplierlead", "accept"): (
        contact_message(
            audiences.asked_contact, "unsolicited_accepted", *OPEN_OFFER_STATUSES, link=portal_page_link
        ),
    ),
    ("procurement.supplierlead", "decline"): (
        contact_message(audiences.asked_contact, "lead_not_taken", "rejected", link=portal_page_link),
    ),
    ("procurement.supplierlead", "verify"): (
        contact_message(audiences.asked_contact, "lead_verified", "verified", link=portal_page_link),
    ),
    ("procurement.supplierlead", "reject"): (
        contact_message(audiences.asked_contact, "lead_not_taken", "rejected", link=portal_page_link),
    ),
    ("procurement.supplierlead", "reopen"): (
        staff_notice(
            audiences.responsible_officer,
            _("An offer needs another review"),
            _("%(thing)s is under review again. %(reason)s"),
            "under_review",
        ),
    ),
    ("procurement.supplierlead", "edit"): (
        staff_notice(
            audiences.responsible_officer,
            _("A contact corrected an offer"),
            OFFER_CORRECTED_TEXT,
            *OPEN_OFFER_STATUSES,
            send_if=was_entered_by_contact,
        ),
    ),
    ("procurement.supplierlead", "change"): (
        staff_notice(
            audiences.responsible_officer,
            _("A contact corrected an offer"),
            OFFER_CORRECTED_TEXT,
            *OPEN_OFFER_STATUSES,
            send_if=was_entered_by_contact,
        ),
    ),
    ("procurement.supplierlead", "withdraw"): (
        staff_notice(
            audiences.responsible_officer,
            _("A contact withdrew an offer"),
            _("%(contact)s withdrew %(thing)s: %(reason)s"),
            "withdrawn",
            send_if=was_entered_by_contact,
        ),
    ),
    ("procurement.supplierlead", "tell"): (
        staff_notice(
            audiences.responsible_officer,
            _("A contact reports a change to an offer"),
            _("%(contact)s about %(thing)s: %(reason)s"),
            *OPEN_OFFER_STATUSES,
        ),
    ),
    ("procurement.supplierlead", "ask_validity"): (
        contact_message(
            audiences.asked_contact,
            "offer_ends",
            *OPEN_OFFER_STATUSES,
            link=own_offer_link,
            valid_if=is_end_date_unchanged,
        ),
        staff_notice(
            audiences.responsible_officer,
            _("An offer expires soon"),
            _(
                "%(thing)s is valid until %(valid_until)s. Ask whether it will remain valid after that "
                "date and, if so, extend it."
            ),
            *OPEN_OFFER_STATUSES,
            valid_if=is_end_date_unchanged,
        ),
    ),
    ("procurement.supplierlead", "expire"): (
        staff_notice(
            audiences.responsible_officer,
            _("An offer has expired"),
            _("%(thing)s has passed its expiry date. Ask whether the offer is still valid."),
            "expired",
        ),
    ),
    ("procurement.finding", "find"): (
        NotificationRule(
            audience=responsible_officer_of_lead,
            subject=_("A finding blocks an offer"),
            body=_("%(offer)s, %(supplier)s: %(finding)s %(lifts)s"),
            valid_statuses=frozenset({"open"}),
            valid_if=is_offer_live,
            send_if=is_blocking_finding,
            mail_if=is_first_blocking_finding,
            mail_covers_group=True,
        ),
    ),
    ("procurement.finding", "remind"): (
        staff_notice(
            audiences.answerers_to_remind,
            _("A finding still blocks an offer"),
            _("%(offer)s, %(supplier)s: %(finding)s %(lifts)s"),
            "open",
            valid_if=is_offer_live,
        ),
    ),
    ("procurement.finding", "raise_again"): (
        NotificationRule(
            audience=responsible_officer_of_lead,
            subject=_("A finding blocks an offer again"),
            body=_(
                "%(offer)s, %(supplier)s: %(finding)s This was found before, and the facts have "
                "changed since. %(lifts)s"
            ),
            valid_statuses=frozenset({"open"}),
            valid_if=is_offer_live,
            send_if=is_blocking_finding,
            mail_if=is_first_reraised_finding,
            mail_covers_group=True,
        ),
    ),
    # --- checks -------------------------------------------------------------------------------------------------
    ("procurement.verificationtask", "offer"): (
        contact_message(
            audiences.asked_contact, "check", "requested", link=answer_link, send_if=asks_for_check
        ),
        contact_message(
            audiences.asked_contact,
            "certificates_asked",
            "requested",
            link=answer_link,
            send_if=asks_for_certificate,
        ),
        phone_notice(staff_to_phone_about_offer, NO_MORE_REMINDERS_TEXT, "requested", "in_progress"),
    ),
    ("procurement.verificationtask", "remind"): (
        contact_message(
            audiences.asked_contact,
            "check_reminder",
            "requested",
            "in_progress",
            "returned",
            link=answer_link,
            send_if=asks_for_check,
        ),
        contact_message(
            audiences.asked_contact,
            "certificates_reminder",
            "requested",
            "in_progress",
            "returned",
            link=answer_link,
            send_if=asks_for_certificate,
        ),
        phone_notice(staff_to_phone_about_offer, PHONE_CONTACT_TEXT, "requested", "in_progress", "returned"),
    ),
    ("procurement.verificationtask", "redate"): (
        contact_message(
            audiences.asked_contact,
            "check_due_time_changed",
            "requested",
            "in_progress",
            "returned",
            link=answer_link,
        ),
    ),
    ("procurement.verificationtask", "submit"): (
        immediate_message(audiences.asked_contact, "check_received", "submitted", link=portal_page_link),
        staff_notice(
            responsible_officer_of_lead,
            _("A check report was received"),
            _("Read the report on %(thing)s. Accept it, or return it with a question."),
            "submitted",
        ),
    ),
    # --- requests to use another city's check -------------------------------------------------------------------
    ("procurement.checkreuse", "request"): (
        staff_notice(
            audiences.reviewers,
            _("Can another city use your check?"),
            _(
                "Another city is reviewing a supplier you have checked: %(thing)s. Allow "
                "that city to use your check, or decline."
            ),
            "pending",
        ),
    ),
    ("procurement.checkreuse", "agree"): (
        contact_message(audiences.asked_contact, "reuse_thanks", "agreed", link=portal_page_link),
        staff_notice(
            audiences.officers,
            _("Thank you for sharing a check"),
            _("%(to)s thanks you. Your check now also counts for the offer that city is reviewing."),
            "agreed",
        ),
        staff_notice(
            audiences.responsible_officer,
            _("A city has shared its check"),
            _("%(city)s lets you use its check. A thank-you has been sent."),
            "agreed",
        ),
    ),
    ("procurement.checkreuse", "refuse"): (
        staff_notice(
            audiences.responsible_officer,
            _("The other city declined"),
            _("The city you asked declined to share its check. Arrange your own check."),
            "declined",
            valid_if=is_check_still_needed,
        ),
    ),
    ("procurement.verificationtask", "accept"): (
        contact_message(
            audiences.asked_contact, "check_thanks", "accepted", "outdated", link=portal_page_link
        ),
    ),
    ("procurement.verificationtask", "return"): (
        contact_message(audiences.asked_contact, "check_returned", "returned", link=answer_link),
        phone_notice(staff_to_phone_about_offer, NO_MORE_REMINDERS_TEXT, "returned"),
    ),
    ("procurement.verificationtask", "decline"): (
        staff_notice(
            responsible_officer_of_lead,
            _("A check cannot be done"),
            _("%(contact)s cannot do %(thing)s. Ask someone else."),
            "declined",
            valid_if=is_another_contact_useful,
        ),
    ),
    ("procurement.verificationtask", "forward"): (
        staff_notice(
            responsible_officer_of_lead,
            _("A colleague will take over"),
            FORWARDED_TO_COLLEAGUE_TEXT,
            "forwarded",
        ),
    ),
    ("procurement.verificationtask", "cancel"): (
        contact_message(
            audiences.asked_contact,
            "check_not_needed",
            "cancelled",
            send_if=was_check_requested,
            valid_if=is_contact_still_asked,
        ),
    ),
}
