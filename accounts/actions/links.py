"""Links and codes: issued, seen, used, asked for again, revoked; and the six digits that open stored personal data.

`at` is the story's moment, for the journal; `real_at` the real one, by which links and codes expire.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import tokens
from accounts.actors import MANAGE_PEOPLE, Oneself
from accounts.models import CODE_TRIES, LONGEST_LINK, Code, Link, User
from accounts.tokens import code_digest, code_matches, new_code, new_token
from workflow.actors import Actor
from workflow.clock import is_practice
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.moves import locked

CODE_LASTS = timedelta(minutes=10)
ASK_AGAIN_EVERY = timedelta(minutes=10)


class IssuedLink(NamedTuple):
    """A new link's row, and its address, which holds the token and nobody can read again."""

    link: Link
    url: str


def issue(
    user: User,
    *,
    purpose: str,
    thing_label: str,
    thing_id: int,
    by: Actor,
    at: datetime,
    real_at: datetime,
    city_id: int | None = None,
    days: int | None = None,
    message_id: UUID | None = None,
    copied_by: User | None = None,
) -> IssuedLink:
    """Make the address through which one person may act on one thing: sent in a message, or copied by somebody who is named.

    Refuses more than thirty days, somebody who was shut out, and sign-in links outside a practice instance.
    """
    lasts = timedelta(days=settings.LINK_DAYS if days is None else days)
    if lasts > LONGEST_LINK:
        raise Refused("link_too_long", _("A link works for thirty days at most."), field="days")
    if not user.is_active:
        raise Refused("shut_out", _("This person can no longer come in."))
    signs_in = purpose == Link.Purpose.SIGN_IN
    if signs_in and not is_practice():
        raise Refused("not_practice", _("Sign-in links exist on a practice instance only."))
    token = new_token()
    with transaction.atomic():
        link = Link.objects.create(
            user=user,
            purpose=purpose,
            thing_label=thing_label,
            thing_id=thing_id,
            city_id=city_id,
            digest=tokens.digest(token),
            message_id=message_id,
            copied_by=copied_by,
            made_at=real_at,
            expires_at=None if signs_in else real_at + lasts,
        )
        entries.record(link, "issue", by=by, at=at, **_about(link), copied=copied_by is not None)
    page = "practice_sign_in" if signs_in else "link"
    return IssuedLink(link, settings.BASE_URL + reverse(page, args=[token]))


def _about(link: Link) -> dict[str, Any]:
    return {
        "purpose": link.purpose,
        "thing_label": link.thing_label,
        "thing_id": link.thing_id,
        "for_user": link.user_id,
    }


def revoke(link: Link, *, by: Actor, at: datetime, real_at: datetime, reason: str = "") -> None:
    """End a link at once; again changes nothing. Refuses anybody but its holder and those who look after the city's people."""
    if by.user_id != link.user_id and (link.city_id is None or not by.may(MANAGE_PEOPLE, link)):
        raise Refused(NOT_ALLOWED, _("Only somebody who looks after your city's people may end this link."))
    with transaction.atomic():
        row = locked(link)
        if row.revoked_at is None:
            _end(row, by=by, at=at, real_at=real_at, reason=reason)
    link.revoked_at = row.revoked_at


def revoke_all(user: User, *, by: Actor, at: datetime, real_at: datetime) -> int:
    """End every link of a person: they were shut out, or their address changed. Returns how many were open."""
    open_ones = list(Link.objects.usable(real_at).filter(user=user).select_for_update().order_by("pk"))
    for link in open_ones:
        _end(link, by=by, at=at, real_at=real_at, reason="")
    return len(open_ones)


def revoke_of(thing_label: str, thing_id: int, *, by: Actor, at: datetime, real_at: datetime) -> int:
    """End every link to one thing, whoever holds it: nothing is asked there any more. Whoever ends the thing itself answers for it,
    so its own action has asked whether they may. Returns how many were open.
    """
    about = Link.objects.usable(real_at).filter(thing_label=thing_label, thing_id=thing_id)
    open_ones = list(about.select_for_update().order_by("pk"))
    for link in open_ones:
        _end(link, by=by, at=at, real_at=real_at, reason="")
    return len(open_ones)


