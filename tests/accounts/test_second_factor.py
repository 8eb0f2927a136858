"""On a real instance, people who may write must set up a second factor before anything else."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions.tokens import issue_token
from accounts.actors import SelfActor
from accounts.adapter import MFAAdapter
from accounts.models import User
from accounts.second_factor import is_required
from tests.accounts.conftest import PASSWORD, signed_in
from tests.accounts.test_sign_in import set_up_app
from tests.worlds.cities import NOW, REAL_NOW

pytestmark = pytest.mark.django_db


def test_officer_without_second_factor_is_redirected_to_set_one_up(officer):
    client = signed_in(officer)
    answer = client.get("/account/tokens/?page=2")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/accounts/2fa/?next=%2Faccount%2Ftokens%2F%3Fpage%3D2",
    )
    assert client.post("/account/tokens/", {}).status_code == 302
    for open_path in ("/account/", "/accounts/2fa/", "/accounts/sessions/", "/healthz"):
        assert client.get(open_path).status_code == 200
    set_up_app(client)
    assert client.get("/account/tokens/").status_code == 200


def test_observer_needs_no_second_factor(observer):
    assert signed_in(observer).get("/account/tokens/").status_code == 200


def test_observer_needs_second_factor_where_everyone_does(observer, settings):
    settings.SECOND_FACTOR = "everyone"
    client = signed_in(observer)
    assert client.get("/account/tokens/")["Location"].startswith("/accounts/2fa/")
    set_up_app(client)
    assert client.get("/account/tokens/").status_code == 200


def test_second_factor_is_neither_required_nor_queried_on_practice_site(officer, practice_instance):
    client = signed_in(officer)
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/account/tokens/").status_code == 200
    assert [query for query in queries if Authenticator._meta.db_table in query["sql"]] == []


def test_staff_need_second_factor_to_open_admin(db):
    boss = User.objects.create_superuser("boss@city.example", PASSWORD, name="Boss")
    client = signed_in(boss)
    assert client.get("/admin/")["Location"].startswith("/accounts/2fa/")
    set_up_app(client)
    for path in (
        "/admin/",
        "/admin/accounts/user/",
        "/admin/accounts/actionlink/",
        "/admin/accounts/apitoken/",
    ):
        assert client.get(path).status_code == 200
    assert client.get("/admin/accounts/user/add/").status_code == 403
    page = client.get(f"/admin/accounts/user/{boss.pk}/change/").content.decode()
    assert "argon2" not in page


def test_admin_login_redirects_to_site_sign_in(db):
    answer = Client().get("/admin/login/")
    assert answer["Location"].startswith("/accounts/login/")


def test_last_required_second_factor_cannot_be_removed(officer):
    client = signed_in(officer)
    set_up_app(client)
    answer = client.post("/accounts/2fa/totp/deactivate/")
    assert "You need at least one method for the second sign-in step" in answer.content.decode()
    app = Authenticator.objects.get(user=officer, type="totp")
    Authenticator.objects.create(user=officer, type="webauthn", data={"name": "Key", "credential": {}})
    assert MFAAdapter().can_delete_authenticator(app)
    codes = Authenticator.objects.get(user=officer, type="recovery_codes")
    assert MFAAdapter().can_delete_authenticator(codes)


def test_session_remembers_second_factor_without_further_query(officer):
    client = signed_in(officer)
    set_up_app(client)
    client.get("/account/tokens/")
    assert client.session["second_factor"]
    with CaptureQueriesContext(connection) as queries:
        client.get("/account/tokens/")
    assert not [query["sql"] for query in queries if "mfa_authenticator" in query["sql"]]


def test_authenticator_secrets_are_readable_with_previous_secret_key(settings):
    stored = MFAAdapter().encrypt("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]
    assert "JBSW" not in stored
    assert MFAAdapter().decrypt(stored) == "JBSWY3DPEHPK3PXP"


def test_passkeys_are_numbered_and_carry_product_name(officer):
    client = signed_in(officer)
    page = client.get("/accounts/2fa/webauthn/add/")
    assert page.context["form"].initial["name"] == "Passkey 1"
    options = page.context["js_data"]["creation_options"]["publicKey"]
    assert options["rp"]["name"] == "Twinlane"
    Authenticator.objects.create(user=officer, type="webauthn", data={"name": "My phone", "credential": {}})
    assert MFAAdapter().generate_authenticator_name(officer, Authenticator.Type.WEBAUTHN) == "Passkey 2"
    html = client.get("/accounts/2fa/webauthn/").content.decode()
    assert "My phone" in html
    key = Authenticator.objects.get(user=officer, type="webauthn")
    for path in ("edit", "remove"):
        assert client.get(f"/accounts/2fa/webauthn/keys/{key.pk}/{path}/").status_code == 200
    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/edit/", {"name": "Old phone"})
    assert "Old phone" in client.get("/accounts/2fa/webauthn/").content.decode()


def test_api_token_is_usable_without_second_factor_step(officer):
    issued = issue_token(
        officer, name="x", scopes=["read"], days=1, by=SelfActor(officer), at=NOW, real_at=REAL_NOW
    )
    assert issued.token.is_usable(REAL_NOW)
    assert is_required(officer)
