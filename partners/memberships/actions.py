"""Actions on roles, invitations and delegations of approval, and on the access of people who leave."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.calendar_feeds import withdraw_all_feeds
from accounts.actions.people import add_person
from accounts.actions.sessions import end_all_sessions
from accounts.actions.tokens import revoke_all_tokens
from accounts.models import Language, User
from accounts.tokens import new_token, token_digest
from partners.cities.models import City
from partners.memberships.models import Delegation, Invitation, Membership
from partners.memberships.rules import (
    ACCEPT_INVITATION,
    ACCEPT_ROLE,
    END_ROLE,
    GRANT,
    RENEW_INVITATION,
    REVOKE_INVITATION,
    SEND_INVITATION,
    delegation_refusal,
)
from partners.powers import Power
from workflow.actors import Actor, acting_user_id
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.moves import register_action, select_locked
from workflow.person_names import NO_READING, NameReading

INVITATION_LIFETIME = timedelta(days=7)


@register_action(GRANT)
def grant_role(user: User, *, role: str, city: City | None, by: Actor, at: datetime) -> Membership:
    """Give a person a role in a city. Refuses a role above the actor's own, and a role they have already."""
    membership = Membership(user=user, role=role, city=city)
    with transaction.atomic():
        _require_new_role(user, role, city)
        return GRANT.create(membership, by=by, at=at)


@register_action(END_ROLE)
def end_role(membership: Membership, *, by: Actor, at: datetime, reason: str = "") -> Membership:
    """End a role. The person loses its permissions with their next request.

    Refuses to end the role of a city's last administrator, who must appoint another one first.
    """
    with END_ROLE.apply_to(membership, by=by, at=at, reason=reason) as row:
        if row.role == Membership.Role.ADMINISTRATOR and row.city is not None:
            select_locked(
                row.city
            )  # so that two administrators cannot end each other's role at the same time
            _require_other_administrator(row)
    return membership


def end_access(user: User, city: City, *, by: Actor, at: datetime, real_at: datetime, reason: str) -> None:
    """End all roles of a person in a city that they leave, and their sessions, tokens and calendar addresses.

    Revokes open invitations to the city, too. The account stays: a person with a role elsewhere signs in again.
    Refuses to end the role of the city's last administrator, and then ends nothing.
    """
    with transaction.atomic():
        for membership in Membership.objects.active().filter(user=user, city=city).order_by("pk"):
            end_role(membership, by=by, at=at, reason=reason)
        sent = Invitation.Status.SENT
        for invitation in Invitation.objects.filter(user=user, city=city, status=sent).order_by("pk"):
            revoke_invitation(invitation, by=by, at=at, reason=reason)
        revoke_all_tokens(user, by=by, at=at, real_at=real_at)
        withdraw_all_feeds(user, by=by, at=at, real_at=real_at)
        end_all_sessions(user, by=by, at=at)


@register_action(SEND_INVITATION)
def invite_member(
    *,
    email: str,
    name: str,
    role: str,
    city: City | None,
    by: Actor,
    at: datetime,
    real_at: datetime,
    language: str = "",
) -> Invitation:
    """Invite a person to a role by e-mail. A new person is added as a user, who cannot sign in before accepting.

    Refuses a role above the actor's own, a role the person has already, and a second invitation while the
    first is open.
    """
    invitation_language = language or (default_language(city) if city else "en")
    with transaction.atomic():
        time_zone = city.timezone if city else ""
        invitation = Invitation(
            role=role,
            city=city,
            language=invitation_language,
            invited_by_id=by.user_id,
            expires_at=real_at + INVITATION_LIFETIME,
        )
        refused = SEND_INVITATION.refusal(by, invitation, at)
        if refused is not None:
            raise refused
        user = find_or_add_user(email, name, invitation_language, time_zone or "UTC", by=by, at=at)
        _require_new_role(user, role, city)
        if Invitation.objects.filter(user=user, role=role, city=city, status=Invitation.Status.SENT).exists():
            message = _("%(email)s has already been invited. Resend that invitation instead.")
            raise Refused("already_invited", message % {"email": user.email}, field="email")
        invitation.user, invitation.email = user, user.email
        return SEND_INVITATION.create(invitation, by=by, at=at)


@register_action(RENEW_INVITATION)
def renew_invitation(invitation: Invitation, *, by: Actor, at: datetime, real_at: datetime) -> Invitation:
    """Send an invitation again with a new expiry time. The link sent before stops working."""
    with RENEW_INVITATION.apply_to(invitation, by=by, at=at) as row:
        row.expires_at, row.token_hash = real_at + INVITATION_LIFETIME, ""
    return invitation


def issue_invitation_token(invitation: Invitation) -> str:
    """Create and return the token of an invitation while its message is sent. Only its hash is stored.

    An earlier token stops working. Called by the sender of messages; the journal entry is that of the invitation.
    Refuses an invitation that is no longer open.
    """
    token = new_token()
    with transaction.atomic():
        row = select_locked(invitation)
        if row.status != Invitation.Status.SENT:
            raise Refused("invitation_closed", _("This invitation is no longer valid."))
        row.token_hash = token_digest(token)
        row.save(update_fields=["token_hash"])
    return token


