"""Sign-in by a city's identity provider: who gets in, what is refused, and what stays here."""

import logging
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.actions.people import add_person, deactivate
from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from partners.memberships.actions import end_role, invite_member, issue_invitation_token
from partners.memberships.models import Membership
from tests.accounts.conftest import PASSWORD, signed_in
from tests.accounts.identity_providers.conftest import LOGIN
from tests.accounts.test_sign_in import set_up_app
from tests.worlds import cities
from tests.worlds.cities import NOW
from workflow.clock import real_now
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
ACCOUNT = "/account/"


def is_signed_in(client: Client) -> bool:
    return client.get(ACCOUNT).status_code == 200


def refusal_of(answer) -> str:
    """Return the sentence of a refused sign-in."""
    assert answer.status_code in (401, 403), answer.content.decode()
    return answer.content.decode()


def invited(email: str = "new@cast.example") -> tuple[User, str]:
    """Invite a person to Burnaby; return them and the path of the invitation."""
    invitation = invite_member(
        email=email,
        name="New Person",
        role="observer",
        city=cities.city("burnaby"),
        by=CONSOLE_ACTOR,
        at=NOW,
        real_at=real_now(),
    )
    return invitation.user, f"/join/{issue_invitation_token(invitation)}/"


def test_sign_in_page_offers_provider_by_name_of_its_city_and_keeps_next_page(provider):
    page = Client().get("/accounts/login/?next=/account/tokens/", headers={"accept-language": "zh-hans"})
    assert "本拿比" in page.content.decode()
    assert f'href="{LOGIN}?next=%2Faccount%2Ftokens%2F"' in page.content.decode()


def test_first_sign_in_links_person_with_same_verified_address_and_is_journaled(provider, observer):
    provider.describe(
        "ann", email=observer.email.upper(), email_verified=True, groups=["everyone"], name="Ann"
    )
    client = Client()
    answer = provider.sign_in(client, "ann", f"{LOGIN}?next=/account/tokens/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/tokens/")
    assert is_signed_in(client)
    link = SocialAccount.objects.get()
    assert (link.user, link.provider, link.uid) == (observer, "burnaby", "ann")
    assert set(link.extra_data) == {"email", "nonce"}
    assert not SocialToken.objects.exists()
    assert history_of(observer)[0].facts == {"event": "account_connected"}


def test_request_carries_state_nonce_and_pkce_and_cannot_be_changed_by_address(provider):
    redirect = Client().get(
        f"{LOGIN}?process=connect&scope=admin&auth_params=redirect_uri%3Dhttps://evil.example/"
    )
    asked = {name: values[0] for name, values in parse_qs(urlsplit(redirect["Location"]).query).items()}
    assert asked["redirect_uri"] == "http://testserver/accounts/oidc/burnaby/login/callback/"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) > 20
    assert asked["state"]


@pytest.mark.parametrize("verified", [False, "false", None])
def test_unverified_address_links_nobody(provider, observer, verified):
    provider.describe("ann", email=observer.email, email_verified=verified)
    client = Client()
    assert "No account matches your address" in refusal_of(provider.sign_in(client, "ann"))
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_address_outside_domains_of_city_links_nobody(provider, observer, configure):
    configure(email_domains=("city.example",))
    provider.describe("ann", email=observer.email, email_verified=True)
    assert "No account matches your address" in refusal_of(provider.sign_in(Client(), "ann"))


def test_provider_that_vouches_for_its_addresses_need_not_say_so_each_time(provider, observer, configure):
    configure(email_is_verified=True)
    provider.describe("ann", email=observer.email)
    assert provider.sign_in(Client(), "ann")["Location"] == "/"


def test_unknown_address_makes_no_account(provider):
    before = User.objects.count()
    provider.describe("stranger", email="stranger@cast.example", email_verified=True)
    assert "Ask your city to send an invitation" in refusal_of(provider.sign_in(Client(), "stranger"))
    assert User.objects.count() == before


def test_person_of_another_city_is_refused(provider):
    other = cities.member("observer", cities.city("markham"))
    provider.describe("bob", email=other.email, email_verified=True)
    assert "You have no role in this city" in refusal_of(provider.sign_in(Client(), "bob"))


def test_ended_role_ends_sign_in_of_linked_person(provider, linked):
    end_role(Membership.objects.get(user=linked), by=CONSOLE_ACTOR, at=NOW)
    client = Client()
    assert "You have no role in this city" in refusal_of(provider.sign_in(client, "ann"))
    assert not is_signed_in(client)


def test_deactivated_person_is_refused(provider, linked):
    deactivate(linked, by=CONSOLE_ACTOR, at=NOW, real_at=real_now(), reason="left")
    client = Client()
    assert "This account is closed" in refusal_of(provider.sign_in(client, "ann"))
    assert not is_signed_in(client)


