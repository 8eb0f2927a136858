"""Sessions: where somebody is signed in, ended by their owner."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.models import User
from workflow.actors import Actor
from workflow.journal import entries


def end(user: User, session_id: int, *, by: Actor, at: datetime) -> bool:
    """Sign a person out in one place. Returns whether there was such a session of theirs."""
    return end_these(user, list(UserSession.objects.filter(user=user, pk=session_id)), by=by, at=at) > 0


def end_all(user: User, *, by: Actor, at: datetime, keep: str | None = None) -> int:
    """Sign a person out everywhere, but for the session whose key is `keep`. Returns how many ended."""
    return end_these(
        user, list(UserSession.objects.filter(user=user).exclude(session_key=keep)), by=by, at=at
    )


def end_these(user: User, sessions: list[UserSession], *, by: Actor, at: datetime) -> int:
    """Sign a person out in these places. Returns how many."""
    with transaction.atomic():
        for session in sessions:
            session.end()
        if sessions:
            entries.record(user, "end_sessions", by=by, at=at, sessions=len(sessions))
    return len(sessions)


def note_seen(session_key: str, real_at: datetime) -> None:
    """Note when a session was last used; called once a minute at most and not journaled."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=real_at)
