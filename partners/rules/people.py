"""The lives of a contact, a role and an invitation: who may add, agree, stop, give, end and accept."""

from django.utils.translation import gettext_lazy as _

from partners.models.people import Contact, Invitation, Membership
from partners.roles import APPOINTED_ROLES, CITY_ROLES, Power
from partners.rules.trust import (
    asks,
    is_self,
    keeps,
    may_confirm_place,
    may_correct,
    may_invite,
    may_let_ask,
    may_suggest,
    self_or_keeper,
)
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.moves import Move, Moves, not_ready, one_of

FAMILY_FIRST = frozenset({"CN", "HK", "MO", "TW", "JP", "KR", "KP", "HU", "VN"})


def order_of(country: str) -> str:
    """In which order the parts of a name are usually written in a country: a first guess, until somebody says otherwise."""
    return Contact.NameOrder.FAMILY_FIRST if country in FAMILY_FIRST else Contact.NameOrder.GIVEN_FIRST


# --- contacts ---------------------------------------------------------------------------------------------------
def returns_mail(contact: Contact) -> Refused | None:
    """Somebody's address is changed by others only where mail comes back, and never for who signs in here: they do it themselves."""
    if contact.user.bounced_at is None:
        return not_ready(_("Mail arrives at the address that is known, so nobody else changes it."))
    if contact.user.has_usable_password():
        return not_ready(_("They sign in here and change their address themselves. Tell them."))
    return None


def has_deputies(contact: Contact) -> Refused | None:
    """There is somebody to take off."""
    if contact.pk and contact.deputies.exists():
        return None
    return not_ready(_("Nobody stands in for them."))


INVITE = Move[Contact](
    verb="invite",
    label=_("Add a contact"),
    past=_("added the contact"),
    target=Contact.Status.INVITED,
    allowed=may_invite,
)
CONFIRM = Move[Contact](
    verb="confirm",
    label=_("I agree to be asked"),
    past=_("agreed to be asked"),
    source=one_of(Contact.Status.INVITED),
    target=Contact.Status.ACTIVE,
    allowed=is_self,
)
CONFIRM_PLACE = Move[Contact](
    verb="confirm_place",
    label=_("Confirm that they work here"),
    past=_("confirmed that they work there"),
    source=one_of(Contact.Status.INVITED, Contact.Status.ACTIVE),
    allowed=may_confirm_place,
)
CORRECT = Move[Contact](
    verb="correct",
    label=_("Correct"),
    past=_("corrected the contact's details"),
    source=one_of(Contact.Status.INVITED, Contact.Status.ACTIVE, Contact.Status.STOPPED),
    allowed=may_correct,
)
GO_AWAY = Move[Contact](
    verb="go_away",
    label=_("Away for a while"),
    past=_("said until when they are away"),
    source=one_of(Contact.Status.ACTIVE),
    allowed=self_or_keeper,
)
NAME_DEPUTY = Move[Contact](
    verb="name_deputy",
    label=_("Name a deputy"),
    past=_("named a deputy"),
    source=one_of(Contact.Status.ACTIVE),
    allowed=self_or_keeper,
)
DROP_DEPUTY = Move[Contact](
    verb="drop_deputy",
    label=_("Take a deputy off"),
    past=_("took a deputy off"),
    source=one_of(Contact.Status.ACTIVE),
    allowed=self_or_keeper,
    ready=has_deputies,
)
NEW_ADDRESS = Move[Contact](
    verb="new_address",
    label=_("Give another address"),
    past=_("gave another address"),
    source=one_of(Contact.Status.INVITED, Contact.Status.ACTIVE),
    allowed=keeps,
    ready=returns_mail,
)
STOP = Move[Contact](
    verb="stop",
    label=_("Ask nothing more"),
    past=_("stopped the questions"),
    source=one_of(Contact.Status.INVITED, Contact.Status.ACTIVE),
    target=Contact.Status.STOPPED,
    allowed=is_self,
)
RESUME = Move[Contact](
    verb="resume",
    label=_("You may ask me again"),
    past=_("agreed again to be asked"),
    source=one_of(Contact.Status.STOPPED),
    target=Contact.Status.ACTIVE,
    allowed=is_self,
)
SUGGEST_CHANGE = Move[Contact](
    verb="suggest_change",
    label=_("Suggest a change"),
    past=_("suggested a change"),
    source=one_of(Contact.Status.ACTIVE),
    allowed=may_suggest,
    reason=True,
)
STOP_FOR_CITY = Move[Contact](
    verb="stop_for_city",
    label=_("Stop our questions"),
    past=_("stopped the questions of one city"),
    source=one_of(Contact.Status.ACTIVE),
    allowed=asks,
    reason=True,
)
RESUME_FOR_CITY = Move[Contact](
    verb="resume_for_city",
    label=_("Allow the questions again"),
    past=_("allowed the questions of one city again"),
    source=one_of(Contact.Status.INVITED, Contact.Status.ACTIVE, Contact.Status.STOPPED),
    allowed=may_let_ask,
)

