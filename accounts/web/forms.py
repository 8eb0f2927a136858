"""django-allauth's forms in our words: labels above, hints before, no placeholders. Named in ACCOUNT_FORMS and MFA_FORMS."""

from typing import Any, cast

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

LONG_ENOUGH = _("At least twelve characters, and not one that others use too: three or four words do well.")
AGAIN = _("The same again, so that a slip of the finger does not lock you out.")


def say(form: forms.Form, **words: Words | tuple[Words, Words]) -> None:
    """Give fields their label, or label and hint, and take their placeholders away."""
    for name, said in words.items():
        field = form.fields[name]
        label, hint = said if isinstance(said, tuple) else (said, "")
        field.label, field.help_text = (
            cast("str", label),
            cast("str", hint),
        )  # a Promise in disguise, as Django's own types have it
        field.widget.attrs.pop("placeholder", None)


class SignIn(account.LoginForm):  # type: ignore[misc]  # django-allauth ships no types
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, login=_("E-mail"), password=_("Password"))


class ConfirmPassword(account.ReauthenticateForm):  # type: ignore[misc]  # as above
    """The password once more, before something important changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, password=_("Password"))


class AskForReset(account.ResetPasswordForm):  # type: ignore[misc]  # as above
    """Where to send the address for a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, email=_("E-mail"))


class ResetPassword(account.ResetPasswordKeyForm):  # type: ignore[misc]  # as above
    """A new password instead of a forgotten one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, password1=(_("New password"), LONG_ENOUGH), password2=(_("New password again"), AGAIN))


class FirstPassword(account.SetPasswordForm):  # type: ignore[misc]  # as above
    """A password for somebody who signs in without one, by a passkey or, on a practice instance, by a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, password1=(_("New password"), LONG_ENOUGH), password2=(_("New password again"), AGAIN))


class ChangePassword(account.ChangePasswordForm):  # type: ignore[misc]  # as above
    """A new password instead of the one in use."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, oldpassword=_("Password now"), password1=(_("New password"), LONG_ENOUGH))
        say(self, password2=(_("New password again"), AGAIN))


class ChangeEmail(account.AddEmailForm):  # type: ignore[misc]  # as above
    """Another address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(
            self,
            email=(
                _("New e-mail address"),
                _("We write to it first; it counts once you press the button there."),
            ),
        )


class GiveCode(factor.AuthenticateForm):  # type: ignore[misc]  # as above
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(
            self,
            code=(_("Code"), _("Six digits from your authenticator app, or one of your recovery codes.")),
        )


class ConfirmCode(factor.ReauthenticateForm):  # type: ignore[misc]  # as above
    """A code once more, before something important changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(
            self,
            code=(_("Code"), _("Six digits from your authenticator app, or one of your recovery codes.")),
        )


class StartApp(totp.ActivateTOTPForm):  # type: ignore[misc]  # as above
    """The first code of an authenticator app shows that it works."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, code=(_("Code"), _("The six digits the app shows now.")))


class AddPasskey(webauthn.AddWebAuthnForm):  # type: ignore[misc]  # as above
    """A passkey or security key, and what to call it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alone = _(
            "Yes: fingerprint, face or PIN instead of the password. No: the password first, then this key."
        )
        say(
            self,
            name=(_("Name"), _("What you will know it by.")),
            passwordless=(_("It signs me in by itself"), alone),
        )
        self.fields["passwordless"].initial = True


class RenamePasskey(webauthn.EditWebAuthnForm):  # type: ignore[misc]  # as above
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, name=_("Name"))
