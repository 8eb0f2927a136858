"""Rows of the notification table about needs, inquiries, offers and checks."""

from django.utils.translation import gettext_lazy as _

from procurement.notifications import audiences
from procurement.notifications.audiences import (
    callers_of_lead,
    intermediary_officers,
    keeper_of_lead,
    lead_contributors,
)
from procurement.notifications.conditions import (
    is_after_sending,
    is_asked_again,
    is_awaiting_review,
    is_before_sending,
    is_blocking,
    is_check_still_needed,
    is_check_wanted,
    is_contact_still_asked,
    is_first_block,
    is_first_raise,
    is_introducer_still_asked,
    is_mail_deliverable,
    is_more_needed,
    is_offer_live,
    is_paused,
    is_resumed,
    is_stopped,
    may_go,
    was_ended_by_clock,
    was_not_reached,
    was_offered,
    was_partner_asked,
    was_reached,
    was_reached_and_changed,
    was_sent,
)
from procurement.notifications.notices import (
    Notice,
    answer_link,
    contact_message,
    immediate_message,
    own_page_link,
    phone_notice,
    staff_notice,
    thank_you_message,
)

PHONE = _("Three reminders went out to %(contact)s and nobody answered. Please phone.")
NO_MORE_REMINDERS = _(
    "Three reminders about %(thing)s went to %(contact)s before, so no more follow. Please phone."
)
MAY_WE = _(
    "%(city)s would like to ask a contact of yours for help, and asks you first. Agree, or say rather not."
)
PASSED_ON = _("%(contact)s passed %(thing)s on to a colleague, who has been asked.")

