"""Action that removes the link between a person and their account at an identity provider."""

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from accounts.models import User
from workflow.actors import Actor
from workflow.journal import entries
from workflow.moves import select_locked


def unlink_identity_provider(user: User, *, by: Actor, at: datetime) -> int:
    """Remove all links of a person to identity providers; return how many. Sessions go on until they end.

    The person's next sign-in at the provider links them again, by their verified address.
    """
    with transaction.atomic():
        row = select_locked(user)
        links = SocialAccount.objects.filter(user=row)
        number: int = links.count()
        links.delete()
        if number:
            entries.record(row, "change_sign_in", by=by, at=at, event="account_disconnected")
    return number
