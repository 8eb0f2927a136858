"""The notices about people, questions, offers and checks."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from procurement.notices import audiences
from procurement.notices.audiences import (
    askers_of,
    askers_of_link,
    callers_of_lead,
    go_between,
    keeper_of_lead,
    keepers_of_contact,
    keepers_of_person,
    register_keepers,
    tie_keepers,
    waiting_on,
)
from procurement.notices.notice import (
    Notice,
    always,
    answer,
    asks_contact_still,
    asks_introducer_still,
    at_once,
    before_it_went,
    blocks,
    blocks_first,
    by_a_person,
    check_is_to_be_made,
    check_is_wanted,
    code,
    does_not_arrive,
    ended_by_the_clock,
    goes_on,
    invitation,
    is_asked_again,
    is_away_so,
    is_deputy,
    is_given,
    is_named_elsewhere,
    is_no_deputy,
    is_paused,
    is_stopped,
    is_stopped_for,
    is_unconfirmed,
    letter,
    mail_arrives,
    may_ask_again,
    may_go,
    needs_more,
    no_link,
    not_reached,
    offer_stands,
    once_it_went,
    own_page,
    partner_was_asked,
    phone,
    raised_first,
    reached_and_changed,
    reached_them,
    runs_out,
    staff,
    thanks,
    the_same_again,
    waits_to_be_looked_at,
    was_offered,
    was_sent,
)

PHONE = _("Three reminders went out to %(contact)s and nobody answered. Please phone.")
NO_MORE_REMINDERS = _(
    "Three reminders about %(thing)s went to %(contact)s before, so no more follow. Please phone."
)
MAY_WE = _(
    "%(city)s would like to ask a contact of yours for help, and asks you first. Agree, or say rather not."
)
PASSED_ON = _("%(contact)s passed %(thing)s on to a colleague, who has been asked.")

ABOUT_QUESTIONS: dict[tuple[str, str], tuple[Notice, ...]] = {
    # --- what may happen to anything ----------------------------------------------------------------------------
    ("*", "comment"): (
        staff(audiences.concerned, _("A comment"), _("%(who)s wrote a comment on %(thing)s."), stays=True),
    ),
    ("*", "undelivered"): (
        staff(
            audiences.keeper,
            _("A message did not arrive"),
            _(
                "A message about %(thing)s to %(to)s could not be delivered. Check the address, or reach them another way."
            ),
            stays=True,
        ),
    ),
    # --- people -------------------------------------------------------------------------------------------------
    ("accounts.link", "ask_for_code"): (
        at_once(audiences.oneself, "code", link=code, lasts=timedelta(minutes=10), stays=True),
    ),
    ("accounts.link", "ask_again"): (
        at_once(audiences.oneself, "link_again", link=the_same_again, stays=True),
    ),
    ("accounts.link", "not_for_me"): (
        staff(
            askers_of_link,
            _("The wrong person"),
            _(
                "Somebody says that a message of yours was not meant for them. Find out who is the right person."
            ),
            stays=True,
        ),
    ),
    ("accounts.user", "change_sign_in"): (
        at_once(audiences.oneself, "sign_in_changed", link=no_link, stays=True),
    ),
    ("accounts.user", "digest"): (letter(audiences.oneself, "digest", stays=True),),
    ("accounts.user", "bounce"): (
        staff(
            keepers_of_person,
            _("An address that does not work"),
            _("Mail to %(thing)s comes back. Give another address, or name another person at their office."),
            still=does_not_arrive,
        ),
        staff(
            askers_of,
            _("An address that does not work"),
            _(
                "Mail to %(thing)s comes back. Ask another contact, or ask their office for a new address: their own city or a "
                "coordinator enters it."
            ),
            still=does_not_arrive,
        ),
    ),
    ("partners.invitation", "invite"): (at_once(audiences.oneself, "invitation", "sent", link=invitation),),
    ("partners.invitation", "renew"): (at_once(audiences.oneself, "invitation", "sent", link=invitation),),
    ("partners.membership", "grant"): (
        staff(
            audiences.oneself,
            _("You have a new role"),
            _("%(who)s gave you a role: %(role)s (%(place)s)."),
            "active",
            holds=by_a_person,
        ),
    ),
    ("partners.membership", "end"): (
        staff(
            audiences.oneself,
            _("A role of yours has ended"),
            _("%(who)s ended a role of yours: %(role)s (%(place)s)."),
            "ended",
            holds=by_a_person,
        ),
    ),
    ("partners.delegation", "delegate"): (
        staff(
            audiences.deputy,
            _("You approve for somebody"),
            _(
                "%(giver)s asks you to approve in their place from %(from)s until %(until)s. "
                "Each order that waits for them stands on your page Today."
            ),
            still=is_given,
        ),
    ),
    ("partners.delegation", "take_back"): (
        staff(
            audiences.parties,
            _("Approving for somebody has ended"),
            _("%(who)s ended it: %(thing)s."),
            stays=True,
        ),
    ),
    ("partners.contact", "invite"): (
        letter(audiences.oneself, "contact_invited", "invited", link=own_page),
        staff(
            keepers_of_contact,
            _("Another city named a contact in your city"),
            _(
                "%(named_by)s named %(thing)s as a contact in %(city)s. Confirm that they work there: until then they are "
                "suggested only to %(named_by)s."
            ),
            "invited",
            "active",
            holds=is_named_elsewhere,
            still=is_named_elsewhere,
        ),
    ),
    ("partners.contact", "new_address"): (
        letter(audiences.oneself, "address_changed", "invited", "active", link=own_page),
    ),
    **{
        ("partners.contact", verb): (
            letter(audiences.oneself, "contact_changed", "invited", "active", link=own_page, still=still),
        )
        for verb, still in {
            "correct": always,
            "go_away": is_away_so,
            "name_deputy": is_deputy,
            "drop_deputy": is_no_deputy,
            "resume_for_city": may_ask_again,
            "confirm_place": always,
        }.items()
    },
    ("partners.contact", "suggest_change"): (
        letter(audiences.oneself, "contact_suggestion", "active", link=own_page),
        staff(
            keepers_of_contact,
            _("A change to a contact’s details is suggested"),
            _("%(who)s (%(cities)s) suggests a change to the details of %(thing)s: %(reason)s"),
            stays=True,
        ),
    ),
    ("partners.contact", "stop_for_city"): (
        letter(audiences.oneself, "contact_stopped_for", "active", link=own_page, still=is_stopped_for),
        staff(
            waiting_on,
            _("A city stopped its questions"),
            _(
                "%(who)s stopped the questions of %(cities)s to %(thing)s: %(reason)s "
                "Questions and checks of other cities go on."
            ),
            "active",
            still=is_stopped_for,
        ),
    ),
    ("partners.contact", "confirm"): (
        staff(
            audiences.introducers,
            _("A contact agreed"),
            _("%(thing)s agreed to be asked by partner cities."),
            "active",
        ),
    ),
    ("partners.correction", "propose"): (
        staff(
            register_keepers,
            _("A correction is proposed"),
            _(
                "%(who)s proposes a correction of the register: %(thing)s. Accept it, or decline it and say why."
            ),
            "proposed",
        ),
    ),
    ("partners.correction", "accept"): (
        staff(
            audiences.keeper,
            _("Your correction is in the register"),
            _("%(who)s accepted what you proposed: %(thing)s. Thank you."),
            "accepted",
        ),
    ),
    ("partners.correction", "decline"): (
        staff(
            audiences.keeper,
            _("Your correction was not taken over"),
            _("%(who)s looked at what you proposed: %(thing)s. The register stays as it is. %(reason)s"),
            "declined",
        ),
    ),
    # --- an agreement that runs out: six months and one month before (partners/rules/expiry.py) -----------------
    ("partners.twinning", "ask_to_confirm"): (
        staff(
            audiences.confirmers,
            _("An agreement waits for your confirmation"),
            _("%(who)s entered or extended the agreement %(thing)s. Confirm it if it is so. %(unconfirmed)s"),
            "recorded",
            still=is_unconfirmed,
        ),
    ),
    ("partners.twinning", "remind"): (letter(tie_keepers, "agreement_ends", "recorded", still=runs_out),),
    # --- a file of the register that the machine works off ------------------------------------------------------
    ("partners.import", "check"): (
        staff(
            audiences.asker,
            _("A file is checked"),
            _("%(thing)s is checked: look at what was found."),
            "checked",
        ),
    ),
    ("partners.import", "finish"): (
        staff(audiences.asker, _("A file is in the register"), _("%(thing)s is entered."), "done"),
    ),
    ("partners.import", "fail"): (
        staff(
            audiences.asker,
            _("A file could not be read"),
            _("%(thing)s failed. Its page says why."),
            "failed",
        ),
    ),
    ("partners.import", "take_back"): (
        staff(
            audiences.asker,
            _("A file is taken back"),
            _("What %(thing)s had entered is out again."),
            "withdrawn",
        ),
    ),
    # --- a need -------------------------------------------------------------------------------------------------
    ("procurement.supplyrequest", "ask_again"): (
        staff(
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
        letter(audiences.offerers, "offers_stopped", "open", still=is_stopped),
    ),
    # --- a question to a contact --------------------------------------------------------------------------------
    ("procurement.inquiry", "send"): (letter(audiences.contact, "inquiry", "sent", link=answer),),
    ("procurement.inquiry", "consent"): (
        letter(audiences.contact, "inquiry", "sent", link=answer),
        staff(
            audiences.keeper,
            _("The partner city agrees"),
            _("Their contact has been asked: %(thing)s."),
            "sent",
        ),
    ),
    ("procurement.inquiry", "ask_partner"): (
        letter(audiences.introducer, "consent", "awaiting_consent", link=answer, still=may_go),
        staff(go_between, _("May we ask your contact?"), MAY_WE, "awaiting_consent", still=may_go),
    ),
    ("procurement.inquiry", "refuse"): (
        staff(
            audiences.keeper,
            _("The partner city would rather not"),
            _("%(thing)s was not sent. Ask somebody else."),
            "refused",
            still=needs_more,
        ),
    ),
    ("procurement.inquiry", "answer"): (
        thanks(audiences.contact, "inquiry_thanks"),
        staff(
            audiences.keeper,
            _("An answer came in"),
            _("%(contact)s answered %(thing)s. Look at the offer."),
            "answered",
            still=waits_to_be_looked_at,
        ),
    ),
    ("procurement.inquiry", "decline"): (
        staff(
            audiences.keeper,
            _("They cannot help"),
            _("%(contact)s cannot help with %(thing)s. Ask somebody else."),
            "declined",
            still=needs_more,
        ),
    ),
    ("procurement.inquiry", "hand_over"): (
        staff(audiences.keeper, _("A colleague takes over"), PASSED_ON, "handed_over"),
    ),
    ("procurement.inquiry", "remind"): (
        letter(audiences.contact, "inquiry_reminder", "sent", link=answer, holds=once_it_went),
        phone(audiences.callers, PHONE, "sent"),
        letter(
            audiences.introducer,
            "consent_reminder",
            "awaiting_consent",
            link=answer,
            holds=before_it_went,
            still=may_go,
        ),
        staff(
            go_between,
            _("May we ask your contact?"),
            MAY_WE,
            "awaiting_consent",
            holds=before_it_went,
            still=may_go,
        ),
    ),
    ("procurement.inquiry", "redate"): (letter(audiences.contact, "inquiry_redated", "sent", link=answer),),
    ("procurement.inquiry", "restate"): (
        letter(
            audiences.contact,
            "inquiry_changed",
            "sent",
            "answered",
            "lapsed",
            link=answer,
            holds=reached_and_changed,
        ),
        letter(audiences.contact, "inquiry", "sent", link=answer, holds=not_reached),
    ),
    ("procurement.inquiry", "pause"): (
        letter(audiences.contact, "inquiry_paused", "sent", holds=reached_them, still=is_paused),
    ),
    ("procurement.inquiry", "go_on"): (
        letter(audiences.contact, "inquiry_again", "sent", link=answer, holds=reached_them, still=goes_on),
        letter(audiences.contact, "inquiry", "sent", link=answer, holds=not_reached, still=goes_on),
    ),
    ("procurement.inquiry", "give_way"): (
        staff(
            audiences.keeper,
            _("Somebody else may be asked"),
            _(
                "%(contact)s has not answered %(thing)s. Whoever is suggested next can be asked with one button."
            ),
            "sent",
            holds=mail_arrives,
        ),
        staff(
            audiences.keeper,
            _("A partner city has not answered"),
            _(
                "%(through)s has not said whether its contact may be asked: %(thing)s. Remind it, ask another contact, or take "
                "the question back."
            ),
            "awaiting_consent",
            holds=before_it_went,
        ),
    ),
    ("procurement.inquiry", "give_up"): (
        staff(
            audiences.keeper,
            _("The partner city did not answer"),
            _(
                "%(through)s did not say whether its contact may be asked. %(thing)s was not sent. Ask another contact."
            ),
            "cancelled",
        ),
        letter(audiences.introducer, "consent_not_needed", "cancelled"),
    ),
    ("procurement.inquiry", "ask_next"): (
        letter(audiences.contact, "inquiry_next", "lapsed", link=answer, holds=reached_them),
    ),
    ("procurement.inquiry", "lapse"): (
        staff(
            audiences.keeper,
            _("No answer came"),
            _("%(thing)s is no longer waited for. A late answer is still welcome."),
            "lapsed",
        ),
    ),
    ("procurement.inquiry", "cancel"): (
        letter(
            audiences.contact, "inquiry_not_needed", "cancelled", holds=was_sent, still=asks_contact_still
        ),
        letter(
            audiences.introducer,
            "consent_not_needed",
            "cancelled",
            holds=partner_was_asked,
            still=asks_introducer_still,
        ),
        staff(
            audiences.keeper,
            _("A question has ended"),
            _("%(thing)s was taken back: %(reason)s Ask somebody else."),
            "cancelled",
            holds=ended_by_the_clock,
            still=needs_more,
        ),
    ),
    # --- an offer -----------------------------------------------------------------------------------------------
    ("procurement.supplierlead", "verify"): (
        letter(audiences.contact, "lead_verified", "verified", link=own_page),
    ),
    ("procurement.supplierlead", "reject"): (
        letter(audiences.contact, "lead_not_taken", "rejected", link=own_page),
    ),
    ("procurement.supplierlead", "reopen"): (
        staff(
            audiences.keeper,
            _("An offer needs another look"),
            _("%(thing)s went back to checking. %(reason)s"),
            "checking",
        ),
    ),
    ("procurement.supplierlead", "expire"): (
        staff(
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
            still=offer_stands,
            holds=blocks,
            mailed=blocks_first,
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
            still=offer_stands,
            holds=blocks,
            mailed=raised_first,
            together=True,
        ),
    ),
    # --- a check ------------------------------------------------------------------------------------------------
    ("procurement.verificationtask", "offer"): (
        letter(audiences.contact, "check", "offered", link=answer),
        phone(callers_of_lead, NO_MORE_REMINDERS, "offered", "taken"),
    ),
    ("procurement.verificationtask", "remind"): (
        letter(audiences.contact, "check_reminder", "offered", "taken", "returned", link=answer),
        phone(callers_of_lead, PHONE, "offered", "taken", "returned"),
    ),
    ("procurement.verificationtask", "redate"): (
        letter(audiences.contact, "check_redated", "offered", "taken", "returned", link=answer),
    ),
    ("procurement.verificationtask", "submit"): (
        at_once(audiences.contact, "check_received", "submitted", link=own_page),
        staff(
            keeper_of_lead,
            _("A report is in"),
            _("Read the report on %(thing)s. Accept it, or return it with a question."),
            "submitted",
        ),
    ),
    # --- a check that another city would like to use ------------------------------------------------------------
    ("procurement.reuse", "ask"): (
        staff(
            audiences.judges,
            _("May another city use your check?"),
            _(
                "Another city looks at a company that you have checked: %(thing)s. Let it use your check, or say rather not."
            ),
            "asked",
        ),
    ),
    ("procurement.reuse", "agree"): (
        letter(audiences.contact, "reuse_thanks", "agreed", link=own_page),
        staff(
            audiences.officers,
            _("Thank you for sharing a check"),
            _("%(to)s thanks you: your check counts for its offer, too."),
            "agreed",
        ),
        staff(
            audiences.keeper,
            _("A city shares its check"),
            _("%(city)s lets you use its check, and has been thanked."),
            "agreed",
        ),
    ),
    ("procurement.reuse", "refuse"): (
        staff(
            audiences.keeper,
            _("The other city would rather not"),
            _("The city you asked would rather not share its check. Make one of your own."),
            "refused",
            still=check_is_to_be_made,
        ),
    ),
    ("procurement.verificationtask", "accept"): (
        letter(audiences.contact, "check_thanks", "accepted", "outdated", link=own_page),
    ),
    ("procurement.verificationtask", "return"): (
        letter(audiences.contact, "check_returned", "returned", link=answer),
        phone(callers_of_lead, NO_MORE_REMINDERS, "returned"),
    ),
    ("procurement.verificationtask", "decline"): (
        staff(
            keeper_of_lead,
            _("A check cannot be done"),
            _("%(contact)s cannot do %(thing)s. Ask somebody else."),
            "declined",
            still=check_is_wanted,
        ),
    ),
    ("procurement.verificationtask", "hand_over"): (
        staff(keeper_of_lead, _("A colleague takes over"), PASSED_ON, "handed_over"),
    ),
    ("procurement.verificationtask", "cancel"): (
        letter(
            audiences.contact, "check_not_needed", "cancelled", holds=was_offered, still=asks_contact_still
        ),
    ),
}