@register_action(ACCEPT_INVITATION, ACCEPT_ROLE)
def accept_invitation(invitation: Invitation, *, by: Actor, at: datetime, real_at: datetime) -> Membership:
    """Accept an invitation and get its role. Refuses everyone but the addressee, and an expired invitation."""
    with transaction.atomic():
        with ACCEPT_INVITATION.apply_to(invitation, by=by, at=at) as row:
            if row.expires_at <= real_at:
                raise Refused("invitation_closed", _("This invitation has expired. Ask for a new one."))
            row.accepted_at, row.token_hash = at, ""
        existing_role = (
            Membership.objects.active().filter(user=row.user, city=row.city, role=row.role).first()
        )
        if existing_role is not None:  # another person gave the role while the invitation was open
            return existing_role
        membership = Membership(user=row.user, city=row.city, role=row.role, invitation=row)
        return ACCEPT_ROLE.create(membership, by=by, at=at)


@register_action(REVOKE_INVITATION)
def revoke_invitation(invitation: Invitation, *, by: Actor, at: datetime, reason: str = "") -> Invitation:
    """Revoke an invitation before it is accepted. Its link stops working at once."""
    with REVOKE_INVITATION.apply_to(invitation, by=by, at=at, reason=reason) as row:
        row.token_hash = ""
    return invitation


def _require_new_role(user: User, role: str, city: City | None) -> None:
    if Membership.objects.active().filter(user=user, role=role, city=city).exists():
        raise Refused("already_held", _("%(name)s already has this role.") % {"name": user}, field="role")


def _require_other_administrator(membership: Membership) -> None:
    others = (
        Membership.objects.active()
        .filter(city=membership.city, role=membership.role)
        .exclude(pk=membership.pk)
    )
    if not others.exists():
        message = _("%(city)s needs at least one administrator. Name another one first.")
        raise Refused("last_administrator", message % {"city": membership.city})


def delegate_approvals(
    city: City,
    deputy: User,
    *,
    starts_on: date,
    ends_on: date,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Delegation:
    """Delegate one's approvals to another person from one day to another, both included.

    The delegation ends by itself. Refuses an actor who is not an approver of the city by their own role, the actor
    as their own delegate, a delegate who does not work for the city, and days that are past or in the wrong order.
    Also refuses more than sixty days: for a longer absence, the role should be handed over.
    """
    delegator = acting_user_id(by)
    works_here = Membership.objects.active().filter(city=city)
    refusal = delegation_refusal(
        approves=works_here.filter(user=delegator, role=Membership.Role.APPROVER).exists(),
        works_here=works_here.filter(user=deputy).exclude(role=Membership.Role.BROKER).exists(),
        oneself=deputy.pk == delegator,
        days=(city.day_at(at), starts_on, ends_on),
    )
    if refusal is not None:
        raise refusal
    with transaction.atomic():
        delegation = Delegation.objects.create(
            city=city,
            delegator_id=delegator,
            deputy=deputy,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason,
            given_at=at,
        )
        entries.record(
            delegation, "delegate", by=by, at=at, reason=reason, after=entries.snapshot(delegation)
        )
    return delegation


def end_delegation(delegation: Delegation, *, by: Actor, at: datetime) -> Delegation:
    """End a delegation. The delegate loses the permission with their next request.

    Allowed for its delegator, its delegate, and those who manage the people of the city.
    """
    is_party = by.user_id is not None and by.user_id in (delegation.delegator_id, delegation.deputy_id)
    if not is_party and not by.may(Power.MANAGE_PEOPLE, delegation):
        raise Refused(
            NOT_ALLOWED, _("Only the approver, the delegate or a city administrator can end this delegation.")
        )
    with transaction.atomic():
        row = select_locked(delegation)
        if row.revoked_at is not None:
            raise Refused("taken_back", _("This delegation has already ended."))
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        entries.record(row, "revoke", by=by, at=at, after={"revoked_at": at.isoformat()})
    delegation.revoked_at = at
    return delegation


def find_or_add_user(
    email: str,
    name: str,
    language: str,
    time_zone: str,
    name_reading: NameReading = NO_READING,
    *,
    by: Actor,
    at: datetime,
) -> User:
    """Return the user with this address. Create the user if there is none."""
    user = User.objects.filter(email=email.strip().lower()).first()
    return user or add_person(
        email=email,
        name=name,
        name_reading=name_reading,
        language=language,
        time_zone=time_zone,
        by=by,
        at=at,
    )


def default_language(city: City) -> Language:
    """Return the language for the first message to a person in the city: a guess, until they change it."""
    if city.country in ("CN", "TW", "HK", "MO"):
        return Language.ZH_HANS
    return Language.FR_CA if city.subdivision == "CA-QC" or city.country == "FR" else Language.EN
