"""What happens to roles: given, ended, offered to somebody by an invitation, accepted, taken back.

`at` is the story's moment, for the journal; `real_at` the real one, by which invitations expire.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import tokens
from accounts.models import User
from accounts.tokens import new_token
from partners.actions.people import known_or_new, language_of
from partners.models.cities import City
from partners.models.people import Invitation, Membership
from partners.rules.people import ACCEPT, END_ROLE, GRANT, JOIN, RENEW_INVITATION, REVOKE, SEND_INVITATION
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import locked

LASTS = timedelta(days=7)


def grant(user: User, *, role: str, city: City | None, by: Actor, at: datetime) -> Membership:
    """Give somebody a role in a city. Refuses a role above one's own, and one they hold already."""
    membership = Membership(user=user, role=role, city=city)
    with transaction.atomic():
        _not_held(user, role, city)
        return GRANT.start(membership, by=by, at=at)


def end_role(membership: Membership, *, by: Actor, at: datetime, reason: str = "") -> Membership:
    """Take a role away, from the next request on. Refuses the last administrator of a city: name another one first."""
    with END_ROLE.on(membership, by=by, at=at, reason=reason) as row:
        if row.role == Membership.Role.ADMINISTRATOR and row.city is not None:
            locked(row.city)  # two administrators who end each other's role meet here
            _not_the_last(row)
    return membership


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
    """Offer somebody a role by e-mail. The address is entered as a person who cannot sign in before they accept.

    Refuses a role above one's own, one they hold already, and a second invitation while the first is open.
    """
    tongue = language or (language_of(city) if city else "en")
    with transaction.atomic():
        zone = city.timezone if city else ""
        invitation = Invitation(
            role=role, city=city, language=tongue, invited_by_id=by.user_id, expires_at=real_at + LASTS
        )
        refused = SEND_INVITATION.refusal(by, invitation, at)
        if refused is not None:
            raise refused
        user = known_or_new(email, name, tongue, zone or "UTC", by=by, at=at)
        _not_held(user, role, city)
        if Invitation.objects.filter(user=user, role=role, city=city, status=Invitation.Status.SENT).exists():
            words = _("%(email)s is invited already. Send the invitation again.")
            raise Refused("already_invited", words % {"email": user.email}, field="email")
        invitation.user, invitation.email = user, user.email
        return SEND_INVITATION.start(invitation, by=by, at=at)


def renew_invitation(invitation: Invitation, *, by: Actor, at: datetime, real_at: datetime) -> Invitation:
    """Send an invitation again, with a new term; the address sent before stops working."""
    with RENEW_INVITATION.on(invitation, by=by, at=at) as row:
        row.expires_at, row.token_hash = real_at + LASTS, ""
    return invitation


def invitation_token(invitation: Invitation) -> str:
    """Make the secret of an invitation as its message is sent; an earlier one stops working. Returned once, kept as a hash.

    Called by the sender of messages; the entry is that of the invitation itself. Refuses one that is no longer open.
    """
    token = new_token()
    with transaction.atomic():
        row = locked(invitation)
        if row.status != Invitation.Status.SENT:
            raise Refused("invitation_closed", _("This invitation is no longer open."))
        row.token_hash = tokens.digest(token)
        row.save(update_fields=["token_hash"])
    return token


def accept(invitation: Invitation, *, by: Actor, at: datetime, real_at: datetime) -> Membership:
    """Take the role one was invited to. Refuses everybody but the addressee, and an invitation that has expired."""
    with transaction.atomic():
        with ACCEPT.on(invitation, by=by, at=at) as row:
            if row.expires_at <= real_at:
                raise Refused("invitation_closed", _("This invitation has expired. Ask for a new one."))
            row.accepted_at, row.token_hash = at, ""
        held = Membership.objects.active().filter(user=row.user, city=row.city, role=row.role).first()
        if held is not None:  # given by other hands while the invitation was under way
            return held
        membership = Membership(user=row.user, city=row.city, role=row.role, invitation=row)
        return JOIN.start(membership, by=by, at=at)


def revoke(invitation: Invitation, *, by: Actor, at: datetime, reason: str = "") -> Invitation:
    """Take an invitation back before it is accepted; its address stops working at once."""
    with REVOKE.on(invitation, by=by, at=at, reason=reason) as row:
        row.token_hash = ""
    return invitation


def _not_held(user: User, role: str, city: City | None) -> None:
    if Membership.objects.active().filter(user=user, role=role, city=city).exists():
        raise Refused("already_held", _("%(name)s has this role already.") % {"name": user}, field="role")


def _not_the_last(membership: Membership) -> None:
    others = (
        Membership.objects.active()
        .filter(city=membership.city, role=membership.role)
        .exclude(pk=membership.pk)
    )
    if not others.exists():
        words = _("%(city)s needs an administrator. Name another one first.")
        raise Refused("last_administrator", words % {"city": membership.city})
