"""People: added, welcomed, edited, shut out; whether mail to them makes sense.

Whether somebody may do this to somebody else is asked by the room above, which knows who speaks for whom.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.above import accept_invitation
from accounts.actions import tokens
from accounts.actions.calendars import withdraw_all
from accounts.actions.links import revoke_all
from accounts.actions.sessions import end_all
from accounts.actors import Oneself
from accounts.models import Language, User
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.journal import entries
from workflow.moves import locked

TAKEN = _("Somebody with this e-mail address is already known here.")


def add(
    *, email: str, name: str, by: Actor, at: datetime, language: str = Language.EN, time_zone: str = "UTC"
) -> User:
    """Enter a person, who can act through links at once and has no password. Refuses an address that somebody already has."""
    address = email.strip().lower()
    with transaction.atomic():
        if User.objects.filter(email=address).exists():
            raise Refused("address_taken", TAKEN, field="email")
        user = User(email=address, name=name.strip(), language=language, time_zone=time_zone, created_at=at)
        user.set_unusable_password()
        user.save(force_insert=True)
        entries.record(user, "add", by=by, at=at, after=entries.snapshot(user))
    return user


def reach(*, email: str, name: str, by: Actor, at: datetime, language: str = Language.EN) -> User:
    """The person with this address, who keeps the name and language they have; entered where nobody has it.

    Refuses no name, an address that is none, and somebody who was shut out.
    """
    if not name.strip():
        raise Refused("name_missing", _("Write down the name of the person."), field="name")
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused("bad_address", _("Write a whole e-mail address."), field="email") from error
    found = User.objects.filter(email=address).first()
    if found is not None and not found.is_active:
        raise Refused("shut_out", _("This person can no longer come in."), field="email")
    return found or add(email=address, name=name, language=language, by=by, at=at)


def welcome(
    user: User, *, token: str, name: str, language: str, password: str, at: datetime, real_at: datetime
) -> User:
    """Let somebody who was invited in, with a name and a password of their own choice.

    The invitation went to their address, so the address is proven. Refuses somebody who has a password already (they sign in,
    then accept), and an invitation that is no longer open.
    """
    oneself = Oneself(user, "link")
    with transaction.atomic():
        user = edit(user, by=oneself, at=at, name=name, language=language)
        set_password(user, password, by=oneself, at=at)
        accept_invitation(token, by=oneself, at=at, real_at=real_at)
    return user


def set_password(user: User, password: str, *, by: Actor, at: datetime) -> None:
    """Let somebody whose address is proven sign in from now on. Refuses if they have a password: that is changed, not set."""
    with transaction.atomic():
        row = locked(user)
        if row.has_usable_password():
            raise Refused("has_password", _("You already have an account here: sign in."))
        row.set_password(password)
        row.save(update_fields=["password"])
        facts = {"verified": True, "primary": True}
        EmailAddress.objects.update_or_create(user=row, email=row.email, defaults=facts)
        entries.record(row, "set_password", by=by, at=at)
    user.password = row.password


def edit(user: User, *, by: Actor, at: datetime, reason: str = "", **facts: str) -> User:
    """Change a person's name, language or time zone. Records nothing when nothing changed."""
    with transaction.atomic():
        row = locked(user)
        before = entries.snapshot(row)
        for name, value in facts.items():
            setattr(row, name, value)
        if names := entries.changed(before, row):
            row.save(update_fields=names)
            entries.record(
                row, "edit", by=by, at=at, reason=reason, before=before, after=entries.snapshot(row)
            )
    return row


def change_email(user: User, email: str, *, by: Actor, at: datetime, real_at: datetime) -> User:
    """Give a person another address; links sent to the old one end. Refuses an address that somebody else has."""
    address = email.strip().lower()
    with transaction.atomic():
        row = locked(user)
        if User.objects.filter(email=address).exclude(pk=row.pk).exists():
            raise Refused(
                "address_taken", _("Somebody with this e-mail address is already known here."), field="email"
            )
        revoke_all(row, by=by, at=at, real_at=real_at)
        EmailAddress.objects.filter(user=row, email=row.email).update(email=address)
        before = entries.snapshot(row)
        row.email, row.bounced_at = address, None
        row.save(update_fields=["email", "bounced_at"])
        entries.record(row, "change_email", by=by, at=at, before=before, after=entries.snapshot(row))
    return row


def mark_bounced(user: User, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Note that mail to this address comes back, so that somebody is asked whom to write to instead. The first time counts."""
    _stamp(user, "bounced_at", at, "bounce", by=by, at=at, reason=reason)


def stop_mail(user: User, *, by: Actor, at: datetime) -> None:
    """Write to this person no more, as they asked. Their links keep working until they expire."""
    _stamp(user, "stopped_at", at, "stop_mail", by=by, at=at)


def resume_mail(user: User, *, by: Actor, at: datetime) -> None:
    """Write to this person again, as they asked."""
    _stamp(user, "stopped_at", None, "resume_mail", by=by, at=at)


def _stamp(
    user: User, name: str, value: datetime | None, verb: str, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """Set or clear a moment once; the same answer again changes nothing and records nothing."""
    with transaction.atomic():
        row = locked(user)
        if (getattr(row, name) is None) != (value is None):
            before = entries.snapshot(row)
            setattr(row, name, value)
            row.save(update_fields=[name])
            entries.record(row, verb, by=by, at=at, reason=reason, before=before, after=entries.snapshot(row))
    setattr(user, name, getattr(row, name))


def shut_out(user: User, *, by: Actor, at: datetime, real_at: datetime, reason: str) -> None:
    """Let a person in no more: their sessions, tokens, links and calendar end at once. What they did stays in the record.

    Refuses without a reason, and refuses to shut out oneself.
    """
    if not reason.strip():
        raise Refused("reason_missing", _("Say why: this needs a written reason."), field="reason")
    if by.user_id == user.pk:
        raise Refused("not_oneself", _("You cannot shut out yourself. Ask somebody else to do it."))
    with transaction.atomic():
        row = locked(user)
        row.is_active = False
        row.save(update_fields=["is_active"])
        revoke_all(row, by=by, at=at, real_at=real_at)
        tokens.revoke_all(row, by=by, at=at, real_at=real_at)
        withdraw_all(row, by=by, at=at, real_at=real_at)
        end_all(row, by=by, at=at)
        entries.record(row, "shut_out", by=by, at=at, reason=reason)
    user.is_active = False


def note_security(user: User, event: str, *, by: Actor, at: datetime) -> None:
    """Record that a password, an address or a second factor was changed through the sign-in pages."""
    entries.record(user, "change_sign_in", by=by, at=at, event=event)