def _end(row: Link, *, by: Actor, at: datetime, real_at: datetime, reason: str) -> None:
    row.revoked_at = real_at
    row.save(update_fields=["revoked_at"])
    entries.record(row, "revoke", by=by, at=at, reason=reason, **_about(row))


def see(link: Link, *, at: datetime, real_at: datetime) -> None:
    """Note that Continue was pressed: the first time by a person, and the first time too fast for one. Refuses a closed link."""
    with transaction.atomic():
        row = _open(link, real_at)
        scanned = row.too_fast_for_a_person(real_at)
        name = "scanned_at" if scanned else "seen_at"
        if getattr(row, name) is None:
            setattr(row, name, real_at)
            row.save(update_fields=[name])
            entries.record(
                row, "scan" if scanned else "see", by=Oneself(row.user, "link"), at=at, **_about(row)
            )


def use(link: Link, *, real_at: datetime) -> None:
    """Count a form that a person completed through the link. Refuses a closed link. The form's own action is the entry."""
    with transaction.atomic():
        row = _open(link, real_at)
        Link.objects.filter(pk=row.pk).update(uses=F("uses") + 1, used_at=real_at)


def not_for_me(link: Link, *, at: datetime, real_at: datetime) -> None:
    """End a link because it reached the wrong person, as they say; whoever asked is told. Refuses a closed link."""
    with transaction.atomic():
        row = _open(link, real_at)
        row.revoked_at = real_at
        row.save(update_fields=["revoked_at"])
        entries.record(row, "not_for_me", by=Oneself(row.user, "link"), at=at, **_about(row))


def ask_again(link: Link, *, at: datetime, real_at: datetime) -> None:
    """Ask for a fresh link instead of one that expired. It goes to the person's own address and nowhere else.

    The entry is announced like any other (procurement/notices.py); asking again within ten minutes changes nothing.
    Refuses a link that was revoked: somebody decided that, so somebody is asked.
    """
    with transaction.atomic():
        row = locked(link)
        if row.revoked_at is not None or not row.user.is_active:
            raise Refused("link_closed", _("This link was ended. Write to the office that asked you."))
        if row.asked_again_at is None or real_at - row.asked_again_at >= ASK_AGAIN_EVERY:
            row.asked_again_at = real_at
            row.save(update_fields=["asked_again_at"])
            entries.record(row, "ask_again", by=Oneself(row.user, "link"), at=at, **_about(row))


def _open(link: Link, real_at: datetime) -> Link:
    row = locked(link)
    if not row.usable(real_at):
        raise Refused("link_closed", _("This link no longer works. Ask for a new one."))
    return row


def ask_for_code(link: Link, *, at: datetime, real_at: datetime) -> None:
    """Ask for six digits by e-mail. The entry is announced like any other; the digits are made when the message is sent."""
    with transaction.atomic():
        row = _open(link, real_at)
        entries.record(row, "ask_for_code", by=Oneself(row.user, "link"), at=at, **_about(row))


def issue_code(link: Link, *, real_at: datetime) -> str:
    """Make the six digits as their message is sent; earlier ones stop working. Returned once, kept as a keyed hash."""
    code = new_code()
    with transaction.atomic():
        row = locked(link)
        Code.objects.filter(link=row, expires_at__gt=real_at).update(expires_at=real_at)
        Code.objects.create(
            link=row,
            digest=code_digest(code, str(row.pk)),
            made_at=real_at,
            expires_at=real_at + CODE_LASTS,
        )
    return code


def check_code(link: Link, code: str, *, at: datetime, real_at: datetime) -> bool:
    """Whether these are the six digits last sent; right ones work once. Refuses after five tries and after ten minutes.

    A wrong guess is counted even though nothing else happens, so this answers False instead of raising.
    """
    with transaction.atomic():
        row = Code.objects.select_for_update().filter(link=link).order_by("-id").first()
        if row is None or row.used_at is not None or real_at >= row.expires_at or row.tries >= CODE_TRIES:
            raise Refused("code_expired", _("This code no longer works. Ask for a new one."), field="code")
        right = code_matches(code, str(link.pk), row.digest)
        row.tries += 1
        row.used_at = real_at if right else None
        row.save(update_fields=["tries", "used_at"])
        if right:
            entries.record(link, "prove", by=Oneself(link.user, "link"), at=at, **_about(link))
    return right
