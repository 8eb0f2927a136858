"""Sign-in with a password and a second step, and the mails and journal entries that allauth causes."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import authenticate
from django.core import mail
from django.test import Client

from tests.accounts.conftest import PASSWORD, path_of, signed_in
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
NEW = "another-four-small-words"


def code_for(secret: str):
    """Return the code that an authenticator app shows now for this key."""
    now = list(yield_hotp_counters_from_time())[1]
    return format_hotp_value(hotp_value(secret, now))


def set_up_app(client: Client):
    """Set up an authenticator app in this browser; return its key."""
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def test_user_signs_in_with_email_and_password(observer):
    client = Client()
    page = client.get("/accounts/login/")
    assert "Sign in with a passkey" in page.content.decode()
    answer = client.post("/accounts/login/", {"login": observer.email.upper(), "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("email", ["known", "nobody@city.example"])
def test_wrong_password_and_unknown_email_get_same_answer(observer, email):
    login = observer.email if email == "known" else email
    answer = Client().post("/accounts/login/", {"login": login, "password": "not-the-password"})
    assert "The email address or password is incorrect." in answer.content.decode()


def test_sign_up_without_invitation_is_refused(db):
    page = Client().get("/accounts/signup/")
    assert "You need an invitation to get an account" in page.content.decode()
    answer = Client().post("/accounts/signup/", {"email": "a@b.example", "password1": NEW, "password2": NEW})
    assert "You need an invitation to get an account" in answer.content.decode()


def test_password_reset_request_does_not_reveal_who_has_account(observer, person):
    answers = set()
    for email in (observer.email, person.email, "nobody@city.example"):
        client = Client()
        answer = client.post("/accounts/password/reset/", {"email": email}, follow=True)
        answers.add(
            (
                answer.status_code,
                re.sub(r'value="[^"]+"|content="[^"]+"', "", answer.content.decode()),
            )
        )
    assert len(answers) == 1
    assert {(message.to[0], message.subject) for message in mail.outbox} == {
        (observer.email, "Choose a new password"),
        ("nobody@city.example", "No account with this address"),
    }


def test_forgotten_password_is_reset_and_owner_notified(observer):
    client = Client()
    client.post("/accounts/password/reset/", {"email": observer.email})
    address = re.findall(r"http://\S+/key/\S+", str(mail.outbox[0].body))[0]
    page = client.get(path_of(address.replace("http://testserver", "")), follow=True)
    answer = client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    assert authenticate(None, email=observer.email, password=NEW) == observer
    assert history_of(observer)[0].facts == {"event": "password_reset"}
    assert Client().get(path_of(address.replace("http://testserver", ""))).context["token_fail"]


def test_changed_password_ends_other_sessions_and_is_journaled(observer):
    here, elsewhere = signed_in(observer), signed_in(observer)
    facts = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    here.post("/accounts/password/change/", facts)
    assert elsewhere.get("/account/").status_code == 302
    assert history_of(observer)[0].facts == {"event": "password_changed"}


def test_mail_for_new_password_has_site_s_senders(client, observer, settings):
    settings.DEFAULT_FROM_EMAIL, settings.MAIL_BOUNCES = "Twinlane <kit@city.example>", "bounces@city.example"
    settings.MAIL_REPLY_TO = "help@city.example"
    client.post("/accounts/password/reset/", {"email": observer.email})
    sent = mail.outbox[0]
    assert (sent.from_email, sent.message()["From"]) == (
        "bounces@city.example",
        "Twinlane <kit@city.example>",
    )
    assert sent.reply_to == ["help@city.example"]


def test_account_mail_is_in_language_of_user(person, observer):
    observer.language = "fr-ca"
    observer.save()
    Client(headers={"accept-language": "en"}).post("/accounts/password/reset/", {"email": observer.email})
    assert mail.outbox[0].to == [observer.email]


def test_new_email_address_applies_once_confirmed(observer, real_time):
    client = signed_in(observer)
    real_time(timedelta(minutes=11))
    response = client.post("/accounts/email/", {"email": "new@city.example", "action_add": ""})
    assert response["Location"].startswith("/accounts/reauthenticate/")
    client.post(response["Location"], {"password": PASSWORD})
    assert "Awaiting confirmation" in client.get("/accounts/email/").content.decode()
    address = re.findall(r"http://\S+/confirm-email/\S+", str(mail.outbox[-1].body))[0]
    observer.refresh_from_db()
    assert observer.email != "new@city.example"
    assert "We will write to new@city.example" in client.get(address).content.decode()
    client.post(address)
    old = observer.email
    observer.refresh_from_db()
    assert observer.email == "new@city.example"
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([old], "Your email address was changed")
    assert history_of(observer)[0].facts == {"event": "email_changed"}


@pytest.mark.django_db(transaction=True)
def test_authenticator_app_code_is_required_as_second_step(observer):
    client = signed_in(observer)
    secret = set_up_app(client)
    stored = Authenticator.objects.get(user=observer, type="totp").data["secret"]
    assert secret not in stored
    assert history_of(observer)[0].facts == {"event": "totp_activated"}
    other = Client()
    answer = other.post("/accounts/login/", {"login": observer.email, "password": PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert other.get("/account/").status_code == 302
    wrong = other.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "This code is incorrect or has already been used." in wrong.content.decode()


def test_authenticator_code_or_recovery_code_completes_sign_in(observer, time_machine):
    client = signed_in(observer)
    secret = set_up_app(client)
    codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    for code in (code_for(secret), codes[0]):
        other = Client()
        other.post("/accounts/login/", {"login": observer.email, "password": PASSWORD})
        assert other.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/"
        assert other.get("/account/").status_code == 200


def test_recovery_codes_are_downloaded_and_regenerated(observer):
    client = signed_in(observer)
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 404
    set_up_app(client)
    first = client.get("/accounts/2fa/recovery-codes/download/").content.decode().split()
    assert len(first) == 10
    assert "stop working" in client.get("/accounts/2fa/recovery-codes/generate/").content.decode()
    client.post("/accounts/2fa/recovery-codes/generate/")
    assert not set(first) & set(client.get("/accounts/2fa/recovery-codes/download/").content.decode().split())


def test_user_who_needs_no_second_factor_can_remove_authenticator_app(observer):
    client = signed_in(observer)
    set_up_app(client)
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=observer, type="totp").exists()


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/",
        "/accounts/password/reset/key/done/", "/accounts/inactive/", "/accounts/confirm-email/", "/accounts/signup/",
        "/accounts/confirm-email/nonsense/",
    ],
)  # fmt: skip
def test_account_page_opens_for_visitor(db, path):
    assert Client().get(path, follow=True).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/account/", "/account/tokens/", "/accounts/password/change/", "/accounts/2fa/",
        "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/", "/accounts/sessions/",
        "/accounts/reauthenticate/", "/accounts/logout/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_account_page_opens_for_user_in_each_language(observer, path, language):
    observer.language = language
    observer.save()
    answer = signed_in(observer).get(path)
    assert answer.status_code == 200
    assert answer["Content-Language"] == language


def test_outdated_password_proof_is_requested_again(observer, real_time):
    client = signed_in(observer)
    real_time(timedelta(minutes=11))
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    page = client.get(answer["Location"])
    assert "Confirm it is you" in page.content.decode()
    assert (
        "The password is incorrect." in client.post(answer["Location"], {"password": "no"}).content.decode()
    )
    assert client.post(answer["Location"], {"password": PASSWORD}).status_code == 302


def test_authenticator_code_also_confirms_identity(observer, real_time):
    client = signed_in(observer)
    secret = set_up_app(client)
    real_time(timedelta(minutes=11))
    page = client.get("/accounts/2fa/reauthenticate/")
    assert "With your password" in page.content.decode()
    assert client.post("/accounts/2fa/reauthenticate/", {"code": code_for(secret)}).status_code == 302
