"""How django-allauth behaves here: no one signs up by themselves, mail is in the reader's language, every change is recorded."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import devices, second_factor, secrets
from accounts.above import reply_address
from accounts.actions.people import note_security
from accounts.actions.sessions import end_these
from accounts.actors import Oneself
from accounts.limits import TOO_OFTEN
from accounts.models import User
from workflow import clock
from workflow.clock import real_now
from workflow.errors import Words

NAME = "Twinlane"
WRONG_CODE = _("That code is not right, or was used before. Wait for the next one and try again.")


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # django-allauth ships no types
    """Sign-in and passwords."""

    error_messages: ClassVar[dict[str, Words]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask somebody who looks after your city's people."),
        "email_password_mismatch": _("This e-mail address and this password do not belong together."),
        "enter_current_password": _("That is not your password now."),
        "incorrect_password": _("That is not your password."),
        "incorrect_code": WRONG_CODE,
        "duplicate_email": _("That is your address already."),
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account begins with an invitation (web/join.py)."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count nothing here: allauth's count is one for everyone, so strangers could lock the owner out (middleware.Limits)."""

    def login(self, request: HttpRequest, user: User) -> None:
        """From here the session's twelve hours run, and this browser is known."""
        super().login(request, user)
        devices.remember(request, user.email)
        request.session["began"] = request.session["seen"] = real_now().timestamp()

    def set_password(self, user: User, password: str) -> None:
        """By its old password or by mail they proved who they are: this browser is known."""
        super().set_password(user, password)
        devices.remember(self.request, user.email)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Before a change to how a person signs in, unless they signed in within the last ten minutes."""
        began = self.request.session.get("began", 0)
        fresh = real_now().timestamp() - began < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not fresh and bool(super().is_reauthentication_required(app=app))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the person written to, where they are known."""
        user = context.get("user")
        with translation.override(user.language if isinstance(user, User) else translation.get_language()):
            super().send_mail(template_prefix, email, context)

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """With an address where replies are read: that of the administrator who looks after the city's people.

        It goes out within the request, not through the outbox: the link in it is a secret that the ledger must not keep, its reader
        waits for it, and a person who asks again gets another one.
        """
        mail: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        user = context.get("user")
        address = reply_address(user) if isinstance(user, User) else ""
        mail.reply_to = [address] if address else []
        return mail

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Only to somebody who has a password: a contact who acts by link does not get a login by asking for one."""
        if user.has_usable_password():
            super().send_password_reset_mail(user, email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Record that a password, an address or a second factor was changed; the entry is announced to its owner like any other.

        Only the address that was given up is written to from here: the ledger knows the new one.
        """
        event = template_prefix.rpartition("/")[2]
        note_security(user, event, by=Oneself(user), at=clock.now())
        if email:
            super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, email)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # as above
    """Authenticator apps, passkeys and recovery codes."""

    error_messages: ClassVar[dict[str, Words]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "You need at least one second step. Add another before you take this one away."
        ),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first."),
        "incorrect_code": WRONG_CODE,
        "unverified_email": _("Confirm your e-mail address first: we wrote to it."),
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002  # django-allauth's own name for it
        """A first name for a new passkey, which its owner may change."""
        return gettext("Passkey %(number)s") % {
            "number": Authenticator.objects.filter(user=user, type=type).count() + 1
        }

    def build_totp_svg(self, url: str) -> str:
        """The QR code of an authenticator app, drawn here."""
        picture = BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", xmldecl=False, scale=5, border=2, light="#fff")
        return picture.getvalue().decode()

    def encrypt(self, text: str) -> str:
        """Secrets of authenticators are not readable in a copy of the database alone."""
        return secrets.keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Also what was encrypted under a key that was since replaced (SECRET_KEY_FALLBACKS)."""
        return secrets.keys().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who needs one."""
        if authenticator.type not in second_factor.FACTORS:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=second_factor.FACTORS)
        return others.exclude(pk=authenticator.pk).exists() or not second_factor.required(authenticator.user)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The product's name on the passkey, bound to this host."""
        return {**super().get_public_key_credential_rp_entity(), "name": NAME}


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]  # as above
    """The list of places where somebody is signed in."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """By our own action, so that it is recorded."""
        rows = list(sessions)
        if rows:
            end_these(rows[0].user, rows, by=Oneself(rows[0].user), at=clock.now())
