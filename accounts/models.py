"""People, links, codes, API tokens, calendar feeds, notification preferences and rate limit counters."""

from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.scopes import is_allowed
from workflow.actors import ACTING_PERSON
from workflow.outbox.models import DeliveryPreference
from workflow.person_names import name_in_both_scripts, person_name

MAX_SCANNER_DELAY = timedelta(seconds=10)  # an earlier Continue comes from a mail scanner
MAX_LINK_AGE = timedelta(days=30)
MAX_EMAIL_CODE_TRIES = 5


class Language(models.TextChoices):
    """The languages of the product."""

    EN = "en", "English"
    FR_CA = "fr-ca", "Français (Canada)"
    ZH_HANS = "zh-hans", "简体中文"


class UserManager(BaseUserManager["User"]):
    """Manager that finds people by e-mail address, in any case.

    People are added by `accounts.actions.people.add_person`.
    """

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person with this address, in any case."""
        return self.get(email=(username or "").lower())

    def create_superuser(self, email: str, password: str | None = None, **facts: Any) -> "User":
        """Create the first person of a real site, for `manage.py createsuperuser`.

        The operator confirms the address. Django's command runs no action of this project, so the database
        sets `created_at`.
        """
        user = self.model(email=email.lower(), is_staff=True, is_superuser=True, created_at=Now(), **facts)
        user.set_password(password)
        user.save(using=self._db)
        addresses = apps.get_model("account", "EmailAddress")._default_manager
        addresses.create(user=user, email=user.email, verified=True, primary=True)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person. A person without a password (such as a contact or a broker) acts through links only."""

    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"password"})

    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=150)
    name_latin = models.CharField(
        _("name in Latin letters"),
        max_length=150,
        blank=True,
        help_text="As a person has confirmed it; empty for a name that is not in Chinese characters.",
    )
    family_name = models.CharField(
        pgettext_lazy("of a person", "family name"),
        max_length=80,
        blank=True,
        help_text="The part of the name, in Latin letters, that follows Ms or Mr.",
    )
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.EN)
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    is_active = models.BooleanField(_("can sign in"), default=True)
    is_staff = models.BooleanField(_("can open the admin site"), default=False)
    bounced_at = models.DateTimeField(
        _("email bounced"), null=True, blank=True, help_text=_("When email to this address began to bounce.")
    )
    stopped_at = models.DateTimeField(
        _("unsubscribed"),
        null=True,
        blank=True,
        help_text=_("When this person unsubscribed from our emails."),
    )
    created_at = models.DateTimeField(_("created"))

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        # Addresses are stored in lower case, so that `unique` holds in any case and a plain lookup uses the index.
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_in_lower_case")
        ]
        indexes = [models.Index("id", name="user_mail_returned", condition=Q(bounced_at__isnull=False))]

    def __str__(self) -> str:
        return person_name(self.name, self.name_latin) or self.email

    @property
    def journal_name(self) -> str:
        """The name as the journal stores it: the same in every language, in both scripts if there are two."""
        return name_in_both_scripts(self.name, self.name_latin) or self.email

    @property
    def can_receive_mail(self) -> bool:
        """True if mail to this person is possible: active, no mail returned, and mail not stopped by them."""
        return self.is_active and self.bounced_at is None and self.stopped_at is None

    def get_full_name(self) -> str:
        """Return the name, for Django's admin."""
        return self.name

    def get_short_name(self) -> str:
        """Return the whole name. Name order differs between cultures, so a name is never split."""
        return self.name


# Person who acts. An action marks the argument with it; pages and the API then fill it from the request.
type ActingUser = Annotated[User, ACTING_PERSON]


