"""Session store (`SESSION_ENGINE`) that reads the session, its person and the practice offset in one statement.

The practice offset is how far the clock of a practice site differs from the real time. Every page of a signed-in
person needs all three. The person is found through django-allauth's table of sessions; a session without a row
there is read without its person.
"""

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from accounts.models import User
from workflow.clock import real_now
from workflow.installation_models import Instance

_READ_SQL = f"""
  SELECT person.*, opened.session_data, instance."offset" AS practice_offset
  FROM {Session._meta.db_table} opened
  LEFT JOIN {UserSession._meta.db_table} listed ON listed.session_key = opened.session_key
  LEFT JOIN {User._meta.db_table} person ON person.id = listed.user_id
  LEFT JOIN {Instance._meta.db_table} instance ON true
  WHERE opened.session_key = %s AND opened.expire_date > %s
"""  # noqa: S608 - names of tables only


class SessionStore(db.SessionStore):
    """Session that also holds its person and the practice offset, read by the same query.

    `practice_offset` is the practice offset: zero on a real site, None while nothing was read.
    """

    person: User | None = None
    practice_offset: timedelta | None = None

    def load(self) -> dict[str, Any]:
        """Return the data of the session, {} if it has expired. Also sets `person` and `practice_offset`."""
        rows: list[Any] = list(User.objects.raw(_READ_SQL, [self.session_key, real_now()]))
        if not rows:
            self._session_key = None
            return {}
        [person] = rows
        self.practice_offset = person.__dict__.pop("practice_offset")
        data: dict[str, Any] = self.decode(person.__dict__.pop("session_data"))
        self.person = None if person.pk is None else person
        return data


def session_user(session: SessionBase) -> User | None:
    """Return the person who was read with the session, or None if Django must decide.

    The conditions are those of `django.contrib.auth.get_user`: the same person, an active account, and a password that
    has not changed since.
    """
    session_hash = session.get(HASH_SESSION_KEY, "")  # reads the session
    person = getattr(session, "person", None)
    if not isinstance(person, User) or not person.is_active:
        return None
    is_same_person = session.get(SESSION_KEY) == str(person.pk)
    is_known_backend = session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    return (
        person
        if is_same_person
        and is_known_backend
        and constant_time_compare(session_hash, person.get_session_auth_hash())
        else None
    )


def practice_offset(session: SessionBase) -> timedelta | None:
    """Return the practice offset that was read with the session, or None if it was not read."""
    offset: timedelta | None = getattr(session, "practice_offset", None)
    return offset
