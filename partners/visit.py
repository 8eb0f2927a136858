"""A request as pages above this room see it: with the person who is signed in and what they may do. Types only."""

from django.http import HttpRequest

from accounts.models import User
from partners.rules import Powers


class Visit(HttpRequest):
    """The request of somebody who is signed in (`login_required`); set up by accounts' middleware."""

    user: User
    by: Powers
