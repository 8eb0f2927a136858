"""Access to a practice site: a sign-in link and an API token per role, and the file that stores them.

Only its owner may read the file (mode 0600). The database stores hashes only.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from accounts.actions.links import issue_link
from accounts.actions.tokens import issue_token
from accounts.actors import CONSOLE_ACTOR
from accounts.models import ActionLink, ApiToken, User
from accounts.scopes import READ, WRITE
from accounts.tokens import token_digest
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.memberships.models import Membership
from workflow.clock import real_now

TOKEN_DAYS = 366

type DemoCredentials = dict[str, str | None]


class DemoAccount(NamedTuple):
    """Person of the demo who gets credentials, with role and city."""

    user: User
    role: str
    city: City | None

    @property
    def city_name(self) -> str | None:
        """English name of the city, for programs; None for the whole network."""
        return self.city.name_en if self.city else None


def demo_accounts() -> Iterator[DemoAccount]:
    """Yield every person with a role, in the order they were appointed, then every contact."""
    roles = Membership.objects.active().select_related("user", "city").order_by("pk")
    yield from (DemoAccount(role.user, role.role, role.city) for role in roles)
    contacts = Contact.objects.accepting_inquiries().select_related("user", "city").order_by("pk")
    yield from (DemoAccount(contact.user, "contact", contact.city) for contact in contacts)


def issue_credentials(holder: DemoAccount, *, at: datetime, real_at: datetime) -> DemoCredentials:
    """Create credentials with a new sign-in link and a new API token."""
    user = holder.user
    link = issue_link(
        user,
        purpose=ActionLink.Purpose.SIGN_IN,
        thing_label=user._meta.label_lower,
        thing_id=user.pk,
        by=CONSOLE_ACTOR,
        at=at,
        real_at=real_at,
    )
    token = issue_token(
        user,
        name=f"demo, {holder.role}",
        scopes=[READ, WRITE],
        days=TOKEN_DAYS,
        by=CONSOLE_ACTOR,
        at=at,
        real_at=real_at,
    )
    return _credentials(holder, link.url, token.value)


def reusable_credentials(holder: DemoAccount, known: list[DemoCredentials]) -> DemoCredentials | None:
    """Return the existing credentials with the current base URL if link and token still work, else None."""
    mine = (holder.user.email, holder.role, holder.city_name)
    old = next((one for one in known if (one["email"], one["role"], one["city"]) == mine), None)
    if old is None:
        return None
    path, value = urlsplit(old["sign_in"] or "").path, old["token"] or ""
    real_at = real_now()
    link = ActionLink.objects.usable(real_at).filter(
        user=holder.user, digest=token_digest(path.rstrip("/").rpartition("/")[2])
    )
    token = ApiToken.objects.filter(
        user=holder.user, digest=token_digest(value), revoked_at=None, expires_at__gt=real_at
    )
    if not link.exists() or not token.exists():
        return None
    return _credentials(holder, settings.BASE_URL + path, value)


def _credentials(holder: DemoAccount, sign_in: str, token: str) -> DemoCredentials:
    return {
        "role": holder.role,
        "city": holder.city_name,
        "email": holder.user.email,
        "sign_in": sign_in,
        "token": token,
    }


def read_credentials(path: Path) -> list[DemoCredentials]:
    """Return the credentials stored in a file. Empty if the file is missing or has another format."""
    if path.is_symlink() or not path.is_file():
        return []
    try:
        roles = json.loads(path.read_text(encoding="utf-8"))["roles"]
        return [{name: one[name] for name in ("role", "city", "email", "sign_in", "token")} for one in roles]
    except (ValueError, KeyError, TypeError):
        return []


def write_credentials(path: Path, credentials: dict[str, Any]) -> None:
    """Write the credentials to a new file that only its owner can read. Replaces the old file."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(credentials, file, ensure_ascii=False, indent=2)