CONTACT_MOVES = Moves(
    Contact,
    INVITE,
    CONFIRM,
    CONFIRM_PLACE,
    CORRECT,
    GO_AWAY,
    NAME_DEPUTY,
    DROP_DEPUTY,
    NEW_ADDRESS,
    SUGGEST_CHANGE,
    STOP_FOR_CITY,
    RESUME_FOR_CITY,
    STOP,
    RESUME,
    ends={},
)


# --- roles ------------------------------------------------------------------------------------------------------
def may_give(by: Actor, given: Membership | Invitation) -> bool | Refused:
    """Who looks after the city's people gives its roles; who coordinates the network names administrators and coordinators."""
    if given.role in APPOINTED_ROLES and by.may(Power.APPOINT, given):
        return True
    if not by.may(Power.MANAGE_PEOPLE, given):
        return False
    return given.role in CITY_ROLES or Refused(
        NOT_ALLOWED, _("Coordinators are named by who coordinates the whole network.")
    )


def may_end(by: Actor, membership: Membership) -> bool | Refused:
    """Who may give the role, and whoever holds it: one may always leave."""
    return by.user_id == membership.user_id or may_give(by, membership)


def was_invited(by: Actor, membership: Membership) -> bool:
    """Somebody who has just accepted the invitation to this very role."""
    invitation = membership.invitation
    return (
        invitation is not None
        and invitation.status == Invitation.Status.ACCEPTED
        and by.user_id == invitation.user_id == membership.user_id
        and (membership.city_id, membership.role) == (invitation.city_id, invitation.role)
    )


GRANT = Move[Membership](
    verb="grant",
    label=_("Give a role"),
    past=_("gave the role"),
    target=Membership.Status.ACTIVE,
    allowed=may_give,
)
JOIN = Move[Membership](
    verb="join",
    label=_("Join"),
    past=_("took the role"),
    target=Membership.Status.ACTIVE,
    allowed=was_invited,
)
END_ROLE = Move[Membership](
    verb="end",
    label=_("End the role"),
    past=_("ended the role"),
    source=one_of(Membership.Status.ACTIVE),
    target=Membership.Status.ENDED,
    allowed=may_end,
)

MEMBERSHIP_MOVES = Moves(
    Membership,
    GRANT,
    JOIN,
    END_ROLE,
    ends={Membership.Status.ENDED: "kept for the record; a role given again is a new membership"},
)


# --- invitations ------------------------------------------------------------------------------------------------
def is_addressee(by: Actor, invitation: Invitation) -> bool:
    """The person it was sent to. The clock and the console are never invited."""
    return by.user_id is not None and by.user_id == invitation.user_id


def same_address(invitation: Invitation) -> Refused | None:
    """An invitation is bound to the address it was sent to."""
    if invitation.user.email == invitation.email:
        return None
    return not_ready(_("This invitation went to an address that is no longer yours. Ask for a new one."))


SEND_INVITATION = Move[Invitation](
    verb="invite",
    label=_("Invite"),
    past=_("sent the invitation"),
    target=Invitation.Status.SENT,
    allowed=may_give,
)
ACCEPT = Move[Invitation](
    verb="accept",
    label=_("Accept"),
    past=_("accepted the invitation"),
    source=one_of(Invitation.Status.SENT),
    target=Invitation.Status.ACCEPTED,
    allowed=is_addressee,
    ready=same_address,
)
RENEW_INVITATION = Move[Invitation](
    verb="renew",
    label=_("Send again"),
    past=_("sent the invitation again"),
    source=one_of(Invitation.Status.SENT),
    allowed=may_give,
)
REVOKE = Move[Invitation](
    verb="revoke",
    label=_("Take back"),
    past=_("took the invitation back"),
    source=one_of(Invitation.Status.SENT),
    target=Invitation.Status.REVOKED,
    allowed=may_give,
)

INVITATION_MOVES = Moves(
    Invitation,
    SEND_INVITATION,
    RENEW_INVITATION,
    ACCEPT,
    REVOKE,
    ends={
        Invitation.Status.ACCEPTED: "the person holds the role",
        Invitation.Status.REVOKED: "taken back; a new one may be sent",
    },
)
