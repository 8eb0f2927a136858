"""Rules of roles, invitations and delegations of approval, and of lists of people who have left."""

from collections.abc import Collection
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from partners.memberships.models import Invitation, Membership
from partners.memberships.roles import APPOINTED_ROLES, CITY_ROLES
from partners.powers import Power
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.moves import Move, Moves, first_refusal, not_ready_refusal, one_of


# --- roles ------------------------------------------------------------------------------------------------------
def may_grant(by: Actor, given: Membership | Invitation) -> bool | Refused:
    """Return True if the actor may give this role, otherwise False or a refusal.

    Those who manage the people of the city give its roles. Coordinators of the network appoint administrators
    and coordinators.
    """
    if given.role in APPOINTED_ROLES and by.may(Power.APPOINT, given):
        return True
    if not by.may(Power.MANAGE_PEOPLE, given):
        return False
    return given.role in CITY_ROLES or Refused(
        NOT_ALLOWED, _("Only a coordinator of the whole network can name coordinators.")
    )


def may_end(by: Actor, membership: Membership) -> bool | Refused:
    """Return True for the holder of the role and for those who may give it."""
    return by.user_id == membership.user_id or may_grant(by, membership)


def has_accepted_invitation(by: Actor, membership: Membership) -> bool:
    """Return True for a person who has just accepted the invitation to exactly this role."""
    invitation = membership.invitation
    return (
        invitation is not None
        and invitation.status == Invitation.Status.ACCEPTED
        and by.user_id == invitation.user_id == membership.user_id
        and (membership.city_id, membership.role) == (invitation.city_id, invitation.role)
    )


GRANT = Move[Membership](
    verb="grant",
    label=_("Assign role"),
    past_tense=_("assigned the role"),
    target=Membership.Status.ACTIVE,
    allowed=may_grant,
)
ACCEPT_ROLE = Move[Membership](
    verb="join",
    label=_("Accept role"),
    past_tense=_("accepted the role"),
    target=Membership.Status.ACTIVE,
    allowed=has_accepted_invitation,
)
END_ROLE = Move[Membership](
    verb="end",
    label=_("End role"),
    past_tense=_("ended the role"),
    source=one_of(Membership.Status.ACTIVE),
    target=Membership.Status.ENDED,
    allowed=may_end,
)

MEMBERSHIP_MOVES = Moves(
    Membership,
    GRANT,
    ACCEPT_ROLE,
    END_ROLE,
    ends={Membership.Status.ENDED: "kept for the record; the same role later is a new membership"},
)


# --- invitations ------------------------------------------------------------------------------------------------
def is_addressee(by: Actor, invitation: Invitation) -> bool:
    """Return True for the person invited. The scheduler and the console are never invited."""
    return by.user_id is not None and by.user_id == invitation.user_id


def address_changed_refusal(invitation: Invitation) -> Refused | None:
    """Refuse if the address of the person has changed since the invitation: it is bound to the old one."""
    if invitation.user.email == invitation.email:
        return None
    return not_ready_refusal(
        _("This invitation was sent to an address that is no longer yours. Ask for a new one.")
    )


SEND_INVITATION = Move[Invitation](
    verb="invite",
    label=_("Send invitation"),
    past_tense=_("sent the invitation"),
    target=Invitation.Status.SENT,
    allowed=may_grant,
)
ACCEPT_INVITATION = Move[Invitation](
    verb="accept",
    label=_("Accept invitation"),
    past_tense=_("accepted the invitation"),
    source=one_of(Invitation.Status.SENT),
    target=Invitation.Status.ACCEPTED,
    allowed=is_addressee,
    ready=address_changed_refusal,
)
RENEW_INVITATION = Move[Invitation](
    verb="renew",
    label=_("Resend invitation"),
    past_tense=_("resent the invitation"),
    source=one_of(Invitation.Status.SENT),
    allowed=may_grant,
)
REVOKE_INVITATION = Move[Invitation](
    verb="revoke",
    label=_("Withdraw invitation"),
    past_tense=_("withdrew the invitation"),
    source=one_of(Invitation.Status.SENT),
    target=Invitation.Status.REVOKED,
    allowed=may_grant,
)

INVITATION_MOVES = Moves(
    Invitation,
    SEND_INVITATION,
    RENEW_INVITATION,
    ACCEPT_INVITATION,
    REVOKE_INVITATION,
    ends={
        Invitation.Status.ACCEPTED: "the person holds the role",
        Invitation.Status.REVOKED: "withdrawn; a new one may be sent",
    },
)

MAX_DELEGATION_DURATION = timedelta(days=60)  # for a longer absence, the role must be handed over


def delegation_refusal(
    *, approves: bool, works_here: bool, oneself: bool, days: tuple[date, date, date]
) -> Refused | None:
    """Return the reason to refuse a delegation, or None.

    `approves` is True if the actor approves for the city, `works_here` if the delegate works for it, and `oneself` if
    the actor named themselves. `days` holds today, the first day and the last day.
    """
    today, first, last = days
    return first_refusal(
        (
            None
            if approves
            else Refused(NOT_ALLOWED, _("Only an approver of the city can name a delegate.")),
            Refused("oneself", _("Choose someone other than yourself."), field="deputy") if oneself else None,
            None
            if works_here
            else Refused("not_here", _("This person does not work for the city."), field="deputy"),
            Refused("bad_days", _("The last day cannot be before the first day."), field="ends_on")
            if last < first
            else None,
            Refused("bad_days", _("These dates have passed."), field="ends_on") if last < today else None,
            Refused(
                "bad_days",
                _(
                    "A delegation can last at most 60 days. For longer absences, assign the role to "
                    "someone else."
                ),
                field="ends_on",
            )
            if last - first > MAX_DELEGATION_DURATION
            else None,
        )
    )


# --- people who leave -------------------------------------------------------------------------------------------
def has_left(email: str, listed: Collection[str], staff_domain: str | None) -> bool:
    """Return True if a list says that the person with this address has left.

    `listed` holds addresses in small letters: those who have left, or, with a domain, everyone who is still there. Such
    a list says nothing about people with addresses in other domains.
    """
    if staff_domain is None:
        return email in listed
    return email.rpartition("@")[2] == staff_domain and email not in listed
