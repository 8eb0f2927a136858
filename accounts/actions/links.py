"""Actions on links (addresses through which one person acts on one item), and on codes that open personal data.

`at` is the site's time, for the journal. `real_at` is the real time, by which links and codes expire.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import MANAGE_PEOPLE, SelfActor
from accounts.models import MAX_EMAIL_CODE_TRIES, MAX_LINK_AGE, ActionLink, EmailCode, User
from accounts.tokens import code_digest, code_matches, new_code, new_token, token_digest, unsubscribe_token
from workflow.actors import SYSTEM, Actor
from workflow.clock import is_practice
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.moves import select_locked
from workflow.outbox.delivery import MessageContent
from workflow.outbox.models import Message

CODE_LIFETIME = timedelta(minutes=10)
NEW_LINK_INTERVAL = timedelta(minutes=10)


class IssuedLink(NamedTuple):
    """The row of a new link, and its address. The address holds the token and cannot be read again later."""

    link: ActionLink
    url: str


def issue_link(
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
    """Create an address through which one person may act on one item.

    The address is sent in a message (`message_id`), or copied by a named person (`copied_by`). Refuses
    more than thirty days, a deactivated person, and sign-in links outside a practice site.
    """
    lifetime = timedelta(days=settings.LINK_DAYS if days is None else days)
    if lifetime > MAX_LINK_AGE:
        raise Refused("link_too_long", _("A link can be valid for at most 30 days."), field="days")
    if not user.is_active:
        raise Refused("shut_out", _("This person’s access has been removed."))
    is_sign_in = purpose == ActionLink.Purpose.SIGN_IN
    if is_sign_in and not is_practice():
        raise Refused("not_practice", _("Sign-in links are available on a practice site only."))
    token = new_token()
    with transaction.atomic():
        link = ActionLink.objects.create(
            user=user,
            purpose=purpose,
            thing_label=thing_label,
            thing_id=thing_id,
            city_id=city_id,
            digest=token_digest(token),
            message_id=message_id,
            copied_by=copied_by,
            created_at=real_at,
            expires_at=None if is_sign_in else real_at + lifetime,
        )
        entries.record(link, "issue", by=by, at=at, **_link_facts(link), copied=copied_by is not None)
    url_name = "practice_sign_in" if is_sign_in else "link"
    return IssuedLink(link, settings.BASE_URL + reverse(url_name, args=[token]))


def _link_facts(link: ActionLink) -> dict[str, Any]:
    """Return what the journal records about every link: its purpose, its item and its holder."""
    return {
        "purpose": link.purpose,
        "thing_label": link.thing_label,
        "thing_id": link.thing_id,
        "for_user": link.user_id,
    }


def revoke_link(link: ActionLink, *, by: Actor, at: datetime, real_at: datetime, reason: str = "") -> None:
    """End a link at once. A second call changes nothing.

    Refuses an actor who is neither the link's holder nor one who manages the people of the link's city.
    """
    if by.user_id != link.user_id and (link.city_id is None or not by.may(MANAGE_PEOPLE, link)):
        raise Refused(NOT_ALLOWED, _("Only your city administrator can cancel this link."))
    with transaction.atomic():
        row = select_locked(link)
        if row.revoked_at is None:
            _revoke(row, by=by, at=at, real_at=real_at, reason=reason)
    link.revoked_at = row.revoked_at


def revoke_all_links(user: User, *, by: Actor, at: datetime, real_at: datetime) -> int:
    """End every link of a person and return how many were open.

    Called when a person is deactivated or their address changes.
    """
    open_links = list(ActionLink.objects.usable(real_at).filter(user=user).select_for_update().order_by("pk"))
    for link in open_links:
        _revoke(link, by=by, at=at, real_at=real_at, reason="")
    return len(open_links)


def revoke_links_to(thing_label: str, thing_id: int, *, by: Actor, at: datetime, real_at: datetime) -> int:
    """End every link to one item, for all its holders, and return how many were open.

    Called when the item no longer asks for anything. It does not check the actor: the action that ends
    the item has already done so.
    """
    links_to_item = ActionLink.objects.usable(real_at).filter(thing_label=thing_label, thing_id=thing_id)
    open_links = list(links_to_item.select_for_update().order_by("pk"))
    for link in open_links:
        _revoke(link, by=by, at=at, real_at=real_at, reason="")
    return len(open_links)


def _revoke(row: ActionLink, *, by: Actor, at: datetime, real_at: datetime, reason: str) -> None:
    row.revoked_at = real_at
    row.save(update_fields=["revoked_at"])
    entries.record(row, "revoke", by=by, at=at, reason=reason, **_link_facts(row))


def record_link_opened(link: ActionLink, *, at: datetime, real_at: datetime) -> None:
    """Record the first press of the link's Continue button: the first by a person, or the first by a mail scanner.

    A press too soon after the link was made counts as a scanner's. Refuses a revoked or expired link.
    """
    with transaction.atomic():
        row = _lock_usable_link(link, real_at)
        is_scanner = row.is_too_fast_for_person(real_at)
        field = "scanned_at" if is_scanner else "seen_at"
        if getattr(row, field) is None:
            setattr(row, field, real_at)
            row.save(update_fields=[field])
            entries.record(
                row,
                "scan" if is_scanner else "see",
                by=SelfActor(row.user, "link"),
                at=at,
                **_link_facts(row),
            )


def record_link_use(link: ActionLink, *, real_at: datetime) -> None:
    """Count a form that a person completed through the link. Refuses a revoked or expired link.

    This writes no journal entry: the action of the form writes its own.
    """
    with transaction.atomic():
        row = _lock_usable_link(link, real_at)
        ActionLink.objects.filter(pk=row.pk).update(uses=F("uses") + 1, used_at=real_at)


def report_misdirected_link(link: ActionLink, *, at: datetime, real_at: datetime) -> None:
    """End a link because its reader reports that it reached the wrong person.

    The person who sent it is notified. Refuses a revoked or expired link.
    """
    with transaction.atomic():
        row = _lock_usable_link(link, real_at)
        row.revoked_at = real_at
        row.save(update_fields=["revoked_at"])
        entries.record(row, "not_for_me", by=SelfActor(row.user, "link"), at=at, **_link_facts(row))


def request_new_link(link: ActionLink, *, at: datetime, real_at: datetime) -> None:
    """Request a new link in place of one that expired.

    Its journal entry causes the notification (procurement/notifications/builder.py). A second request
    within ten minutes changes nothing. Refuses a revoked link, because a person decided to revoke it: the
    reader must write to the office instead.
    """
    with transaction.atomic():
        row = select_locked(link)
        if row.revoked_at is not None or not row.user.is_active:
            raise Refused(
                "link_closed", _("This link has been cancelled. Contact the office that wrote to you.")
            )
        if row.new_link_requested_at is None or real_at - row.new_link_requested_at >= NEW_LINK_INTERVAL:
            row.new_link_requested_at = real_at
            row.save(update_fields=["new_link_requested_at"])
            entries.record(row, "request_new", by=SelfActor(row.user, "link"), at=at, **_link_facts(row))


def _lock_usable_link(link: ActionLink, real_at: datetime) -> ActionLink:
    """Return the link, locked and read again. Refuses a revoked or expired link."""
    row = select_locked(link)
    if not row.is_usable(real_at):
        raise Refused("link_closed", _("This link no longer works. Ask for a new one."))
    return row


def request_email_code(link: ActionLink, *, at: datetime, real_at: datetime) -> None:
    """Request a six-digit code by e-mail. Refuses a revoked or expired link.

    Its journal entry causes the message, and the digits are made when that message is sent.
    """
    with transaction.atomic():
        row = _lock_usable_link(link, real_at)
        entries.record(row, "ask_for_code", by=SelfActor(row.user, "link"), at=at, **_link_facts(row))


def issue_email_code(link: ActionLink, *, real_at: datetime) -> str:
    """Create the six digits for a message that is being sent. Earlier codes of the link stop working.

    The digits are returned once. Only a keyed hash is stored.
    """
    code = new_code()
    with transaction.atomic():
        row = select_locked(link)
        EmailCode.objects.filter(link=row, expires_at__gt=real_at).update(expires_at=real_at)
        EmailCode.objects.create(
            link=row,
            digest=code_digest(code, str(row.pk)),
            created_at=real_at,
            expires_at=real_at + CODE_LIFETIME,
        )
    return code


def verify_email_code(link: ActionLink, code: str, *, at: datetime, real_at: datetime) -> bool:
    """Return True if these are the six digits last sent. A correct code works once.

    Refuses after five tries and after ten minutes. A wrong code returns False instead of being refused, because
    an exception would roll back the count of tries.
    """
    with transaction.atomic():
        row = EmailCode.objects.select_for_update().filter(link=link).order_by("-id").first()
        if (
            row is None
            or row.used_at is not None
            or real_at >= row.expires_at
            or row.tries >= MAX_EMAIL_CODE_TRIES
        ):
            raise Refused("code_expired", _("This code no longer works. Ask for a new one."), field="code")
        is_correct = code_matches(code, str(link.pk), row.digest)
        row.tries += 1
        row.used_at = real_at if is_correct else None
        row.save(update_fields=["tries", "used_at"])
        if is_correct:
            entries.record(link, "prove", by=SelfActor(link.user, "link"), at=at, **_link_facts(link))
    return is_correct


EMAIL_CODE_PURPOSE = "code"  # in `Message.link`, for a message with a six-digit code


def create_message_link_or_code(
    message: Message, *, at: datetime, real_at: datetime, kind: str = ""
) -> MessageContent:
    """Create the link or the six-digit code that a message contains, if it contains one.

    `message.link` says which one. `{"purpose": "answer"}` is a link to the message's own item, or to another one
    if it also has `thing_label`, `thing_id` and `city_id`. `{"purpose": "code"}` is a code; the item of such a
    message is the action link for which the code was requested.

    `kind` is the kind of notification that the unsubscribe address turns off. Without a kind the address
    stops all mail.
    """
    unsubscribe = unsubscribe_url(message.recipient, kind)
    request = message.link
    if not request:
        return MessageContent(unsubscribe_url=unsubscribe)
    if request["purpose"] == EMAIL_CODE_PURPOSE:
        return MessageContent(
            link=issue_email_code(ActionLink.objects.get(pk=message.thing_id), real_at=real_at),
            unsubscribe_url=unsubscribe,
        )
    issued = issue_link(
        message.recipient,
        purpose=request["purpose"],
        thing_label=request.get("thing_label", message.thing_label),
        thing_id=request.get("thing_id", message.thing_id),
        city_id=request.get("city_id", message.city_id),
        message_id=message.pk,
        by=SYSTEM,
        at=at,
        real_at=real_at,
    )
    return MessageContent(link=issued.url, unsubscribe_url=unsubscribe)


def unsubscribe_url(user: User, kind: str = "") -> str:
    """Return the address that stops all mail to this person, or mail of one kind of notification."""
    if kind:
        return settings.BASE_URL + reverse("stop_kind", args=[unsubscribe_token(user.pk, kind)])
    return settings.BASE_URL + reverse("stop_mail", args=[unsubscribe_token(user.pk)])
