"""The pages of accounts: sign-in, passwords, email addresses and second steps."""

from collections.abc import Iterator

from django.urls import reverse

from tests.browser.pages.visit import CAREFUL, HALFWAY, KEEPER, NOBODY, OFFICER, Visit
from tests.worlds.browsed_pages import World


def visits(world: World) -> Iterator[Visit]:
    """Yield the visits to the pages of accounts."""
    for name in ("login", "reset_password", "reset_password_done", "inactive", "signup", "email_verification_sent",
                 "reset_password_from_key_done"):  # fmt: skip
        yield Visit(f"account_{name}", NOBODY, reverse(f"account_{name}"))
    yield Visit("account_login", NOBODY, reverse("account_login"), sent=True)
    yield Visit("account_reset_password", NOBODY, reverse("account_reset_password"), sent=True)
    uid, _dash, key = world.tokens["reset"].partition("-")
    reset = f"/accounts/password/reset/key/{uid}-"
    yield Visit("account_reset_password_from_key", NOBODY, f"{reset}{key}/", leads_to=f"{reset}set-password/")
    yield Visit("account_reset_password_from_key", NOBODY, f"{reset}wrong/")
    yield Visit("account_confirm_email", NOBODY, reverse("account_confirm_email", args=["not-a-key"]))
    for name in ("account_logout", "account_email", "account_change_password", "account_reauthenticate", "mfa_index",
                 "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "usersessions_list"):  # fmt: skip
        yield Visit(name, OFFICER, reverse(name))
    for name in ("account_email", "account_change_password", "mfa_activate_totp"):
        yield Visit(name, OFFICER, reverse(name), sent=True)
    for name in (
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_reauthenticate",
    ):
        yield Visit(name, CAREFUL, reverse(name))
    for sent in (False, True):
        yield Visit("account_set_password", KEEPER, reverse("account_set_password"), sent=sent)
    yield Visit("mfa_authenticate", HALFWAY, reverse("mfa_authenticate"))
    yield Visit("socialaccount_login_cancelled", NOBODY, reverse("socialaccount_login_cancelled"))
    yield Visit("socialaccount_login_error", NOBODY, reverse("socialaccount_login_error"), 401)
