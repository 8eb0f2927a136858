"""Forms of django-allauth with the project's own labels and hints, and without placeholders.

The settings ACCOUNT_FORMS and MFA_FORMS (config/auth.py) name them.
"""

from typing import Any, cast

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.identity_providers.queries import ProviderChoice, identity_providers, provider_choices
from workflow.errors import LazyText

PASSWORD_HINT = _("At least 12 characters and not a common password. Three or four random words work well.")
REPEAT_PASSWORD_HINT = _("Enter it again to avoid typing errors.")


def set_labels(form: forms.Form, **texts: LazyText | tuple[LazyText, LazyText]) -> None:
    """Set the label of each named field, or its label and hint, and remove its placeholder."""
    for name, text in texts.items():
        field = form.fields[name]
        label, hint = text if isinstance(text, tuple) else (text, "")
        # lazy strings, which django-stubs types as str
        field.label, field.help_text = cast("str", label), cast("str", hint)
        field.widget.attrs.pop("placeholder", None)


class SignInForm(account.LoginForm):  # type: ignore[misc]  # django-allauth ships no types
    """Form for e-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(self, login=_("Email"), password=_("Password"))

    def provider_choices(self) -> list[ProviderChoice]:
        """Return the identity providers that the page offers besides a password."""
        return provider_choices(identity_providers(), self.request.GET.get("next", ""))


class ConfirmPasswordForm(account.ReauthenticateForm):  # type: ignore[misc]  # django-allauth ships no types
    """Form that asks for the password again before an important change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(self, password=_("Password"))


class RequestPasswordResetForm(account.ResetPasswordForm):  # type: ignore[misc]  # django-allauth ships no types
    """Form for the e-mail address of an account whose password was forgotten."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(self, email=_("Email"))


class ResetPasswordForm(account.ResetPasswordKeyForm):  # type: ignore[misc]  # django-allauth ships no types
    """Form for a new password in place of a forgotten one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(
            self,
            password1=(_("New password"), PASSWORD_HINT),
            password2=(_("Confirm new password"), REPEAT_PASSWORD_HINT),
        )


class FirstPasswordForm(account.SetPasswordForm):  # type: ignore[misc]  # django-allauth ships no types
    """Form for the first password of a person who has signed in without one.

    Such a person uses a passkey or, on a practice site, a link.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(
            self,
            password1=(_("New password"), PASSWORD_HINT),
            password2=(_("Confirm new password"), REPEAT_PASSWORD_HINT),
        )


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]  # django-allauth ships no types
    """Form for a new password in place of the current one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(self, oldpassword=_("Current password"), password1=(_("New password"), PASSWORD_HINT))
        set_labels(self, password2=(_("Confirm new password"), REPEAT_PASSWORD_HINT))


class ChangeEmailForm(account.AddEmailForm):  # type: ignore[misc]  # django-allauth ships no types
    """Form for a new e-mail address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(
            self,
            email=(
                _("New email address"),
                _(
                    "We first send an email to this address. The change takes effect when you confirm "
                    "it through the link in that email."
                ),
            ),
        )


class SecondFactorForm(factor.AuthenticateForm):  # type: ignore[misc]  # django-allauth ships no types
    """Form for the second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(
            self,
            code=(
                pgettext_lazy("sign-in", "Code"),
                _("The six-digit code from your authenticator app, or one of your recovery codes."),
            ),
        )


class ConfirmSecondFactorForm(factor.ReauthenticateForm):  # type: ignore[misc]  # django-allauth ships no types
    """Form that asks for a code again before an important change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(
            self,
            code=(
                pgettext_lazy("sign-in", "Code"),
                _("The six-digit code from your authenticator app, or one of your recovery codes."),
            ),
        )


class ActivateAuthenticatorForm(totp.ActivateTOTPForm):  # type: ignore[misc]  # django-allauth ships no types
    """Form for the first code of an authenticator app. The code proves that the app works."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(
            self, code=(pgettext_lazy("sign-in", "Code"), _("The six-digit code currently shown in the app."))
        )


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]  # django-allauth ships no types
    """Form for a new passkey or security key, and its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _(
            "Yes: use a fingerprint, face or PIN instead of the password. No: enter the password "
            "first, then use this key."
        )
        set_labels(
            self,
            name=(_("Name"), _("A name that helps you recognize the passkey.")),
            passwordless=(_("Sign in with this passkey alone"), hint),
        )
        self.fields["passwordless"].initial = True


class RenamePasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]  # django-allauth ships no types
    """Form for a new name of a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(self, name=_("Name"))
