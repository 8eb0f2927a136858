"""Storage of Django messages, which an action leaves for the next page.

They are in a cookie; messages that do not fit there are in the session.
"""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """Django's cookie storage, under a name that only this host can set.

    Django has no setting for this name.
    """

    cookie_name = settings.MESSAGES_COOKIE_NAME


class CookieThenSessionStorage(FallbackStorage):
    """Storage of messages for the next page: in a cookie, or in the session if they do not fit."""

    storage_classes = (HostCookieStorage, SessionStorage)
