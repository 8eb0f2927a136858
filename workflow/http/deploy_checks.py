"""Checks of `check --deploy` besides Django's own.

They report settings of a real site that are unsafe, missing or still have example values, and services that do
not run. docs/operations.md lists them by number.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, register
from django.core.checks import Warning as Warned
from django.db import Error as DatabaseError

from workflow.clock import real_now
from workflow.http.security_txt import end_of_last_day
from workflow.installation_models import Instance
from workflow.outbox.metrics import MAIL_LATE_AFTER, tick_age

EXAMPLE_DOMAINS = (
    ".example",
    ".invalid",
    ".test",
    ".localhost",
    "example.com",
    "example.net",
    "example.org",
)  # RFC 2606
LOCAL_HOSTS = frozenset({"", "localhost", "127.0.0.1", "::1"})
A_WEEK = timedelta(days=7)
A_YEAR = timedelta(days=367)  # RFC 9116 recommends less than a year; the last day counts whole


@register(deploy=True)
def check_real_instance(**_facts: Any) -> list[CheckMessage]:
    """Return a message for each unsafe or missing setting of a real site; none for a practice site."""
    if settings.PRACTICE:
        return []
    return [
        *_check_network_settings(),
        *_check_mail(),
        *_check_security_contact(),
        *_check_media_folder(),
        *_check_redis(),
        *_check_periodic_jobs(),
    ]


def _check_network_settings() -> Iterator[CheckMessage]:
    if not settings.METRICS_TOKEN:
        yield Warned(
            "METRICS_TOKEN is empty: only programs on this machine may read /metrics. Set it.",
            id="workflow.W001",
        )
    if settings.HTTPS and settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0:
        yield Warned(
            "TRUSTED_PROXIES is 0 behind https: every visitor has the proxy's address, and shares one limit. "
            "Set it to the number of your proxies.",
            id="workflow.W004",
        )
    if settings.WEBHOOK_ALLOW_HTTP:
        yield Warned(
            "WEBHOOK_ALLOW_HTTP is set: webhooks may go to addresses without TLS, where others can read and change them. "
            "Unset it.",
            id="workflow.W013",
        )
    if not settings.HTTPS:
        yield Warned(
            f"BASE_URL is {settings.BASE_URL}: passwords and cookies cross the network unencrypted. "
            "Set it to an https address.",
            id="workflow.W007",
        )


def _check_mail() -> Iterator[CheckMessage]:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2].lower()
    if not domain or domain in LOCAL_HOSTS or domain.endswith(EXAMPLE_DOMAINS):
        yield Warned(
            f"MAIL_FROM is {settings.DEFAULT_FROM_EMAIL}, which no one can receive or verify. "
            "Set it to an address of your own domain.",
            id="workflow.W002",
        )
    if settings.MAIL_PROVIDER:
        return
    mailer: Any = settings.MAILERS["default"]
    if mailer.get("OPTIONS", {}).get("host", "localhost") in LOCAL_HOSTS:
        yield Warned(
            "SMTP_HOST is this machine. Set it to your mail server, or set MAIL_PROVIDER.", id="workflow.W003"
        )
    elif settings.SMTP_TLS == "none":
        yield Warned(
            "SMTP_TLS is none: mails and the password cross the network unencrypted. Set it to starttls or tls.",
            id="workflow.W008",
        )


def _check_security_contact() -> Iterator[CheckMessage]:
    contact, last = settings.SECURITY_CONTACT, settings.SECURITY_EXPIRES
    if not contact:
        yield Info(
            "SECURITY_CONTACT is empty: /.well-known/security.txt answers 404, and no one knows whom to tell of a weakness.",
            id="workflow.I001",
        )
    elif not contact.startswith(("https://", "mailto:")):
        yield Warned(f"SECURITY_CONTACT is {contact}. Begin it with mailto: or https://.", id="workflow.W005")
    elif last is None or not timedelta() < end_of_last_day(last) - real_now() <= A_YEAR:
        yield Warned(
            f"SECURITY_EXPIRES is {last or 'empty'}. Set it to a day within a year; after it, security.txt answers 404.",
            id="workflow.W006",
        )


def _check_media_folder() -> Iterator[CheckMessage]:
    """Yield an error if files cannot be stored: in the folder, or where it would be created."""
    place = Path(settings.MEDIA_ROOT)
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        yield Error(
            f"DATA_DIR is {settings.DATA_DIR}, and this user cannot write to {place}: no file can be uploaded.",
            id="workflow.E001",
        )


def _check_redis() -> Iterator[CheckMessage]:
    limits = {"socket_connect_timeout": 2, "socket_timeout": 2}  # seconds
    try:
        with redis.Redis.from_url(settings.REDIS_CLIENT_URL, **limits, decode_responses=True) as client:
            known: Any = client.config_get("maxmemory-policy")
    except redis.ResponseError:  # a server of a provider that shows no settings
        return
    except (redis.RedisError, ValueError) as error:
        yield Warned(
            f"Redis does not answer ({error}). Until it does, only `tick --loop` sends email.",
            id="workflow.W009",
        )
        return
    policy = known.get("maxmemory-policy", "noeviction")
    if policy != "noeviction":
        yield Warned(
            f"Redis has the maxmemory-policy {policy}: when its memory is full, it drops work. Set it to noeviction.",
            id="workflow.W010",
        )


def _check_periodic_jobs() -> Iterator[CheckMessage]:
    """Yield a warning if the periodic job has not run of late, and one if no backup was written of late."""
    try:
        age = tick_age()
        instance = Instance.objects.first()
    except DatabaseError:  # no database or no tables yet: other checks and commands say so
        return
    if instance is None:
        return
    if age is None or age > MAIL_LATE_AFTER:
        last = "never" if age is None else f"{age.total_seconds() / 60:.0f} minutes ago"
        yield Warned(
            f"The periodic job last ran {last}: no email goes out. Start worker and beat, or tick --loop.",
            id="workflow.W011",
        )
    if instance.backed_up_at is None or real_now() - instance.backed_up_at > A_WEEK:
        last = "never" if instance.backed_up_at is None else f"on {instance.backed_up_at:%Y-%m-%d}"
        yield Warned(
            f"The last backup was written {last}. Run manage.py backup each night.",
            id="workflow.W012",
        )
