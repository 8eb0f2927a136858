"""Where what an action has to say waits for the next page: in a cookie, in the session what does not fit there."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class Cookie(CookieStorage):
    """Django's own, under a name that only this host can set; Django knows no setting for it."""

    cookie_name = settings.MESSAGES_COOKIE_NAME


class Kept(FallbackStorage):
    """The cookie first, then the session."""

    storage_classes = (Cookie, SessionStorage)
