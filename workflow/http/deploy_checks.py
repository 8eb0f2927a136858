"""Checks of `check --deploy` besides Django's own.

They report settings of a real site that still have example values.
"""

from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.checks import Warning as Warned
from django.core.checks import register

EXAMPLES = (
    ".example",
    ".invalid",
    ".test",
    ".localhost",
    "example.com",
    "example.net",
    "example.org",
)  # RFC 2606
HERE = frozenset({"", "localhost", "127.0.0.1", "::1"})


@register(deploy=True)
def check_real_instance(**_facts: Any) -> list[Warned]:
    """Return a warning for each unsafe or missing setting of a real site; none for a practice site."""
    return [] if settings.PRACTICE else list(_warnings())


def _warnings() -> Iterator[Warned]:
    if not settings.METRICS_TOKEN:
        yield Warned(
            "METRICS_TOKEN is empty: only programs on this machine may read /metrics. Set it.", id="workflow.W001"
        )
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2].lower()
    if not domain or domain in HERE or domain.endswith(EXAMPLES):
        yield Warned(
            f"MAIL_FROM is {settings.DEFAULT_FROM_EMAIL}, which no one can receive or verify. "
            "Set it to an address of your own domain.",
            id="workflow.W002",
        )
    mailer: Any = settings.MAILERS["default"]
    if not settings.MAIL_PROVIDER and mailer.get("OPTIONS", {}).get("host", "localhost") in HERE:
        yield Warned(
            "SMTP_HOST is this machine. Set it to your mail server, or set MAIL_PROVIDER.", id="workflow.W003"
        )
    if settings.HTTPS and settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0:
        yield Warned(
            "TRUSTED_PROXIES is 0 behind https: every visitor has the proxy's address, and shares one limit. "
            "Set it to the number of your proxies.",
            id="workflow.W004",
        )
