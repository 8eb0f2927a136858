"""A client whose session is in the list of open sessions, as a browser's is after signing in."""

from allauth.usersessions.models import UserSession
from django.test import Client

from accounts.models import User


def signed_in(user: User) -> Client:
    """Return a client that is signed in as this person."""
    client = Client()
    client.force_login(user)
    key = client.session.session_key
    UserSession.objects.create(user=user, session_key=key, ip="192.0.2.1", user_agent="Tests")
    return client
