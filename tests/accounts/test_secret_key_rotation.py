"""Rotation of SECRET_KEY: authenticator apps are accepted before, during and after it."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from tests.accounts.conftest import PASSWORD, signed_in
from tests.accounts.test_sign_in import code_for, set_up_app

pytestmark = pytest.mark.django_db
OLD, NEW = "the-old-key-" + "a" * 50, "the-new-key-" + "b" * 50


def can_sign_in_with_app(user, secret: str, real_time) -> bool:
    """Return True if the person can sign in with the code that the app shows; each code counts once."""
    real_time(timedelta(minutes=2))
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)}).status_code == 302


def can_sign_in_with_recovery_code(user, code: str) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302


def run_rotation() -> str:
    output = StringIO()
    call_command("rotate_secrets", stdout=output)
    return output.getvalue()


@pytest.fixture
def app_secret(officer, settings, real_time) -> str:
    """Set up an app under the old key; return its secret."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    return set_up_app(signed_in(officer))


def test_authenticator_app_is_accepted_before_during_and_after_secret_key_change(
    officer, app_secret, settings, real_time
):
    codes = Authenticator.objects.get(user=officer, type="recovery_codes").wrap().get_unused_codes()
    assert can_sign_in_with_app(officer, app_secret, real_time)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert can_sign_in_with_app(officer, app_secret, real_time)
    said = run_rotation()
    assert (
        "Re-encrypted with the new SECRET_KEY: 2. Already using it: 0. Encrypted with other keys: 0." in said
    )
    assert "Remove them after 20" in said
    assert can_sign_in_with_app(officer, app_secret, real_time)
    settings.SECRET_KEY_FALLBACKS = []
    assert can_sign_in_with_app(officer, app_secret, real_time)
    assert can_sign_in_with_recovery_code(officer, codes[0])


def test_secret_key_rotation_can_be_repeated_without_change(officer, app_secret, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    run_rotation()
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    assert "Re-encrypted with the new SECRET_KEY: 0. Already using it: 2." in run_rotation()
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before


def test_secret_key_rotation_without_old_key_reports_error_and_changes_nothing(
    officer, app_secret, settings, real_time
):
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    settings.SECRET_KEY = NEW
    with pytest.raises(CommandError, match="2 cannot be read"):
        run_rotation()
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before
    settings.SECRET_KEY_FALLBACKS = [OLD]
    assert "Re-encrypted with the new SECRET_KEY: 2." in run_rotation()
    assert can_sign_in_with_app(officer, app_secret, real_time)


def test_secret_key_rotation_without_authenticators_changes_nothing(db):
    assert "Re-encrypted with the new SECRET_KEY: 0." in run_rotation()