def test_staff_of_site_are_refused(provider, linked):
    User.objects.filter(pk=linked.pk).update(is_staff=True)
    assert "People who run this site" in refusal_of(provider.sign_in(Client(), "ann"))


def test_person_whose_address_changes_at_city_stays_linked_by_subject(provider, linked):
    successor = cities.member("observer", cities.city("burnaby"))
    provider.describe("ann", email=successor.email, email_verified=True)
    client = Client()
    assert provider.sign_in(client, "ann")["Location"] == "/"
    assert client.get(ACCOUNT).context["user"] == linked


def test_successor_with_same_address_does_not_get_account_of_predecessor(provider, linked):
    provider.describe("successor", email=linked.email, email_verified=True)
    client = Client()
    assert "is linked to a different account at your city" in refusal_of(
        provider.sign_in(client, "successor")
    )
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"iss": "http://localhost:1"},
        {"exp": 1},
        {"nonce": "of-another-sign-in"},
    ],
)
def test_id_token_for_another_client_issuer_time_or_sign_in_is_refused(provider, linked, claims):
    provider.describe("ann", email=linked.email, email_verified=True, **claims)
    client = Client()
    refusal_of(provider.sign_in(client, "ann"))
    assert not is_signed_in(client)


def test_answer_that_is_sent_again_is_refused(provider, linked):
    client = Client()
    back = provider.way_back(client, "ann")
    assert client.get(back).status_code == 302
    client.post("/accounts/logout/")
    refusal_of(client.get(back))
    assert not is_signed_in(client)


def test_answer_to_sign_in_of_another_browser_is_refused(provider, linked):
    back = provider.way_back(Client(), "ann")
    other = Client()
    other.get(LOGIN)
    refusal_of(other.get(back))
    assert not is_signed_in(other)


def test_address_of_another_site_as_next_page_is_not_followed(provider, linked):
    answer = provider.sign_in(Client(), "ann", f"{LOGIN}?next=https://evil.example/")
    assert answer["Location"] == "/"


def test_person_who_stops_at_city_is_told_and_not_signed_in(provider, linked):
    client = Client()
    redirect = client.get(LOGIN)
    answer = requests.post(redirect["Location"], data={"action": "deny"}, allow_redirects=False, timeout=5)
    page = client.get(answer.headers["Location"].removeprefix("http://testserver"), follow=True)
    assert "You cancelled the sign-in with your city." in page.content.decode()


def test_password_works_while_provider_is_away(provider, observer, configure):
    configure(discovery_url="http://localhost:1/.well-known/openid-configuration")
    assert "did not respond as expected" in refusal_of(Client().get(LOGIN))
    assert is_signed_in(signed_in(observer))


def test_invited_person_accepts_after_sign_in_at_city_without_password(provider):
    person, path = invited()
    provider.describe("new", email=person.email, email_verified=True)
    client = Client()
    page = client.get(path).content.decode()
    start = f"{LOGIN}?next={path.replace('/', '%2F')}"
    assert f'href="{start}"' in page
    assert provider.sign_in(client, "new", start)["Location"] == path
    assert not Membership.objects.filter(user=person).exists()
    assert client.post(path)["Location"] == "/"
    assert Membership.objects.active().filter(user=person, role="observer").exists()
    person.refresh_from_db()
    assert not person.has_usable_password()
    assert EmailAddress.objects.get(user=person).verified
    assert "confirm_address" in [entry.verb for entry in history_of(person)]


def test_person_without_role_or_invitation_is_refused(provider):
    contact = add_person(email="contact@cast.example", name="Contact", by=CONSOLE_ACTOR, at=NOW)
    provider.describe("contact", email=contact.email, email_verified=True)
    assert "You have no role in this city" in refusal_of(provider.sign_in(Client(), "contact"))


def test_required_provider_refuses_password_and_leads_to_provider(provider, observer, configure):
    configure(required=True, emergency_accounts=("it@cast.example",))
    client = Client()
    answer = client.post("/accounts/login/", {"login": observer.email, "password": PASSWORD})
    assert f'href="{LOGIN}"' in refusal_of(answer)
    assert not is_signed_in(client)
    provider.describe("ann", email=observer.email, email_verified=True)
    assert provider.sign_in(client, "ann")["Location"] == "/"
    assert is_signed_in(client)


def test_emergency_account_keeps_password_where_provider_is_required(provider, observer, configure):
    configure(required=True, emergency_accounts=(observer.email,))
    assert is_signed_in(signed_in(observer))


def test_required_provider_binds_only_people_of_its_city(provider, configure, observer):
    configure(city="markham", required=True, emergency_accounts=("it@cast.example",))
    assert is_signed_in(signed_in(observer))


