"""Adapters that change how django-allauth behaves in this product.

Sign-up is closed, mail is in the reader's language, and every change is recorded.
"""

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
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from accounts.actions.people import record_security_change
from accounts.actions.sessions import end_sessions
from accounts.actors import SelfActor
from accounts.authenticator_secrets import secrets_cipher
from accounts.hooks import reply_address
from accounts.identity_providers.adapter import has_second_factor, own_sign_in_response, provider_of_session
from accounts.known_browsers import remember_browser
from accounts.models import User
from accounts.second_factor import is_required
from accounts.throttling import TOO_MANY_ATTEMPTS
from workflow import clock
from workflow.clock import real_now
from workflow.errors import LazyText
from workflow.outbox.senders import set_senders

PRODUCT_NAME = "Twinlane"
WRONG_CODE_MESSAGE = _(
    "This code is incorrect or has already been used. Wait for the next code and try again."
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # django-allauth ships no types
    """Adapter for sign-in and passwords."""

    error_messages: ClassVar[dict[str, LazyText]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Contact your city administrator."),
        "email_password_mismatch": _("The email address or password is incorrect."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("The password is incorrect."),
        "incorrect_code": WRONG_CODE_MESSAGE,
        "duplicate_email": _("This is already your email address."),
        "too_many_login_attempts": TOO_MANY_ATTEMPTS,
        "rate_limited": TOO_MANY_ATTEMPTS,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: an account starts with an invitation (accounts/views/invitations.py)."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Do nothing. In this method, django-allauth would count failed sign-ins.

        Its count is shared by all visitors, so strangers could lock out the owner.
        `middleware.SignInThrottleMiddleware` counts instead.
        """

    def pre_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse | None:
        """Return a page instead of the sign-in if the account is closed, or the city requires its own sign-in."""
        closed: HttpResponse | None = super().pre_login(request, user, **facts)
        return closed or own_sign_in_response(request, user, facts["signal_kwargs"])

    def get_login_stages(self) -> list[str]:
        """Return the steps of a sign-in, with our own one for the second factor."""
        own_stage = "accounts.identity_providers.stages.SecondFactorStage"
        return [own_stage if "AuthenticateStage" in stage else stage for stage in super().get_login_stages()]

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:
        """Remember a second factor that the identity provider has asked for, and lead on."""
        if has_second_factor(facts["signal_kwargs"]):
            second_factor.remember_factor(request)
        response: HttpResponse = super().post_login(request, user, **facts)
        return response

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Return the page after a sign-out. After one that began at a city, it offers to sign out there, too."""
        provider = provider_of_session(request)
        if provider is not None:
            return reverse("signed_out", args=[provider.id])
        return str(super().get_logout_redirect_url(request))

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign the person in, start the session's maximum age (twelve hours) and remember this browser."""
        super().login(request, user)
        remember_browser(request, user.email)
        request.session["began"] = request.session["seen"] = real_now().timestamp()

    def set_password(self, user: User, password: str) -> None:
        """Set the password and remember this browser.

        The person has proven their identity by the old password or by mail.
        """
        super().set_password(user, password)
        remember_browser(self.request, user.email)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Return True if the person must confirm their identity before a change to how they sign in.

        A sign-in within the last ten minutes (`ACCOUNT_REAUTHENTICATION_TIMEOUT`) is enough.
        """
        started_at = self.request.session.get("began", 0)
        is_recent = real_now().timestamp() - started_at < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not is_recent and bool(super().is_reauthentication_required(app=app))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send mail in the language of its reader, if the reader is known."""
        user = context.get("user")
        with translation.override(user.language if isinstance(user, User) else translation.get_language()):
            super().send_mail(template_prefix, email, context)

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """Build a mail whose replies go to the administrator who manages the city's people.

        This mail is sent within the request and not through the outbox, because the outbox must not store its secret
        link. Its reader waits for it, and can ask for another one if it fails.
        """
        mail: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        user = context.get("user")
        address = reply_address(user) if isinstance(user, User) else ""
        mail.reply_to = [address] if address else []
        set_senders(mail)
        return mail

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Send the mail only to a person who has a password.

        A contact who acts by link must not get a login by asking for a reset.
        """
        if user.has_usable_password():
            super().send_password_reset_mail(user, email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Record that a password, an address or a second factor was changed.

        The journal entry causes the notification to its owner. Only the former address gets a mail from this method,
        because the outbox knows only the new one.
        """
        event = template_prefix.rpartition("/")[2]
        record_security_change(user, event, by=SelfActor(user), at=clock.now())
        if email:
            super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, email)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # django-allauth ships no types
    """Adapter for authenticator apps, passkeys and recovery codes."""

    error_messages: ClassVar[dict[str, LazyText]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "You need at least one method for the second sign-in step. Add another before you remove this "
            "one."
        ),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first."),
        "incorrect_code": WRONG_CODE_MESSAGE,
        "unverified_email": _("Confirm your email address first. We have sent you an email."),
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002  # django-allauth's own name for it
        """Return a default name for a new passkey. Its owner may change it."""
        return gettext("Passkey %(number)s") % {
            "number": Authenticator.objects.filter(user=user, type=type).count() + 1
        }

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code of an authenticator app as SVG."""
        picture = BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", xmldecl=False, scale=5, border=2, light="#fff")
        return picture.getvalue().decode()

    def encrypt(self, text: str) -> str:
        """Encrypt an authenticator secret, so that a copy of the database alone does not reveal it."""
        return secrets_cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt an authenticator secret, also one under a replaced key (SECRET_KEY_FALLBACKS)."""
        return secrets_cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return False for the last second factor of a person who needs one."""
        if authenticator.type not in second_factor.SECOND_FACTOR_TYPES:
            return True
        others = Authenticator.objects.filter(
            user_id=authenticator.user_id, type__in=second_factor.SECOND_FACTOR_TYPES
        )
        return others.exclude(pk=authenticator.pk).exists() or not is_required(authenticator.user)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the relying party of a passkey: this host, under the product's name."""
        return {**super().get_public_key_credential_rp_entity(), "name": PRODUCT_NAME}


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]  # django-allauth ships no types
    """Adapter for the list of a person's sessions."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """End sessions through the project's own action, so that the journal records it."""
        rows = list(sessions)
        if rows:
            end_sessions(rows[0].user, rows, by=SelfActor(rows[0].user), at=clock.now())
