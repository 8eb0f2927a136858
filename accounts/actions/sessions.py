"""Actions that end the sessions of a person."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.models import User
from workflow.actors import Actor
from workflow.journal import entries


def end_session(user: User, session_id: int, *, by: Actor, at: datetime) -> bool:
    """Sign a person out of one session. Return True if the person had this session."""
    return end_sessions(user, list(UserSession.objects.filter(user=user, pk=session_id)), by=by, at=at) > 0


def end_all_sessions(user: User, *, by: Actor, at: datetime, keep: str | None = None) -> int:
    """Sign a person out of all sessions except the one whose key is `keep`. Return how many ended."""
    return end_sessions(
        user, list(UserSession.objects.filter(user=user).exclude(session_key=keep)), by=by, at=at
    )


def end_sessions(user: User, sessions: list[UserSession], *, by: Actor, at: datetime) -> int:
    """Sign a person out of these sessions and return how many there were."""
    with transaction.atomic():
        for session in sessions:
            session.end()
        if sessions:
            entries.record(user, "end_sessions", by=by, at=at, sessions=len(sessions))
    return len(sessions)


def record_last_seen(session_key: str, real_at: datetime) -> None:
    """Record when a session was last used. Called at most once a minute; not journaled."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=real_at)