def test_invitation_to_city_that_requires_provider_takes_no_password(provider, configure):
    configure(required=True, emergency_accounts=("it@cast.example",))
    person, path = invited()
    assert 'name="password"' not in Client().get(path).content.decode()
    facts = {"name": "New", "language": "en", "password": PASSWORD}
    assert Client().post(path, facts).status_code == 403
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_own_second_factor_is_asked_unless_provider_says_that_it_asked(provider, officer, configure):
    configure(second_factor_values=("mfa",))
    own = signed_in(officer)
    set_up_app(own)
    code = own.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    provider.describe("sam", email=officer.email, email_verified=True, amr=["pwd"])
    client = Client()
    assert provider.sign_in(client, "sam")["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/"
    assert is_signed_in(client)
    provider.describe("sam", email=officer.email, email_verified=True, amr=["pwd", "mfa"])
    client = Client()
    assert provider.sign_in(client, "sam")["Location"] == "/"
    assert client.get("/account/tokens/").status_code == 200


def test_second_factor_of_provider_saves_setting_one_up(provider, officer, configure):
    provider.describe("sam", email=officer.email, email_verified=True, amr=["mfa"], acr="high")
    client = Client()
    provider.sign_in(client, "sam")
    assert client.get("/account/tokens/")["Location"].startswith("/accounts/2fa/")
    configure(second_factor_values=("high",))
    provider.sign_in(client, "sam")
    assert client.get("/account/tokens/").status_code == 200


def test_second_factor_of_provider_does_not_count_for_person_with_role_elsewhere(
    provider, officer_elsewhere, configure
):
    configure(second_factor_values=("mfa",))
    provider.describe("sam", email=officer_elsewhere.email, email_verified=True, amr=["mfa"])
    client = Client()
    provider.sign_in(client, "sam")
    assert client.get("/account/tokens/")["Location"].startswith("/accounts/2fa/")


def test_sign_out_ends_session_here_and_offers_to_end_it_at_city(provider, linked):
    client = Client()
    provider.sign_in(client, "ann")
    answer = client.post("/accounts/logout/", follow=True)
    assert "You are still signed in to the sign-in service of Burnaby" in answer.content.decode()
    assert "Sign out (Burnaby)" in answer.content.decode()
    assert not is_signed_in(client)
    away = client.get("/accounts/signed-out/burnaby/there/")
    assert away["Location"].startswith(f"{provider.url}/oauth2/end_session?client_id=twinlane&")
    page = requests.get(away["Location"], timeout=5)
    assert page.status_code == 200
    assert "http://testserver/accounts/login/" in page.text


def test_sign_out_after_password_offers_no_provider(provider, observer):
    client = signed_in(observer)
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"


def test_refused_sign_in_is_logged_without_address(provider, linked, caplog):
    end_role(Membership.objects.get(user=linked), by=CONSOLE_ACTOR, at=NOW)
    with caplog.at_level(logging.WARNING):
        provider.sign_in(Client(), "ann")
    assert f"Sign-in by burnaby refused: no_role, person {linked.pk}" in caplog.text
    assert linked.email not in caplog.text


def test_sign_ins_that_ask_provider_are_limited(provider, real_time):
    answers = [Client().get(LOGIN).status_code for _ in range(31)]
    assert answers == [302] * 30 + [429]


def test_signed_in_person_cannot_link_account_of_another_person(provider, observer, linked):
    other = cities.member("observer", cities.city("burnaby"))
    provider.describe("bob", email=other.email, email_verified=True)
    client = Client()
    provider.sign_in(client, "ann")
    provider.sign_in(client, "bob", f"{LOGIN}?process=connect")
    assert SocialAccount.objects.get(uid="bob").user == other
    assert client.get(ACCOUNT).context["user"] == other
    assert client.get("/accounts/3rdparty/")["Location"] == ACCOUNT


def test_unknown_provider_has_no_pages(provider):
    for path in (
        "/accounts/oidc/markham/login/",
        "/accounts/signed-out/markham/",
        "/accounts/signed-out/markham/there/",
    ):
        assert Client().get(path).status_code == 404


def test_link_is_removed_by_command_and_made_again_by_next_sign_in(provider, linked, capsys):
    provider.describe("new-ann", email=linked.email, email_verified=True)
    call_command("unlink_identity_provider", user=linked.email.upper())
    assert "Links removed: 1." in capsys.readouterr().out
    assert history_of(linked)[0].facts == {"event": "account_disconnected"}
    assert provider.sign_in(Client(), "new-ann")["Location"] == "/"
    assert SocialAccount.objects.get().uid == "new-ann"


def test_link_of_unknown_person_is_not_removed(db):
    with pytest.raises(CommandError, match="No one here"):
        call_command("unlink_identity_provider", user="nobody@cast.example")
