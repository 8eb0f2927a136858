"""Lookup of an invitation by its token, for the join page of accounts.

`partners/apps.py` registers its functions with the hooks of accounts. The actions on invitations are in
partners/memberships/actions.py.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.hooks import InvitationInfo
from accounts.tokens import token_digest
from partners.memberships.actions import accept_invitation
from partners.memberships.models import Invitation
from workflow.actors import Actor
from workflow.errors import Refused


def find_invitation(token: str, real_at: datetime) -> InvitationInfo | None:
    """Return the open invitation with this token, for its page.

    None if it was used, has expired, was revoked or never existed.
    """
    invitation = _find_open(token, real_at)
    if invitation is None:
        return None
    return InvitationInfo(
        user=invitation.user,
        city_label=str(invitation.city) if invitation.city else _("the whole network"),
        role=invitation.get_role_display(),
        inviter_name=invitation.inviter_name,
        city=invitation.city.slug if invitation.city else "",
    )


def accept_invitation_by_token(token: str, *, by: Actor, at: datetime, real_at: datetime) -> None:
    """Accept the invitation with this token. Refuses one that is not open, and everyone but its addressee."""
    invitation = _find_open(token, real_at)
    if invitation is None:
        raise Refused("invitation_closed", _("This invitation is no longer valid. Ask for a new one."))
    accept_invitation(invitation, by=by, at=at, real_at=real_at)


def _find_open(token: str, real_at: datetime) -> Invitation | None:
    found = Invitation.objects.open(real_at).select_related("user", "city", "invited_by")
    return found.filter(token_hash=token_digest(token)).first()
