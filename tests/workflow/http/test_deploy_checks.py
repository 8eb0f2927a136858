"""The findings of `check --deploy` on a real instance."""

import pytest

from workflow.http.deploy_checks import check_real_instance

GOOD = {
    "PRACTICE": False,
    "METRICS_TOKEN": "a-token",
    "DEFAULT_FROM_EMAIL": "Twinlane <kit@burnaby.ca>",
    "MAILERS": {"default": {"OPTIONS": {"host": "mail.burnaby.ca"}}},
    "MAIL_PROVIDER": "",
    "HTTPS": True,
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
}


def found(settings, **facts) -> list[str]:
    for name, value in {**GOOD, **facts}.items():
        setattr(settings, name, value)
    return [one.id for one in check_real_instance()]


def test_a_whole_configuration_is_in_order(settings):
    assert found(settings) == []


@pytest.mark.parametrize(
    ("facts", "number"),
    [
        ({"METRICS_TOKEN": ""}, "workflow.W001"),
        ({"DEFAULT_FROM_EMAIL": "Twinlane <no-reply@twinlane.example>"}, "workflow.W002"),
        ({"DEFAULT_FROM_EMAIL": "kit@localhost"}, "workflow.W002"),
        ({"DEFAULT_FROM_EMAIL": "kit"}, "workflow.W002"),
        ({"MAILERS": {"default": {"OPTIONS": {"host": "localhost"}}}}, "workflow.W003"),
        ({"MAILERS": {"default": {"OPTIONS": {"host": "127.0.0.1"}}}}, "workflow.W003"),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 0}, "workflow.W004"),
    ],
)
def test_each_setting_that_is_an_examples_is_reported(settings, facts, number):
    assert found(settings, **facts) == [number]


@pytest.mark.parametrize(
    "facts",
    [
        {"HTTPS": False, "ALLAUTH_TRUSTED_PROXY_COUNT": 0},
        {"MAIL_PROVIDER": "postmark", "MAILERS": {"default": {"BACKEND": "anymail"}}},
        {"DEFAULT_FROM_EMAIL": "kit@example-city.ca"},
        {"PRACTICE": True, "METRICS_TOKEN": ""},
    ],
)
def test_what_is_in_order_is_not(settings, facts):
    assert found(settings, **facts) == []