ABOUT_INQUIRIES: dict[tuple[str, str], tuple[Notice, ...]] = {
    # --- needs --------------------------------------------------------------------------------------------------
    ("procurement.supplyrequest", "ask_to_reconfirm"): (
        staff_notice(
            audiences.keeper,
            _("Is it still needed?"),
            _(
                "The day by which you wanted to reconfirm %(thing)s is near. Say that it is still needed and until when, or "
                "withdraw it. After that day contacts are not reminded until you have answered."
            ),
            "open",
            still=is_asked_again,
        ),
    ),
    ("procurement.supplyrequest", "stop"): (
        contact_message(lead_contributors, "offers_stopped", "open", still=is_stopped),
    ),
    # --- inquiries ----------------------------------------------------------------------------------------------
    ("procurement.inquiry", "send"): (
        contact_message(audiences.contact, "inquiry", "sent", link=answer_link),
    ),
    ("procurement.inquiry", "consent"): (
        contact_message(audiences.contact, "inquiry", "sent", link=answer_link),
        staff_notice(
            audiences.keeper,
            _("The partner city agrees"),
            _("Their contact has been asked: %(thing)s."),
            "sent",
        ),
    ),
    ("procurement.inquiry", "ask_partner"): (
        contact_message(audiences.introducer, "consent", "awaiting_consent", link=answer_link, still=may_go),
        staff_notice(
            intermediary_officers, _("May we ask your contact?"), MAY_WE, "awaiting_consent", still=may_go
        ),
    ),
    ("procurement.inquiry", "refuse"): (
        staff_notice(
            audiences.keeper,
            _("The partner city would rather not"),
            _("%(thing)s was not sent. Ask somebody else."),
            "consent_declined",
            still=is_more_needed,
        ),
    ),
    ("procurement.inquiry", "answer"): (
        thank_you_message(audiences.contact, "inquiry_thanks"),
        staff_notice(
            audiences.keeper,
            _("An answer came in"),
            _("%(contact)s answered %(thing)s. Look at the offer."),
            "answered",
            still=is_awaiting_review,
        ),
    ),
    ("procurement.inquiry", "decline"): (
        staff_notice(
            audiences.keeper,
            _("They cannot help"),
            _("%(contact)s cannot help with %(thing)s. Ask somebody else."),
            "declined",
            still=is_more_needed,
        ),
    ),
    ("procurement.inquiry", "forward"): (
        staff_notice(audiences.keeper, _("A colleague takes over"), PASSED_ON, "forwarded"),
    ),
    ("procurement.inquiry", "remind"): (
        contact_message(
            audiences.contact, "inquiry_reminder", "sent", link=answer_link, holds=is_after_sending
        ),
        phone_notice(audiences.callers, PHONE, "sent"),
        contact_message(
            audiences.introducer,
            "consent_reminder",
            "awaiting_consent",
            link=answer_link,
            holds=is_before_sending,
            still=may_go,
        ),
        staff_notice(
            intermediary_officers,
            _("May we ask your contact?"),
            MAY_WE,
            "awaiting_consent",
            holds=is_before_sending,
            still=may_go,
        ),
    ),
    ("procurement.inquiry", "redate"): (
        contact_message(audiences.contact, "inquiry_redated", "sent", link=answer_link),
    ),
    ("procurement.inquiry", "restate"): (
        contact_message(
            audiences.contact,
            "inquiry_changed",
            "sent",
            "answered",
            "no_reply",
            link=answer_link,
            holds=was_reached_and_changed,
        ),
        contact_message(audiences.contact, "inquiry", "sent", link=answer_link, holds=was_not_reached),
    ),
    ("procurement.inquiry", "pause"): (
        contact_message(audiences.contact, "inquiry_paused", "sent", holds=was_reached, still=is_paused),
    ),
    ("procurement.inquiry", "resume"): (
        contact_message(
            audiences.contact, "inquiry_again", "sent", link=answer_link, holds=was_reached, still=is_resumed
        ),
        contact_message(
            audiences.contact, "inquiry", "sent", link=answer_link, holds=was_not_reached, still=is_resumed
        ),
    ),
    ("procurement.inquiry", "allow_alternates"): (
        staff_notice(
            audiences.keeper,
            _("Somebody else may be asked"),
            _(
                "%(contact)s has not answered %(thing)s. Whoever is suggested next can be asked with one button."
            ),
            "sent",
            holds=is_mail_deliverable,
        ),
        staff_notice(
            audiences.keeper,
            _("A partner city has not answered"),
            _(
                "%(through)s has not said whether its contact may be asked: %(thing)s. Remind it, ask another contact, or take "
                "the question back."
            ),
            "awaiting_consent",
            holds=is_before_sending,
        ),
    ),
    ("procurement.inquiry", "give_up"): (
        staff_notice(
            audiences.keeper,
            _("The partner city did not answer"),
            _(
                "%(through)s did not say whether its contact may be asked. %(thing)s was not sent. Ask another contact."
            ),
            "cancelled",
        ),
        contact_message(audiences.introducer, "consent_not_needed", "cancelled"),
    ),
    ("procurement.inquiry", "ask_next"): (
        contact_message(audiences.contact, "inquiry_next", "no_reply", link=answer_link, holds=was_reached),
    ),
    ("procurement.inquiry", "expire"): (
        staff_notice(
            audiences.keeper,
            _("No answer came"),
            _("%(thing)s is no longer waited for. A late answer is still welcome."),
            "no_reply",
        ),
    ),
    ("procurement.inquiry", "cancel"): (
        contact_message(
            audiences.contact, "inquiry_not_needed", "cancelled", holds=was_sent, still=is_contact_still_asked
        ),
        contact_message(
            audiences.introducer,
            "consent_not_needed",
            "cancelled",
            holds=was_partner_asked,
            still=is_introducer_still_asked,
        ),
        staff_notice(
            audiences.keeper,
            _("A question has ended"),
            _("%(thing)s was taken back: %(reason)s Ask somebody else."),
            "cancelled",
            holds=was_ended_by_clock,
            still=is_more_needed,
        ),
    ),
    # --- offers -------------------------------------------------------------------------------------------------
    ("procurement.supplierlead", "verify"): (
        contact_message(audiences.contact, "lead_verified", "verified", link=own_page_link),
    ),
    ("procurement.supplierlead", "reject"): (
        contact_message(audiences.contact, "lead_not_taken", "rejected", link=own_page_link),
    ),
    ("procurement.supplierlead", "reopen"): (
        staff_notice(
            audiences.keeper,
            _("An offer needs another look"),
            _("%(thing)s went back to checking. %(reason)s"),
            "under_review",
        ),
    ),
    ("procurement.supplierlead", "expire"): (
        staff_notice(
            audiences.keeper,
            _("An offer has run out"),
            _("The day of %(thing)s has passed. Ask whether it still stands."),
            "expired",
        ),
    ),
    ("procurement.finding", "find"): (
        Notice(
            audience=keeper_of_lead,
            subject=_("Something blocks an offer"),
            says=_("%(offer)s, %(supplier)s: %(finding)s %(lifts)s"),
            while_at=frozenset({"open"}),
            still=is_offer_live,
            holds=is_blocking,
            mailed=is_first_block,
            together=True,
        ),
    ),
    ("procurement.finding", "raise_again"): (
        Notice(
            audience=keeper_of_lead,
            subject=_("Something blocks an offer again"),
            says=_(
                "%(offer)s, %(supplier)s: %(finding)s It was noticed before, and the facts have changed since. %(lifts)s"
            ),
            while_at=frozenset({"open"}),
            still=is_offer_live,
            holds=is_blocking,
            mailed=is_first_raise,
            together=True,
        ),
    ),
    # --- checks -------------------------------------------------------------------------------------------------
    ("procurement.verificationtask", "offer"): (
        contact_message(audiences.contact, "check", "requested", link=answer_link),
        phone_notice(callers_of_lead, NO_MORE_REMINDERS, "requested", "in_progress"),
    ),
    ("procurement.verificationtask", "remind"): (
        contact_message(
            audiences.contact, "check_reminder", "requested", "in_progress", "returned", link=answer_link
        ),
        phone_notice(callers_of_lead, PHONE, "requested", "in_progress", "returned"),
    ),
    ("procurement.verificationtask", "redate"): (
        contact_message(
            audiences.contact, "check_redated", "requested", "in_progress", "returned", link=answer_link
        ),
    ),
    ("procurement.verificationtask", "submit"): (
        immediate_message(audiences.contact, "check_received", "submitted", link=own_page_link),
        staff_notice(
            keeper_of_lead,
            _("A report is in"),
            _("Read the report on %(thing)s. Accept it, or return it with a question."),
            "submitted",
        ),
    ),
    # --- requests to use another city's check -------------------------------------------------------------------
    ("procurement.checkreuse", "request"): (
        staff_notice(
            audiences.reviewers,
            _("May another city use your check?"),
            _(
                "Another city looks at a company that you have checked: %(thing)s. Let it use your check, or say rather not."
            ),
            "pending",
        ),
    ),
    ("procurement.checkreuse", "agree"): (
        contact_message(audiences.contact, "reuse_thanks", "agreed", link=own_page_link),
        staff_notice(
            audiences.officers,
            _("Thank you for sharing a check"),
            _("%(to)s thanks you: your check counts for its offer, too."),
            "agreed",
        ),
        staff_notice(
            audiences.keeper,
            _("A city shares its check"),
            _("%(city)s lets you use its check, and has been thanked."),
            "agreed",
        ),
    ),
    ("procurement.checkreuse", "refuse"): (
        staff_notice(
            audiences.keeper,
            _("The other city would rather not"),
            _("The city you asked would rather not share its check. Make one of your own."),
            "declined",
            still=is_check_still_needed,
        ),
    ),
    ("procurement.verificationtask", "accept"): (
        contact_message(audiences.contact, "check_thanks", "accepted", "outdated", link=own_page_link),
    ),
    ("procurement.verificationtask", "return"): (
        contact_message(audiences.contact, "check_returned", "returned", link=answer_link),
        phone_notice(callers_of_lead, NO_MORE_REMINDERS, "returned"),
    ),
    ("procurement.verificationtask", "decline"): (
        staff_notice(
            keeper_of_lead,
            _("A check cannot be done"),
            _("%(contact)s cannot do %(thing)s. Ask somebody else."),
            "declined",
            still=is_check_wanted,
        ),
    ),
    ("procurement.verificationtask", "forward"): (
        staff_notice(keeper_of_lead, _("A colleague takes over"), PASSED_ON, "forwarded"),
    ),
    ("procurement.verificationtask", "cancel"): (
        contact_message(
            audiences.contact,
            "check_not_needed",
            "cancelled",
            holds=was_offered,
            still=is_contact_still_asked,
        ),
    ),
}
