"""How one comes into a practice instance: a sign-in link and an API token per role, and the file that holds them.

The file is for its owner alone (mode 0600); the database keeps hashes only.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from accounts.actions import links, tokens
from accounts.actors import CONSOLE
from accounts.models import ApiToken, Link, User
from accounts.scopes import READ, WRITE
from accounts.tokens import digest
from partners.models.cities import City
from partners.models.people import Contact, Membership
from workflow.clock import real_now

TOKEN_DAYS = 366

type Pass = dict[str, str | None]


class Holder(NamedTuple):
    """Somebody who gets a pass: the user, the role and where they hold it."""

    user: User
    role: str
    city: City | None

    @property
    def place(self) -> str | None:
        """The city's English name, as programs compare it; none for the whole network."""
        return self.city.name_en if self.city else None


def holders() -> Iterator[Holder]:
    """Everybody with a role, in the order they were named, and then each contact abroad."""
    roles = Membership.objects.active().select_related("user", "city").order_by("pk")
    yield from (Holder(role.user, role.role, role.city) for role in roles)
    contacts = Contact.objects.answering().select_related("user", "city").order_by("pk")
    yield from (Holder(contact.user, "contact", contact.city) for contact in contacts)


def issue(holder: Holder, *, at: datetime, real_at: datetime) -> Pass:
    """A new link and a new token."""
    user = holder.user
    link = links.issue(
        user,
        purpose=Link.Purpose.SIGN_IN,
        thing_label=user._meta.label_lower,
        thing_id=user.pk,
        by=CONSOLE,
        at=at,
        real_at=real_at,
    )
    token = tokens.issue(
        user,
        name=f"demo, {holder.role}",
        scopes=[READ, WRITE],
        days=TOKEN_DAYS,
        by=CONSOLE,
        at=at,
        real_at=real_at,
    )
    return _pass(holder, link.url, token.value)


def keep(holder: Holder, known: list[Pass]) -> Pass | None:
    """The pass from before, at today's address, if its link and its token still work."""
    mine = (holder.user.email, holder.role, holder.place)
    old = next((one for one in known if (one["email"], one["role"], one["city"]) == mine), None)
    if old is None:
        return None
    path, value = urlsplit(old["sign_in"] or "").path, old["token"] or ""
    real_at = real_now()
    link = Link.objects.usable(real_at).filter(
        user=holder.user, digest=digest(path.rstrip("/").rpartition("/")[2])
    )
    token = ApiToken.objects.filter(
        user=holder.user, digest=digest(value), revoked_at=None, expires_at__gt=real_at
    )
    if not link.exists() or not token.exists():
        return None
    return _pass(holder, settings.BASE_URL + path, value)


def _pass(holder: Holder, sign_in: str, token: str) -> Pass:
    return {
        "role": holder.role,
        "city": holder.place,
        "email": holder.user.email,
        "sign_in": sign_in,
        "token": token,
    }


def read(path: Path) -> list[Pass]:
    """The passes in a file from before; none where there is no such file or it is something else."""
    if path.is_symlink() or not path.is_file():
        return []
    try:
        roles = json.loads(path.read_text(encoding="utf-8"))["roles"]
        return [{name: one[name] for name in ("role", "city", "email", "sign_in", "token")} for one in roles]
    except (ValueError, KeyError, TypeError):
        return []


def write(path: Path, passes: dict[str, Any]) -> None:
    """Write them to a new file that only its owner can read, in place of what was there."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(passes, file, ensure_ascii=False, indent=2)
