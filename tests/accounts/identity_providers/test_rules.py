"""Rules of single sign-on, at their boundaries."""

from dataclasses import replace

import pytest
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import ProviderException
from django.test import RequestFactory

from accounts.identity_providers.configuration import IdentityProvider
from accounts.identity_providers.openid_connect import CityOpenIDConnectProvider
from accounts.identity_providers.rules import (
    PersonCities,
    provider_sign_in_refusal,
    required_provider,
    second_factor_counts,
)

BURNABY = IdentityProvider(
    id="burnaby",
    city="burnaby",
    email_domains=("burnaby.example",),
    discovery_url="https://login.burnaby.example/",
    client_id="twinlane",
    client_secret="a-secret",
    required=True,
    emergency_accounts=("it@burnaby.example",),
    second_factor_values=("mfa", "high"),
)
MARKHAM = replace(BURNABY, id="markham", city="markham")
HERE = frozenset({"burnaby"})
BOTH = frozenset({"burnaby", "markham"})
NETWORK = frozenset({""})


def refusal_code(cities: PersonCities, **facts) -> str:
    given = {"is_active": True, "is_staff": False, "other_subject": False, **facts}
    refusal = provider_sign_in_refusal(BURNABY, cities, **given)
    return refusal.code if refusal else ""


@pytest.mark.parametrize(
    ("roles", "invitations", "code"),
    [
        (HERE, frozenset(), ""),
        (BOTH, frozenset(), ""),
        (frozenset(), HERE, ""),
        (frozenset(), frozenset(), "no_role"),
        (frozenset({"markham"}), frozenset({"markham"}), "no_role"),
        (NETWORK, NETWORK, "no_role"),
    ],
)
def test_provider_signs_in_people_with_role_in_or_invitation_to_its_city(roles, invitations, code):
    assert refusal_code(PersonCities(roles, invitations)) == code


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"is_active": False}, "shut_out"),
        ({"is_staff": True}, "staff"),
        ({"other_subject": True}, "other_subject"),
    ],
)
def test_closed_accounts_staff_and_other_subjects_are_refused(facts, code):
    assert refusal_code(PersonCities(HERE), **facts) == code


@pytest.mark.parametrize(
    ("roles", "email", "used", "required"),
    [
        (HERE, "ann@burnaby.example", "", BURNABY),
        (HERE, "ann@burnaby.example", "burnaby", None),
        (HERE, "ann@burnaby.example", "markham", BURNABY),
        (HERE, "it@burnaby.example", "", None),
        (BOTH, "ann@burnaby.example", "markham", None),
        (BOTH, "ann@burnaby.example", "", BURNABY),
        (NETWORK, "ann@burnaby.example", "", None),
        (frozenset(), "ann@burnaby.example", "", None),
    ],
)
def test_required_provider_binds_people_with_role_in_its_city(roles, email, used, required):
    assert required_provider((BURNABY, MARKHAM), email, PersonCities(roles), used) == required


def test_provider_that_is_not_required_binds_nobody():
    optional = replace(BURNABY, required=False)
    assert required_provider((optional,), "ann@burnaby.example", PersonCities(HERE), "") is None


@pytest.mark.parametrize(
    ("claims", "roles", "counts"),
    [
        ({"amr": ["pwd", "mfa"]}, HERE, True),
        ({"amr": "mfa"}, HERE, True),
        ({"acr": "high"}, HERE, True),
        ({"acr": "high"}, frozenset(), True),
        ({"amr": ["pwd"], "acr": "low"}, HERE, False),
        ({}, HERE, False),
        ({"amr": ["mfa"]}, BOTH, False),
        ({"amr": ["mfa"]}, HERE | NETWORK, False),
    ],
)
def test_second_factor_of_provider_counts_for_people_of_its_city_alone(claims, roles, counts):
    assert second_factor_counts(BURNABY, PersonCities(roles), claims) is counts


def test_second_factor_never_counts_where_no_value_is_named():
    silent = replace(BURNABY, second_factor_values=())
    assert not second_factor_counts(silent, PersonCities(HERE), {"amr": ["mfa"], "acr": None})


@pytest.mark.parametrize(
    "response",
    [{"userinfo": {"sub": "ann"}}, {"userinfo": {"sub": "bob"}, "id_token": {"sub": "ann"}}],
)
def test_answer_without_id_token_or_about_another_subject_is_refused(response):
    request = RequestFactory().get("/")
    provider = CityOpenIDConnectProvider(request, SocialApp(provider="openid_connect", provider_id="burnaby"))
    with pytest.raises(ProviderException):
        provider.sociallogin_from_response(request, response)
