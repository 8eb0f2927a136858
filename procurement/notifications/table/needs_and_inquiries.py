"""Notices about needs and inquiries: who is notified of which event, and how."""

from django.utils.translation import gettext_lazy as _

from procurement.notifications import audiences
from procurement.notifications.audiences import (
    contacts_with_live_offer,
    partner_city_officers,
)
from procurement.notifications.conditions.general import was_contact_notified
from procurement.notifications.conditions.inquiries import (
    can_inquiry_be_sent,
    gave_no_period_consent,
    has_open_question,
    has_reported_uses,
    is_answer_not_reviewed,
    is_awaiting_reconfirmation,
    is_consent_kept,
    is_contact_still_asked,
    is_inquiry_paused,
    is_inquiry_resumed,
    is_introducer_still_asked,
    is_last_consent_reminder,
    is_mail_deliverable,
    is_more_needed,
    is_need_stopped,
    is_private_answer,
    was_awaiting_partner_consent,
    was_cancelled_by_job,
    was_inquiry_sent,
    was_never_notified,
    was_not_awaiting_partner_consent,
    was_notified_and_need_changed,
    was_partner_asked,
)
from procurement.notifications.notices import (
    NotificationRule,
    answer_link,
    contact_message,
    immediate_message,
    introducer_page_link,
    phone_notice,
    staff_notice,
    thank_you_message,
)

PHONE_CONTACT_TEXT = _("%(contact)s has not replied to three reminders. Phone them.")
CONSENT_REQUEST_TEXT = _(
    "%(city)s would like to ask one of your contacts for help and needs your consent first. Agree or decline."
)
SENT_INQUIRY_STATUSES = ("sent", "answered", "no_reply")
FORWARDED_TO_COLLEAGUE_TEXT = _("%(contact)s passed %(thing)s on to a colleague, who has now been asked.")

