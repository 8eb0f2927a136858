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


def test_an_officer_is_led_to_set_one_up_before_anything_else(officer):
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


def test_an_observer_needs_none(observer):
    assert signed_in(observer).get("/account/tokens/").status_code == 200


def test_on_a_practice_instance_no_one_needs_one_and_none_is_looked_for(officer, practice):
    client = signed_in(officer)
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/account/tokens/").status_code == 200
    assert [query for query in queries if Authenticator._meta.db_table in query["sql"]] == []


def test_staff_need_one_to_open_the_administration(db):
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


def test_the_administration_has_no_sign_in_of_its_own(db):
    answer = Client().get("/admin/login/")
    assert answer["Location"].startswith("/accounts/login/")


def test_the_last_one_of_someone_who_needs_it_stays(officer):
    client = signed_in(officer)
    set_up_app(client)
    answer = client.post("/accounts/2fa/totp/deactivate/")
    assert "You need at least one second sign-in step" in answer.content.decode()
    app = Authenticator.objects.get(user=officer, type="totp")
    Authenticator.objects.create(user=officer, type="webauthn", data={"name": "Key", "credential": {}})
    assert MFAAdapter().can_delete_authenticator(app)
    codes = Authenticator.objects.get(user=officer, type="recovery_codes")
    assert MFAAdapter().can_delete_authenticator(codes)


def test_a_person_who_has_one_is_not_asked_of_the_database_again(officer):
    client = signed_in(officer)
    set_up_app(client)
    client.get("/account/tokens/")
    assert client.session["second_factor"]
    with CaptureQueriesContext(connection) as asked:
        client.get("/account/tokens/")
    assert not [query["sql"] for query in asked if "mfa_authenticator" in query["sql"]]


def test_secrets_of_apps_are_read_with_a_replaced_key_too(settings):
    stored = MFAAdapter().encrypt("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]
    assert "JBSW" not in stored
    assert MFAAdapter().decrypt(stored) == "JBSWY3DPEHPK3PXP"


def test_passkeys_are_named_one_after_the_other_and_carry_the_products_name(officer):
    client = signed_in(officer)
    page = client.get("/accounts/2fa/webauthn/add/")
    assert page.context["form"].initial["name"] == "Passkey 1"
    options = page.context["js_data"]["creation_options"]["publicKey"]
    assert options["rp"]["name"] == "Twinlane"
    Authenticator.objects.create(user=officer, type="webauthn", data={"name": "My phone", "credential": {}})
    assert MFAAdapter().generate_authenticator_name(officer, Authenticator.Type.WEBAUTHN) == "Passkey 2"
    shown = client.get("/accounts/2fa/webauthn/").content.decode()
    assert "My phone" in shown
    key = Authenticator.objects.get(user=officer, type="webauthn")
    for path in ("edit", "remove"):
        assert client.get(f"/accounts/2fa/webauthn/keys/{key.pk}/{path}/").status_code == 200
    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/edit/", {"name": "Old phone"})
    assert "Old phone" in client.get("/accounts/2fa/webauthn/").content.decode()


def test_tokens_act_without_a_second_step_because_they_were_made_behind_one(officer):
    issued = issue_token(
        officer, name="x", scopes=["read"], days=1, by=SelfActor(officer), at=NOW, real_at=REAL_NOW
    )
    assert issued.token.usable(REAL_NOW)
    assert is_required(officer)
