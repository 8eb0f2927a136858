"""Invitations as the join page of accounts asks for them, by the settings FIND_INVITATION and ACCEPT_INVITATION.

Looks an invitation up by its token; what happens to it is in `actions/roles.py`.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import tokens
from accounts.above import Invited
from partners.actions import roles
from partners.models.people import Invitation
from workflow.actors import Actor
from workflow.errors import Refused


def find(token: str, real_at: datetime) -> Invited | None:
    """The open invitation with this token, as its page shows it; None if it was used, expired, was revoked or never was."""
    invitation = _open(token, real_at)
    if invitation is None:
        return None
    return Invited(
        user=invitation.user,
        place=str(invitation.city) if invitation.city else _("the whole network"),
        role=invitation.get_role_display(),
        asker=invitation.asker,
    )


def accept(token: str, *, by: Actor, at: datetime, real_at: datetime) -> None:
    """Give the person what the invitation offers. Refuses one that is no longer open, and everybody but its addressee."""
    invitation = _open(token, real_at)
    if invitation is None:
        raise Refused("invitation_closed", _("This invitation is no longer open. Ask for a new one."))
    roles.accept(invitation, by=by, at=at, real_at=real_at)


def _open(token: str, real_at: datetime) -> Invitation | None:
    found = Invitation.objects.open(real_at).select_related("user", "city", "invited_by")
    return found.filter(token_hash=tokens.digest(token)).first()