INQUIRY_NOTICES: dict[tuple[str, str], tuple[NotificationRule, ...]] = {
    # --- needs --------------------------------------------------------------------------------------------------
    ("procurement.supplyrequest", "ask_to_reconfirm"): (
        staff_notice(
            audiences.responsible_person_and_officers,
            _("Is this need still current?"),
            _(
                "Reconfirm %(thing)s soon: is it still needed, has it changed, or is it "
                "no longer needed? After the reconfirmation date, contacts get no "
                "reminders until you answer."
            ),
            "open",
            valid_if=is_awaiting_reconfirmation,
        ),
    ),
    ("procurement.supplyrequest", "lapse"): (
        contact_message(contacts_with_live_offer, "offers_stopped", "open", valid_if=is_need_stopped),
        staff_notice(
            audiences.responsible_person_and_officers,
            _("New offers are paused until you confirm the need"),
            _(
                "%(thing)s was not confirmed in time. To accept offers again, confirm that it is still "
                "needed."
            ),
            "open",
            valid_if=is_need_stopped,
        ),
    ),
    ("procurement.supplyrequest", "stop"): (
        contact_message(contacts_with_live_offer, "offers_stopped", "open", valid_if=is_need_stopped),
    ),
    ("procurement.supplyrequest", "announce"): (
        contact_message(audiences.contacts_without_inquiry, "need_changed", "open"),
    ),
    # --- consents for a period ----------------------------------------------------------------------------------
    ("procurement.introductionconsent", "grant"): (
        immediate_message(
            audiences.introducing_contact, "consent_given", "active", link=introducer_page_link
        ),
        staff_notice(
            audiences.officers,
            _("A partner city consented until a set date"),
            _(
                "%(through)s agreed: %(contact)s has been asked (%(inquiry)s). Until %(until)s, you can ask "
                "%(contact)s without asking %(through)s again: %(thing)s."
            ),
            "active",
        ),
    ),
    ("procurement.introductionconsent", "withdraw"): (
        staff_notice(
            audiences.officers,
            _("A consent was withdrawn"),
            _(
                "%(through)s withdrew its consent to your inquiries to %(contact)s. From "
                "now on, each inquiry needs the city’s consent again."
            ),
            "withdrawn",
        ),
        contact_message(audiences.introducing_contact, "consent_lost", "withdrawn"),
        staff_notice(
            partner_city_officers,
            _("Your city’s consent was withdrawn"),
            _(
                "From now on, %(city)s will again ask for your consent before each "
                "inquiry to %(contact)s: %(thing)s."
            ),
            "withdrawn",
        ),
    ),
    ("procurement.introductionconsent", "expire"): (
        staff_notice(
            audiences.officers,
            _("A consent has expired"),
            _(
                "%(through)s had agreed to your inquiries to %(contact)s until %(until)s. "
                "This consent has expired. From now on, each inquiry needs the city’s "
                "consent again."
            ),
            "expired",
        ),
    ),
    ("procurement.introductionconsent", "end"): (
        staff_notice(
            audiences.officers,
            _("A consent is no longer in force"),
            _(
                "%(through)s had agreed to your inquiries to %(contact)s. This consent is no longer in "
                "force. %(reason)s From now on, each inquiry needs the city’s consent again."
            ),
            "ended",
        ),
        contact_message(audiences.introducing_contact, "consent_lost", "ended"),
        staff_notice(
            partner_city_officers,
            _("Your city’s consent is no longer in force"),
            _(
                "%(reason)s From now on, %(city)s will again ask for your consent before "
                "each inquiry to %(contact)s: %(thing)s."
            ),
            "ended",
        ),
    ),
    ("procurement.introductionconsent", "announce_end"): (
        staff_notice(
            audiences.officers,
            _("A consent expires soon"),
            _("%(through)s agreed to your inquiries to %(contact)s. This consent expires on %(until)s."),
            "active",
        ),
    ),
    ("procurement.introductionconsent", "report_uses"): (
        contact_message(
            audiences.introducing_contact,
            "consent_used",
            link=introducer_page_link,
            valid_if=has_reported_uses,
        ),
        staff_notice(
            partner_city_officers,
            _("Your consent was used"),
            _("%(city)s wrote to %(contact)s with your city’s consent: %(thing)s."),
            valid_if=has_reported_uses,
        ),
    ),
    # --- inquiries ----------------------------------------------------------------------------------------------
    ("procurement.inquiry", "send"): (
        contact_message(
            audiences.asked_contact, "inquiry", "sent", link=answer_link, valid_if=is_consent_kept
        ),
    ),
    ("procurement.inquiry", "return_to_partner"): (
        contact_message(
            audiences.introducing_contact,
            "consent",
            "awaiting_consent",
            link=answer_link,
            valid_if=can_inquiry_be_sent,
        ),
        staff_notice(
            partner_city_officers,
            _("May we ask your contact?"),
            CONSENT_REQUEST_TEXT,
            "awaiting_consent",
            valid_if=can_inquiry_be_sent,
        ),
        staff_notice(
            audiences.responsible_officer,
            _("The partner city will be asked first after all"),
            _(
                "Consent from %(through)s lapsed before %(thing)s reached %(contact)s, so %(through)s will "
                "be asked first."
            ),
            "awaiting_consent",
        ),
    ),
    ("procurement.inquiry", "consent"): (
        contact_message(audiences.asked_contact, "inquiry", "sent", link=answer_link),
        staff_notice(
            audiences.responsible_officer,
            _("The partner city agreed"),
            _("The partner city’s contact has been asked: %(thing)s."),
            "sent",
            send_if=gave_no_period_consent,
        ),
    ),
    ("procurement.inquiry", "ask_partner"): (
        contact_message(
            audiences.introducing_contact,
            "consent",
            "awaiting_consent",
            link=answer_link,
            valid_if=can_inquiry_be_sent,
        ),
        staff_notice(
            partner_city_officers,
            _("May we ask your contact?"),
            CONSENT_REQUEST_TEXT,
            "awaiting_consent",
            valid_if=can_inquiry_be_sent,
        ),
    ),
    ("procurement.inquiry", "refuse"): (
        staff_notice(
            audiences.responsible_officer,
            _("The partner city declined"),
            _("%(thing)s was not sent. Ask someone else."),
            "consent_declined",
            valid_if=is_more_needed,
        ),
    ),
    ("procurement.inquiry", "answer"): (
        thank_you_message(audiences.asked_contact, "inquiry_thanks"),
        staff_notice(
            audiences.responsible_officer,
            _("A reply was received"),
            _("%(contact)s replied to %(thing)s. Review the offer."),
            "answered",
            valid_if=is_answer_not_reviewed,
        ),
    ),
    ("procurement.inquiry", "reaffirm"): (
        staff_notice(
            audiences.responsible_officer,
            _("An offer is still valid"),
            _("After you changed the need, %(contact)s confirmed that the offer is still valid: %(thing)s."),
            "answered",
        ),
    ),
    ("procurement.inquiry", "query"): (
        staff_notice(
            audiences.responsible_officer,
            _("A contact asks a question"),
            _("%(contact)s has a question about %(need)s: %(question)s"),
            *SENT_INQUIRY_STATUSES,
            valid_if=has_open_question,
        ),
    ),
    ("procurement.inquiry", "chase"): (
        staff_notice(
            audiences.phone_callers,
            _("A question has not been answered"),
            _("%(contact)s is still waiting for an answer to a question about %(need)s: %(question)s"),
            *SENT_INQUIRY_STATUSES,
            "declined",
            valid_if=has_open_question,
        ),
    ),
    ("procurement.inquiry", "explain"): (
        contact_message(
            audiences.asked_contact,
            "question_answered",
            *SENT_INQUIRY_STATUSES,
            link=answer_link,
            send_if=is_private_answer,
        ),
    ),
    ("procurement.inquiry", "inform"): (
        contact_message(
            audiences.asked_contact, "question_answered", *SENT_INQUIRY_STATUSES, link=answer_link
        ),
    ),
    ("procurement.inquiry", "decline"): (
        staff_notice(
            audiences.responsible_officer,
            _("A contact cannot help"),
            _("%(contact)s cannot help with %(thing)s. Ask someone else."),
            "declined",
            valid_if=is_more_needed,
        ),
    ),
    ("procurement.inquiry", "forward"): (
        staff_notice(
            audiences.responsible_officer,
            _("A colleague will take over"),
            FORWARDED_TO_COLLEAGUE_TEXT,
            "forwarded",
        ),
    ),
    ("procurement.inquiry", "remind"): (
        contact_message(
            audiences.asked_contact,
            "inquiry_reminder",
            "sent",
            link=answer_link,
            send_if=was_not_awaiting_partner_consent,
            valid_if=is_consent_kept,
        ),
        phone_notice(audiences.phone_callers, PHONE_CONTACT_TEXT, "sent"),
        contact_message(
            audiences.introducing_contact,
            "consent_reminder",
            "awaiting_consent",
            link=answer_link,
            send_if=was_awaiting_partner_consent,
            valid_if=can_inquiry_be_sent,
        ),
        staff_notice(
            partner_city_officers,
            _("May we ask your contact?"),
            CONSENT_REQUEST_TEXT,
            "awaiting_consent",
            send_if=was_awaiting_partner_consent,
            valid_if=can_inquiry_be_sent,
        ),
        staff_notice(
            audiences.phone_callers,
            _("Phone call needed"),
            _(
                "%(introducer)s in %(through)s has not replied to three reminders about %(thing)s. Phone them, or ask "
                "another contact."
            ),
            "awaiting_consent",
            send_if=is_last_consent_reminder,
        ),
    ),
    ("procurement.inquiry", "redate"): (
        contact_message(
            audiences.asked_contact,
            "inquiry_due_time_changed",
            "sent",
            link=answer_link,
            valid_if=is_consent_kept,
        ),
    ),
    ("procurement.inquiry", "restate"): (
        contact_message(
            audiences.asked_contact,
            "inquiry_changed",
            "sent",
            "answered",
            "no_reply",
            link=answer_link,
            send_if=was_notified_and_need_changed,
        ),
        contact_message(
            audiences.asked_contact,
            "inquiry",
            "sent",
            link=answer_link,
            send_if=was_never_notified,
            valid_if=is_consent_kept,
        ),
    ),
    ("procurement.inquiry", "pause"): (
        contact_message(
            audiences.asked_contact,
            "inquiry_paused",
            "sent",
            send_if=was_contact_notified,
            valid_if=is_inquiry_paused,
        ),
    ),
    ("procurement.inquiry", "resume"): (
        contact_message(
            audiences.asked_contact,
            "inquiry_again",
            "sent",
            link=answer_link,
            send_if=was_contact_notified,
            valid_if=is_inquiry_resumed,
        ),
        contact_message(
            audiences.asked_contact,
            "inquiry",
            "sent",
            link=answer_link,
            send_if=was_never_notified,
            valid_if=is_inquiry_resumed,
        ),
    ),
    ("procurement.inquiry", "allow_alternates"): (
        staff_notice(
            audiences.responsible_officer,
            _("You can ask someone else"),
            _(
                "%(contact)s has not replied to %(thing)s. You can ask the next suggested contact "
                "with one click."
            ),
            "sent",
            send_if=is_mail_deliverable,
        ),
        staff_notice(
            audiences.responsible_officer,
            _("A partner city has not replied"),
            _(
                "%(through)s has not said whether you can ask its contact: %(thing)s. "
                "Remind the city, ask another contact or withdraw the inquiry."
            ),
            "awaiting_consent",
            send_if=was_awaiting_partner_consent,
        ),
    ),
    ("procurement.inquiry", "give_up"): (
        staff_notice(
            audiences.responsible_officer,
            _("The partner city did not reply"),
            _(
                "%(through)s did not say whether you can ask its contact, so %(thing)s was not "
                "sent. Ask another contact."
            ),
            "cancelled",
        ),
        contact_message(audiences.introducing_contact, "consent_not_needed", "cancelled"),
    ),
    ("procurement.inquiry", "ask_next"): (
        contact_message(
            audiences.asked_contact,
            "inquiry_next",
            "no_reply",
            link=answer_link,
            send_if=was_contact_notified,
        ),
    ),
    ("procurement.inquiry", "expire"): (
        staff_notice(
            audiences.responsible_officer,
            _("No reply received"),
            _("%(thing)s has lapsed without a reply. A late reply is still welcome."),
            "no_reply",
        ),
    ),
    ("procurement.inquiry", "cancel"): (
        contact_message(
            audiences.asked_contact,
            "inquiry_not_needed",
            "cancelled",
            send_if=was_inquiry_sent,
            valid_if=is_contact_still_asked,
        ),
        contact_message(
            audiences.introducing_contact,
            "consent_not_needed",
            "cancelled",
            send_if=was_partner_asked,
            valid_if=is_introducer_still_asked,
        ),
        staff_notice(
            audiences.responsible_officer,
            _("An inquiry has been withdrawn"),
            _("%(thing)s was withdrawn: %(reason)s Ask someone else."),
            "cancelled",
            send_if=was_cancelled_by_job,
            valid_if=is_more_needed,
        ),
    ),
}