class ActionLinkQuerySet(models.QuerySet["ActionLink"]):
    """Queries on links."""

    def usable(self, at: datetime) -> "ActionLinkQuerySet":
        """Return the links that are neither revoked nor expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=at), revoked_at=None)


class ActionLink(models.Model):
    """A link whose holder may act as one person on one item, until it expires or is revoked."""

    class Purpose(models.TextChoices):
        ANSWER = "answer", _("Answer one request")
        MY_PAGE = "my-page", _("Contact’s own page")
        SIGN_IN = "sign-in", _("Sign in (practice only)")

    user = models.ForeignKey(User, models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=10, choices=Purpose)
    thing_label = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    city_id = models.BigIntegerField(null=True, blank=True, help_text="The city that the item belongs to.")
    digest = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the token. The token itself is not stored."
    )
    message_id = models.UUIDField(
        null=True, blank=True, help_text="The message in which it was sent; None for a copied link."
    )
    copied_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(
        null=True, blank=True, help_text="None only for sign-in links of a practice site."
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    scanned_at = models.DateTimeField(
        null=True, blank=True, help_text="First press of Continue by a mail scanner: too fast for a person."
    )
    seen_at = models.DateTimeField(null=True, blank=True, help_text="First press of Continue by a person.")
    new_link_requested_at = models.DateTimeField(
        null=True, blank=True, help_text="When its holder last requested a new link."
    )
    used_at = models.DateTimeField(
        null=True, blank=True, help_text="When its holder last completed a form through it."
    )
    uses = models.PositiveIntegerField(default=0)

    objects = ActionLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                # SQL comparisons with NULL yield NULL, and a check constraint accepts NULL; hence "is not null".
                condition=Q(purpose="sign-in", expires_at=None)
                | Q(
                    ~Q(purpose="sign-in"),
                    expires_at__isnull=False,
                    expires_at__gt=F("created_at"),
                    expires_at__lte=F("created_at") + MAX_LINK_AGE,
                ),
                name="link_expires_within_thirty_days",
            ),
            models.CheckConstraint(
                condition=Q(uses=0, used_at=None) | Q(uses__gt=0, used_at__isnull=False),
                name="link_used_has_a_time",
            ),
        ]
        indexes = [
            models.Index("thing_label", "thing_id", name="link_of_thing"),
            models.Index("city_id", F("id").desc(), name="link_of_city"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.thing_label} {self.thing_id}"

    def is_usable(self, at: datetime) -> bool:
        """Return True if the link is neither revoked nor expired and its holder is active."""
        lasts = self.expires_at is None or at < self.expires_at
        return self.revoked_at is None and lasts and self.user.is_active

    def is_too_fast_for_person(self, at: datetime) -> bool:
        """Return True if Continue is pressed so soon after the link was made that only a mail scanner can have done it."""
        return at - self.created_at < MAX_SCANNER_DELAY


class EmailCode(models.Model):
    """Six-digit code sent by e-mail to the holder of a link, to confirm them before personal data is shown."""

    link = models.ForeignKey(ActionLink, models.CASCADE, related_name="codes")
    digest = models.CharField(
        max_length=64, help_text="Keyed hash, because six digits are quickly guessed from a plain hash."
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(tries__lte=MAX_EMAIL_CODE_TRIES), name="code_at_most_five_tries"
            )
        ]
        indexes = [models.Index("link", F("id").desc(), name="code_of_link")]

    def __str__(self) -> str:
        return f"code {self.pk}"


class ApiToken(models.Model):
    """A token with which a program signs in, in one person's name."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(
        max_length=8, unique=True, help_text="The public part, by which its owner knows it."
    )
    digest = models.CharField(
        max_length=64, help_text="SHA-256 of the whole token, which is shown once and not stored."
    )
    scopes = ArrayField(models.CharField(max_length=60))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To the minute.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="api_token_expires_after_it_is_made"
            ),
            models.CheckConstraint(condition=~Q(scopes=[]), name="api_token_has_a_scope"),
        ]
        indexes = [models.Index("user", F("id").desc(), name="api_token_of_user")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_usable(self, at: datetime) -> bool:
        """Return True if the token is neither revoked nor expired and its owner may still sign in."""
        return self.revoked_at is None and at < self.expires_at and self.user.is_active

    def allows_method(self, method: str) -> bool:
        """Return True if the token's scopes cover this HTTP method."""
        return is_allowed(self.scopes, method)


class RateLimitCounter(models.Model):
    """Number of uses counted for one rate limit and one subject in one period. Written by `accounts.throttling`."""

    key = models.CharField(
        primary_key=True,
        max_length=64,
        help_text="Keyed hash of the limit and of the person, link, device or address that it counts.",
    )
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"


class NotificationPreference(models.Model):
    """A person's choice of how mail about one kind of notification is delivered. Without a row: at once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notification_preferences"
    )
    kind = models.CharField(max_length=20)
    delivery = models.CharField(_("by email"), max_length=10, choices=DeliveryPreference)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="notification_preference_once_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_delivery_display()}"


class CalendarFeed(models.Model):
    """Secret address from which a calendar program reads the dates of one person.

    At most one address of a person works at a time.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_feeds")
    digest = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the token. The token itself is not stored."
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True, help_text="To the hour.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="calendar_feed_expires_after_it_is_made"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(withdrawn_at=None), name="calendar_feed_one_works"
            ),
        ]

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"

    def is_usable(self, at: datetime) -> bool:
        """Return True if the address is neither withdrawn nor expired and its owner may still sign in."""
        return self.withdrawn_at is None and at < self.expires_at and self.user.is_active
