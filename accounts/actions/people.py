"""Actions that add, edit and deactivate people, and that record whether mail to them is possible.

These actions check no permission over the person: the callers in `partners` know who acts for which city.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.calendar_feeds import withdraw_all_feeds
from accounts.actions.links import revoke_all_links
from accounts.actions.sessions import end_all_sessions
from accounts.actions.tokens import revoke_all_tokens
from accounts.actors import SelfActor
from accounts.hooks import accept_invitation
from accounts.models import Language, User
from workflow.actors import Actor
from workflow.edits import UNSET, Edit, Unset
from workflow.errors import Refused
from workflow.journal import entries
from workflow.journal.entries import changed_fields
from workflow.moves import select_locked
from workflow.person_names import HAN_PATTERN, NO_READING, NameReading

EMAIL_TAKEN = _("This email address is already registered.")


def add_person(
    *,
    email: str,
    name: str,
    by: Actor,
    at: datetime,
    name_reading: NameReading = NO_READING,
    language: str = Language.EN,
    time_zone: str = "UTC",
) -> User:
    """Add a person without a password. The person acts through links until they set one.

    `name_reading` is the name in Latin letters, for a name in Chinese characters, and its family name.
    Refuses an email address that another person has, a Latin name with Chinese characters, and a family name
    that is not part of the name.
    """
    address = email.strip().lower()
    with transaction.atomic():
        if User.objects.filter(email=address).exists():
            raise Refused("address_taken", EMAIL_TAKEN, field="email")
        user = User(
            email=address,
            name=name.strip(),
            name_latin=name_reading.name.strip(),
            family_name=name_reading.family_name.strip(),
            language=language,
            time_zone=time_zone,
            created_at=at,
        )
        _require_valid_latin_name(user)
        user.set_unusable_password()
        user.save(force_insert=True)
        entries.record(user, "add", by=by, at=at, after=entries.snapshot(user))
    return user


def find_or_add_person(
    *, email: str, name: str, by: Actor, at: datetime, language: str = Language.EN
) -> User:
    """Return the person with this email address, or add a new person if the address is unknown.

    A known person keeps their name and language. Refuses an empty name, an invalid address, and a
    deactivated person.
    """
    if not name.strip():
        raise Refused("name_missing", _("Enter the person’s name."), field="name")
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused("bad_address", _("Enter a complete email address."), field="email") from error
    known_user = User.objects.filter(email=address).first()
    if known_user is not None and not known_user.is_active:
        raise Refused("shut_out", _("This person’s access has been removed."), field="email")
    return known_user or add_person(email=address, name=name, language=language, by=by, at=at)


def register_invited(
    user: User, *, token: str, name: str, language: str, password: str, at: datetime, real_at: datetime
) -> User:
    """Accept an invitation for a person who chooses a name and a password.

    The invitation went to the person's address, so the address is proven. Refuses a person who already
    has a password (they sign in, then accept), and an invitation that is no longer open.
    """
    self_actor = SelfActor(user, "link")
    with transaction.atomic():
        user = edit_person(user, PersonEdit(name=name, language=language), by=self_actor, at=at)
        set_password(user, password, by=self_actor, at=at)
        accept_invitation(token, by=self_actor, at=at, real_at=real_at)
    return user


def set_password(user: User, password: str, *, by: Actor, at: datetime) -> None:
    """Set the first password of a person whose address is proven, so that they can sign in.

    Refuses a person who already has a password: they change it on their account page.
    """
    with transaction.atomic():
        row = select_locked(user)
        if row.has_usable_password():
            raise Refused("has_password", _("You already have an account here. Sign in."))
        row.set_password(password)
        row.save(update_fields=["password"])
        address_status = {"verified": True, "primary": True}
        EmailAddress.objects.update_or_create(user=row, email=row.email, defaults=address_status)
        entries.record(row, "set_password", by=by, at=at)
    user.password = row.password


def confirm_address(user: User, *, by: Actor, at: datetime) -> None:
    """Record that the person's address is theirs, as an identity provider says. Changes nothing if it is known."""
    with transaction.atomic():
        row = select_locked(user)
        if not EmailAddress.objects.filter(user=row, email=row.email, verified=True).exists():
            address_status = {"verified": True, "primary": True}
            EmailAddress.objects.update_or_create(user=row, email=row.email, defaults=address_status)
            entries.record(row, "confirm_address", by=by, at=at)


@dataclass(frozen=True, kw_only=True)
class PersonEdit(Edit):
    """Fields of a person to change.

    `name_latin` and `family_name` are the name in Latin letters and the part of it that is the family name.
    `language` is a code such as `fr-ca`, `time_zone` a name of the IANA database, and `single_keys` turns the
    single-key shortcuts of the pages on or off.
    """

    name: str | Unset = UNSET
    name_latin: str | Unset = UNSET
    family_name: str | Unset = UNSET
    language: str | Unset = UNSET
    time_zone: str | Unset = UNSET
    single_keys: bool | Unset = UNSET


