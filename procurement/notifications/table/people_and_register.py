"""Rows of the notification table about people, roles, contacts and the city register."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from procurement.notifications import audiences
from procurement.notifications.audiences import (
    agreement_keepers,
    askers_of,
    askers_of_link,
    delegation_parties,
    keepers_of_contact,
    keepers_of_person,
    register_keepers,
    waiting_on,
)
from procurement.notifications.conditions.general import always, is_by_person, is_undeliverable
from procurement.notifications.conditions.people import (
    is_delegation_active,
    is_deputy,
    is_expiring,
    is_named_elsewhere,
    is_no_deputy,
    is_still_away,
    is_stopped_for,
    is_unconfirmed,
    may_ask_again,
)
from procurement.notifications.notices import (
    Notice,
    contact_message,
    email_code,
    immediate_message,
    invitation_link,
    no_link,
    own_page_link,
    repeated_link,
    staff_notice,
)

ABOUT_PEOPLE: dict[tuple[str, str], tuple[Notice, ...]] = {
    # --- events on any item -------------------------------------------------------------------------------------
    ("*", "comment"): (
        staff_notice(audiences.concerned, _("New comment"), _("%(who)s commented on %(thing)s."), stays=True),
    ),
    ("*", "undelivered"): (
        staff_notice(
            audiences.keeper,
            _("A message was not delivered"),
            _(
                "A message about %(thing)s to %(to)s could not be delivered. Check the email "
                "address, or contact them another way."
            ),
            stays=True,
        ),
    ),
    # --- people -------------------------------------------------------------------------------------------------
    ("accounts.actionlink", "ask_for_code"): (
        immediate_message(audiences.owner, "code", link=email_code, lasts=timedelta(minutes=10), stays=True),
    ),
    ("accounts.actionlink", "request_new"): (
        immediate_message(audiences.owner, "link_again", link=repeated_link, stays=True),
    ),
    ("accounts.actionlink", "not_for_me"): (
        staff_notice(
            askers_of_link,
            _("A message went to the wrong person"),
            _(
                "Someone reported that a message from you was not meant for them. Find out who "
                "the right person is."
            ),
            stays=True,
        ),
    ),
    ("accounts.user", "change_sign_in"): (
        immediate_message(audiences.owner, "sign_in_changed", link=no_link, stays=True),
    ),
    ("accounts.user", "digest"): (contact_message(audiences.owner, "digest", stays=True),),
    ("accounts.user", "bounce"): (
        staff_notice(
            keepers_of_person,
            _("An email address does not work"),
            _(
                "Emails to %(thing)s are being returned. Enter another address, or name someone else "
                "at their office."
            ),
            still=is_undeliverable,
        ),
        staff_notice(
            askers_of,
            _("An email address does not work"),
            _(
                "Emails to %(thing)s are being returned. Ask another contact, or ask their office "
                "for a new address. Their own city or a coordinator can enter it."
            ),
            still=is_undeliverable,
        ),
    ),
    ("partners.invitation", "invite"): (
        immediate_message(audiences.owner, "invitation", "sent", link=invitation_link),
    ),
    ("partners.invitation", "renew"): (
        immediate_message(audiences.owner, "invitation", "sent", link=invitation_link),
    ),
    ("partners.membership", "grant"): (
        staff_notice(
            audiences.owner,
            _("You have a new role"),
            _("%(who)s gave you a role: %(role)s (%(place)s)."),
            "active",
            holds=is_by_person,
        ),
    ),
    ("partners.membership", "end"): (
        staff_notice(
            audiences.owner,
            _("One of your roles has ended"),
            _("%(who)s ended one of your roles: %(role)s (%(place)s)."),
            "ended",
            holds=is_by_person,
        ),
    ),
    ("partners.delegation", "delegate"): (
        staff_notice(
            audiences.delegate,
            _("You are now an approval delegate"),
            _(
                "%(giver)s asks you to approve in their place from %(from)s until %(until)s. "
                "Orders waiting for them are shown on your Today page."
            ),
            still=is_delegation_active,
        ),
    ),
    ("partners.delegation", "revoke"): (
        staff_notice(
            delegation_parties,
            _("An approval delegation has ended"),
            _("%(who)s ended the delegation: %(thing)s."),
            stays=True,
        ),
    ),
    ("partners.contact", "invite"): (
        contact_message(audiences.owner, "contact_invited", "invited", link=own_page_link),
        staff_notice(
            keepers_of_contact,
            _("Another city added a contact in your city"),
            _(
                "%(named_by)s added %(thing)s as a contact in %(city)s. Confirm that they work "
                "there. Until then, they are suggested to %(named_by)s only."
            ),
            "invited",
            "active",
            holds=is_named_elsewhere,
            still=is_named_elsewhere,
        ),
    ),
    ("partners.contact", "new_address"): (
        contact_message(audiences.owner, "address_changed", "invited", "active", link=own_page_link),
    ),
    **{
        ("partners.contact", verb): (
            contact_message(
                audiences.owner, "contact_changed", "invited", "active", link=own_page_link, still=still
            ),
        )
        for verb, still in {
            "correct": always,
            "go_away": is_still_away,
            "name_deputy": is_deputy,
            "drop_deputy": is_no_deputy,
            "resume_for_city": may_ask_again,
            "confirm_place": always,
        }.items()
    },
    ("partners.contact", "suggest_change"): (
        contact_message(audiences.owner, "contact_suggestion", "active", link=own_page_link),
        staff_notice(
            keepers_of_contact,
            _("A change to a contact’s details was suggested"),
            _("%(who)s (%(cities)s) suggested a change to the details of %(thing)s: %(reason)s"),
            stays=True,
        ),
    ),
    ("partners.contact", "stop_for_city"): (
        contact_message(
            audiences.owner, "contact_stopped_for", "active", link=own_page_link, still=is_stopped_for
        ),
        staff_notice(
            waiting_on,
            _("A city stopped its requests"),
            _(
                "%(who)s stopped all requests from %(cities)s to %(thing)s: %(reason)s Inquiries "
                "and checks from other cities continue."
            ),
            "active",
            still=is_stopped_for,
        ),
    ),
    ("partners.contact", "confirm"): (
        staff_notice(
            audiences.introducers,
            _("A contact gave consent"),
            _("%(thing)s agreed to receive requests from partner cities."),
            "active",
        ),
    ),
    ("partners.correction", "propose"): (
        staff_notice(
            register_keepers,
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
            audiences.keeper,
            _("Your correction was accepted"),
            _("%(who)s accepted your correction: %(thing)s. It is now in the register. Thank you."),
            "accepted",
        ),
    ),
    ("partners.correction", "decline"): (
        staff_notice(
            audiences.keeper,
            _("Your correction was declined"),
            _("%(who)s reviewed your correction: %(thing)s. The register has not been changed. %(reason)s"),
            "declined",
        ),
    ),
    # --- an agreement that runs out: six months and one month before (partners/agreements/rules.py) -----------------
    ("partners.twinningagreement", "ask_to_confirm"): (
        staff_notice(
            audiences.confirmers,
            _("An agreement is waiting for your confirmation"),
            _(
                "%(who)s entered or extended the agreement %(thing)s. Confirm it if it is correct. "
                "%(unconfirmed)s"
            ),
            "recorded",
            still=is_unconfirmed,
        ),
    ),
    ("partners.twinningagreement", "remind"): (
        contact_message(agreement_keepers, "agreement_ends", "recorded", still=is_expiring),
    ),
    # --- register imports, processed by the periodic job --------------------------------------------------------
    ("partners.import", "check"): (
        staff_notice(
            audiences.asker,
            _("A file has been checked"),
            _("%(thing)s has been checked. Review the results."),
            "validated",
        ),
    ),
    ("partners.import", "finish"): (
        staff_notice(
            audiences.asker,
            _("A file has been imported into the register"),
            _("%(thing)s has been imported."),
            "imported",
        ),
    ),
    ("partners.import", "fail"): (
        staff_notice(
            audiences.asker,
            _("A file could not be read"),
            _("%(thing)s could not be processed. Its page shows the reason."),
            "failed",
        ),
    ),
    ("partners.import", "roll_back"): (
        staff_notice(
            audiences.asker,
            _("An import was undone"),
            _("The entries from %(thing)s have been removed."),
            "rolled_back",
        ),
    ),
}
