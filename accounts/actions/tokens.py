"""Actions that issue, use and revoke API tokens.

A token's value is returned once; only its digest is stored.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import CONSOLE_ACTOR
from accounts.models import ApiToken, User
from accounts.scopes import ALL_SCOPES
from accounts.tokens import new_api_token, token_digest
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.moves import select_locked

MAX_TOKEN_DAYS = 366
LAST_USED_UPDATE_INTERVAL = timedelta(minutes=1)


class IssuedToken(NamedTuple):
    """The row of a new token, and its value, which cannot be read again later."""

    token: ApiToken
    value: str


def issue_token(
    user: User, *, name: str, scopes: Sequence[str], days: int, by: Actor, at: datetime, real_at: datetime
) -> IssuedToken:
    """Create an API token in a person's name. A program with it may never do more than that person.

    Refuses unknown scopes, more than 366 days, and a token for another person (except from the server's
    console).
    """
    if by.user_id != user.pk and by is not CONSOLE_ACTOR:
        raise Refused(NOT_ALLOWED, _("You can create tokens for yourself only."))
    if not scopes or not set(scopes) <= ALL_SCOPES:
        raise Refused(
            "no_such_scope", _("Choose what the API client can do: read, write or both."), field="scopes"
        )
    if not 1 <= days <= MAX_TOKEN_DAYS:
        raise Refused("token_too_long", _("A token can be valid for one day to one year."), field="days")
    created = new_api_token()
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=user,
            name=name.strip(),
            prefix=created.prefix,
            digest=token_digest(created.value),
            scopes=sorted(set(scopes)),
            created_at=real_at,
            expires_at=real_at + timedelta(days=days),
        )
        entries.record(token, "issue", by=by, at=at, name=token.name, scopes=token.scopes, days=days)
    return IssuedToken(token, created.value)


def revoke_token(token: ApiToken, *, by: Actor, at: datetime, real_at: datetime) -> None:
    """End a token at once. A second call changes nothing.

    Refuses an actor other than the token's owner and the server's console.
    """
    if by.user_id != token.user_id and by is not CONSOLE_ACTOR:
        raise Refused(NOT_ALLOWED, _("You can revoke your own tokens only."))
    with transaction.atomic():
        row = select_locked(token)
        if row.revoked_at is None:
            row.revoked_at = real_at
            row.save(update_fields=["revoked_at"])
            entries.record(row, "revoke", by=by, at=at)
    token.revoked_at = row.revoked_at


def revoke_all_tokens(user: User, *, by: Actor, at: datetime, real_at: datetime) -> int:
    """End every token of a person and return how many were open. Called when the person is deactivated."""
    open_tokens = list(ApiToken.objects.select_for_update().filter(user=user, revoked_at=None).order_by("pk"))
    for token in open_tokens:
        token.revoked_at = real_at
        token.save(update_fields=["revoked_at"])
        entries.record(token, "revoke", by=by, at=at)
    return len(open_tokens)


def record_token_use(token: ApiToken, real_at: datetime) -> None:
    """Record when a token was last used, to the minute. This is not journaled.

    A busy program therefore costs one write a minute.
    """
    if token.last_used_at is None or real_at - token.last_used_at >= LAST_USED_UPDATE_INTERVAL:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=real_at)