def edit_person(user: User, edit: PersonEdit, *, by: Actor, at: datetime, reason: str = "") -> User:
    """Change a person's name, language, time zone or keyboard shortcuts. Records nothing if nothing changes.

    A new name without a new Latin form clears the Latin form. Refuses a Latin name with Chinese characters, and a
    family name that is not part of the name.
    """
    with transaction.atomic():
        row = select_locked(user)
        before = entries.snapshot(row)
        edit.apply_to(row)
        if row.name != before["name"] and edit.name_latin is UNSET:
            row.name_latin = row.family_name = ""  # they belonged to the former name
        _require_valid_latin_name(row)
        if changed := changed_fields(before, row):
            row.save(update_fields=changed)
            entries.record(
                row, "edit", by=by, at=at, reason=reason, before=before, after=entries.snapshot(row)
            )
    return row


def _require_valid_latin_name(user: User) -> None:
    """Refuse a Latin name with Chinese characters, and a family name that is not part of the name."""
    if HAN_PATTERN.search(user.name_latin):
        raise Refused(
            "not_latin", _("Enter the name in Latin letters, without Chinese characters."), field="name_latin"
        )
    if user.family_name and user.family_name not in f"{user.name_latin} {user.name}":
        message = _("Enter the family name exactly as it appears in the name in Latin letters.")
        raise Refused("not_in_name", message, field="family_name")


def change_email(user: User, email: str, *, by: Actor, at: datetime, real_at: datetime) -> User:
    """Replace a person's e-mail address and end all their links.

    Refuses an address that another person has.
    """
    address = email.strip().lower()
    with transaction.atomic():
        row = select_locked(user)
        if User.objects.filter(email=address).exclude(pk=row.pk).exists():
            raise Refused("address_taken", _("This email address is already registered."), field="email")
        revoke_all_links(row, by=by, at=at, real_at=real_at)
        EmailAddress.objects.filter(user=row, email=row.email).update(email=address)
        before = entries.snapshot(row)
        row.email, row.bounced_at = address, None
        row.save(update_fields=["email", "bounced_at"])
        entries.record(row, "change_email", by=by, at=at, before=before, after=entries.snapshot(row))
    return row


def mark_bounced(user: User, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Record that mail to this person bounces. Only the first bounce is recorded.

    The start page (“Today”) then asks the people who manage this person for another address.
    """
    _set_timestamp(user, "bounced_at", at, "bounce", by=by, at=at, reason=reason)


def stop_mail(user: User, *, by: Actor, at: datetime) -> None:
    """Stop all mail to this person, at their request. Their links keep working until they expire."""
    _set_timestamp(user, "stopped_at", at, "stop_mail", by=by, at=at)


def resume_mail(user: User, *, by: Actor, at: datetime) -> None:
    """Resume mail to this person, at their request."""
    _set_timestamp(user, "stopped_at", None, "resume_mail", by=by, at=at)


def _set_timestamp(
    user: User, field: str, value: datetime | None, verb: str, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """Set a timestamp field, or clear it if `value` is None. Change nothing if it is already set or cleared."""
    with transaction.atomic():
        row = select_locked(user)
        if (getattr(row, field) is None) != (value is None):
            before = entries.snapshot(row)
            setattr(row, field, value)
            row.save(update_fields=[field])
            entries.record(row, verb, by=by, at=at, reason=reason, before=before, after=entries.snapshot(row))
    setattr(user, field, getattr(row, field))


def deactivate(user: User, *, by: Actor, at: datetime, real_at: datetime, reason: str) -> None:
    """Deactivate a person's account: end their sessions, tokens, links and calendar address at once.

    Their past entries stay in the journal. Refuses an empty reason, and a person who would deactivate their own
    account.
    """
    if not reason.strip():
        raise Refused("reason_missing", _("Enter a reason."), field="reason")
    if by.user_id == user.pk:
        raise Refused("not_oneself", _("You cannot remove your own access. Ask another administrator."))
    with transaction.atomic():
        row = select_locked(user)
        row.is_active = False
        row.save(update_fields=["is_active"])
        revoke_all_links(row, by=by, at=at, real_at=real_at)
        revoke_all_tokens(row, by=by, at=at, real_at=real_at)
        withdraw_all_feeds(row, by=by, at=at, real_at=real_at)
        end_all_sessions(row, by=by, at=at)
        entries.record(row, "shut_out", by=by, at=at, reason=reason)
    user.is_active = False


TEST_MAIL_INTERVAL = timedelta(minutes=1)


def send_test_mail(user: User, *, by: Actor, at: datetime) -> None:
    """Ask for a test message to the person's own address; the periodic job sends it.

    Refuses a second one within a minute.
    """
    with transaction.atomic():
        row = select_locked(user)
        recent = entries.history_of(row).filter(verb="send_test_mail", at__gt=at - TEST_MAIL_INTERVAL)
        if recent.exists():
            raise Refused(
                "too_soon", _("You asked for a test message less than a minute ago. Wait until it arrives.")
            )
        entries.record(row, "send_test_mail", by=by, at=at)


def record_security_change(user: User, event: str, *, by: Actor, at: datetime) -> None:
    """Record that a password, an address or a second factor was changed through the sign-in pages."""
    entries.record(user, "change_sign_in", by=by, at=at, event=event)
