"""Notices about people, roles, contacts and the city register: who is notified of which event, and how."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from procurement.notifications import audiences
from procurement.notifications.audiences import (
    agreement_editors,
    contact_managers,
    delegation_parties,
    managers_of_person,
    officer_of_linked_item,
    people_waiting_for_contact,
    people_waiting_for_person,
    register_editors,
)
from procurement.notifications.comment_readers import comment_readers
from procurement.notifications.conditions.contacts_and_agreements import (
    is_absence_unchanged,
    is_agreement_expiring,
    is_agreement_unconfirmed,
    is_delegation_active,
    is_deputy,
    is_not_deputy,
    is_stopped_for_city,
    is_workplace_unconfirmed,
    may_city_ask_again,
)
from procurement.notifications.conditions.general import always_true, is_mail_bouncing, was_done_by_person
from procurement.notifications.notices import (
    NotificationRule,
    contact_message,
    email_code,
    immediate_message,
    invitation_link,
    no_link,
    portal_page_link,
    renewed_link,
    staff_notice,
)

PEOPLE_NOTICES: dict[tuple[str, str], tuple[NotificationRule, ...]] = {
    # --- events on any item -------------------------------------------------------------------------------------
    ("*", "comment"): (
        staff_notice(comment_readers, _("New comment"), _("%(who)s commented on %(thing)s."), no_end=True),
    ),
    ("*", "undelivered"): (
        staff_notice(
            audiences.responsible_officer,
            _("A message was not delivered"),
            _(
                "A message about %(thing)s to %(to)s could not be delivered. Check the email address, or "
                "reach the recipient another way."
            ),
            no_end=True,
        ),
    ),
    # --- people -------------------------------------------------------------------------------------------------
    ("accounts.actionlink", "ask_for_code"): (
        immediate_message(
            audiences.item_owner,
            "code",
            link=email_code,
            expires_after=timedelta(minutes=10),
            no_end=True,
        ),
    ),
    ("accounts.actionlink", "request_new"): (
        immediate_message(audiences.item_owner, "link_again", link=renewed_link, no_end=True),
    ),
    ("accounts.actionlink", "not_for_me"): (
        staff_notice(
            officer_of_linked_item,
            _("A message went to the wrong person"),
            _(
                "Someone reported that a message from you was not meant for them. Find out who "
                "the right person is."
            ),
            no_end=True,
        ),
    ),
    ("accounts.user", "change_sign_in"): (
        immediate_message(audiences.item_owner, "sign_in_changed", link=no_link, no_end=True),
    ),
    ("accounts.user", "send_test_mail"): (
        immediate_message(audiences.item_owner, "test_mail", link=no_link, no_end=True),
    ),
    ("accounts.user", "digest"): (contact_message(audiences.item_owner, "digest", no_end=True),),
    ("accounts.user", "bounce"): (
        staff_notice(
            managers_of_person,
            _("An email address does not work"),
            _(
                "Emails to %(thing)s are being returned. Enter another address, or name someone else at "
                "the same office."
            ),
            valid_if=is_mail_bouncing,
        ),
        staff_notice(
            people_waiting_for_person,
            _("An email address does not work"),
            _(
                "Emails to %(thing)s are being returned. Ask another contact, or ask this "
                "person’s office for a new address, which their city or a coordinator can "
                "enter."
            ),
            valid_if=is_mail_bouncing,
        ),
    ),
    ("partners.invitation", "invite"): (
        immediate_message(audiences.item_owner, "invitation", "sent", link=invitation_link),
    ),
    ("partners.invitation", "renew"): (
        immediate_message(audiences.item_owner, "invitation", "sent", link=invitation_link),
    ),
    ("partners.membership", "grant"): (
        staff_notice(
            audiences.item_owner,
            _("You have a new role"),
            _("%(who)s gave you a role: %(role)s (%(place)s)."),
            "active",
            send_if=was_done_by_person,
        ),
    ),
    ("partners.membership", "end"): (
        staff_notice(
            audiences.item_owner,
            _("One of your roles has ended"),
            _("%(who)s ended one of your roles: %(role)s (%(place)s)."),
            "ended",
            send_if=was_done_by_person,
        ),
    ),
    ("partners.delegation", "delegate"): (
        staff_notice(
            audiences.approval_delegate,
            _("You are now an approval delegate"),
            _(
                "%(giver)s asks you to approve orders in their place from %(from)s until %(until)s. Orders "
                "waiting for their approval are shown on your Today page."
            ),
            valid_if=is_delegation_active,
        ),
    ),
    ("partners.delegation", "revoke"): (
        staff_notice(
            delegation_parties,
            _("An approval delegation has ended"),
            _("%(who)s ended the delegation: %(thing)s."),
            no_end=True,
        ),
    ),
    ("partners.contact", "invite"): (
        contact_message(audiences.item_owner, "contact_invited", "invited", link=portal_page_link),
        staff_notice(
            contact_managers,
            _("Another city added a contact in your city"),
            _(
                "%(named_by)s added %(thing)s as a contact in %(city)s. Confirm that they work "
                "there. Until then, they are suggested to %(named_by)s only."
            ),
            "invited",
            "active",
            send_if=is_workplace_unconfirmed,
            valid_if=is_workplace_unconfirmed,
        ),
    ),
    ("partners.contact", "new_address"): (
        contact_message(audiences.item_owner, "address_changed", "invited", "active", link=portal_page_link),
    ),
    **{
        ("partners.contact", verb): (
            contact_message(
                audiences.item_owner,
                "contact_changed",
                "invited",
                "active",
                link=portal_page_link,
                valid_if=valid_if,
            ),
        )
        for verb, valid_if in {
            "correct": always_true,
            "go_away": is_absence_unchanged,
            "name_deputy": is_deputy,
            "drop_deputy": is_not_deputy,
            "resume_for_city": may_city_ask_again,
            "confirm_place": always_true,
        }.items()
    },
    ("partners.contact", "suggest_change"): (
        contact_message(audiences.item_owner, "contact_suggestion", "active", link=portal_page_link),
        staff_notice(
            contact_managers,
            _("A change to a contact’s details was suggested"),
            _("%(who)s (%(cities)s) suggested a change to the details of %(thing)s: %(reason)s"),
            no_end=True,
        ),
    ),
    ("partners.contact", "stop_for_city"): (
        contact_message(
            audiences.item_owner,
            "contact_stopped_for",
            "active",
            link=portal_page_link,
            valid_if=is_stopped_for_city,
        ),
        staff_notice(
            people_waiting_for_contact,
            _("A city stopped sending requests"),
            _(
                "%(who)s stopped all requests from %(cities)s to %(thing)s: %(reason)s Inquiries "
                "and checks from other cities continue."
            ),
            "active",
            valid_if=is_stopped_for_city,
        ),
    ),
    ("partners.contact", "confirm"): (
        staff_notice(
            audiences.officers_of_nominating_city,
            _("A contact gave consent"),
            _("%(thing)s agreed to receive requests from partner cities."),
            "active",
        ),
    ),
    ("partners.correction", "propose"): (
        staff_notice(
            register_editors,
            _("A correction was proposed"),
            _(
                "%(who)s proposed a correction to the register: %(thing)s. Accept it, or decline "
                "it with a reason."
            ),
            "proposed",
        ),
    ),
    ("partners.correction", "accept"): (
        staff_notice(
            audiences.responsible_officer,
            _("Your correction was accepted"),
            _(
                "%(who)s accepted your correction: %(thing)s. The correction is now in the register. Thank "
                "you."
            ),
            "accepted",
        ),
    ),
    ("partners.correction", "decline"): (
        staff_notice(
            audiences.responsible_officer,
            _("Your correction was declined"),
            _("%(who)s reviewed your correction: %(thing)s. The register has not been changed. %(reason)s"),
            "declined",
        ),
    ),
    # --- an agreement that runs out: six months and one month before (partners/agreements/rules.py) -----------------
    ("partners.twinningagreement", "ask_to_confirm"): (
        staff_notice(
            audiences.editors_of_unconfirmed_side,
            _("An agreement is waiting for your confirmation"),
            _(
                "%(who)s entered or extended the agreement %(thing)s. Confirm it if it is correct. "
                "%(unconfirmed)s"
            ),
            "recorded",
            valid_if=is_agreement_unconfirmed,
        ),
    ),
    ("partners.twinningagreement", "remind"): (
        contact_message(agreement_editors, "agreement_ends", "recorded", valid_if=is_agreement_expiring),
    ),
    # --- webhooks -----------------------------------------------------------------------------------------------
    ("procurement.webhookendpoint", "suspend"): (
        staff_notice(
            audiences.administrators,
            _("A webhook was disabled"),
            _(
                "Events can no longer be sent to another system: %(thing)s. The webhook’s "
                "page shows the reason and what to do."
            ),
            "disabled",
        ),
    ),
    # --- register imports, processed by the periodic job --------------------------------------------------------
    ("partners.import", "check"): (
        staff_notice(
            audiences.job_requester,
            _("A file has been checked"),
            _("%(thing)s has been checked. Review the results."),
            "validated",
        ),
    ),
    ("partners.import", "finish"): (
        staff_notice(
            audiences.job_requester,
            _("A file has been imported into the register"),
            _("%(thing)s has been imported."),
            "imported",
        ),
    ),
    ("partners.import", "fail"): (
        staff_notice(
            audiences.job_requester,
            _("A file could not be read"),
            _("%(thing)s could not be processed. Its page shows the reason."),
            "failed",
        ),
    ),
    ("partners.import", "roll_back"): (
        staff_notice(
            audiences.job_requester,
            _("An import was undone"),
            _("The entries from %(thing)s have been removed."),
            "rolled_back",
        ),
    ),
}
