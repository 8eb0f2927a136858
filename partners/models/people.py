"""People: the offices they sit in, their place as a contact, their role in a city, and how they are invited."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from workflow.models.tracked import Tracked

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Organisations are named to everyone who is signed in; the people in them are not."""
        return self.all()


class Organisation(models.Model):
    """An office, hospital, forwarder or laboratory in a city."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("Municipality")
        FOREIGN_AFFAIRS_OFFICE = "foreign_affairs_office", _("Foreign Affairs Office")
        HEALTH_AUTHORITY = "health_authority", _("Health authority")
        HOSPITAL = "hospital", _("Hospital")
        FORWARDER = "forwarder", _("Freight forwarder")
        CUSTOMS_BROKER = "customs_broker", _("Customs broker")
        LABORATORY = "laboratory", _("Laboratory")
        ASSOCIATION = "association", _("Association")

    city = models.ForeignKey(City, models.PROTECT, related_name="organisations")
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    name_en = models.CharField(_("English name"), max_length=200)
    name_fr = models.CharField(_("French name"), max_length=200, blank=True)
    name_local = models.CharField(_("local name"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    objects = OrganisationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language where it has one."""
        language = (get_language() or "en")[:2]
        chinese = self.name_local if self.city.country == "CN" else ""
        return {"fr": self.name_fr, "zh": chinese}.get(language, "") or self.name_en


NAMED_ELSEWHERE = Q(introduced_by__isnull=False, place_confirmed_at=None) & ~Q(introduced_by=F("city"))


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, powers: "Powers") -> Self:
        """People are shown to themselves, to their own city, to cities with a standing tie to it, and to who coordinates."""
        if powers.watches_all:
            return self.all()
        cities = powers.sees | powers.twins | powers.watches
        return self.filter(Q(city__in=cities) | Q(pk__in=powers.contacts))

    def answering(self) -> Self:
        """People who have agreed to be asked, and take mail."""
        return self.filter(status=Contact.Status.ACTIVE, user__stopped_at=None, user__is_active=True)

    def left_alone(self) -> Self:
        """People who want to be asked, or written to, no more."""
        return self.filter(Q(status=Contact.Status.STOPPED) | Q(user__stopped_at__isnull=False))

    def known_to(self, city: City) -> Self:
        """People whom their own city or a coordinator named or confirmed, and those whom this city named itself."""
        return self.exclude(NAMED_ELSEWHERE & ~Q(introduced_by=city))

    def named_elsewhere(self) -> Self:
        """People whom another city named and whose workplace is not confirmed yet."""
        return self.filter(NAMED_ELSEWHERE).exclude(status=Contact.Status.STOPPED)

    def asked_by(self, city: City) -> Self:
        """People whom a city may ask: known to it, and not those whom it asks nothing more."""
        return self.known_to(city).exclude(stopped_for__contains=[city.pk])

    def within_reach(self) -> Self:
        """People whom a reminder reaches: they take mail, and it arrives."""
        takes_mail = Q(user__stopped_at=None, user__bounced_at=None, user__is_active=True)
        return self.filter(takes_mail).exclude(status=Contact.Status.STOPPED)


class Contact(Tracked):
    """A person's place at an organisation. They introduce and report what they saw; they vouch for nothing."""

    PAGE = "contact"

    class Status(models.TextChoices):
        INVITED = "invited", _("Invited")  # named by somebody, has not yet agreed to be asked
        ACTIVE = "active", _("Active")  # agreed, on a recorded day, that we may write and keep their details
        STOPPED = "stopped", _("Stopped")  # asked us not to write any more

    class NameOrder(models.TextChoices):
        FAMILY_FIRST = "family_first", _("Family name first")
        GIVEN_FIRST = "given_first", _("Given name first")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="contacts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="contacts")
    city = models.ForeignKey(City, models.PROTECT, related_name="contacts")
    introduced_by = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The city that named them, if not their own.",
    )
    title = models.CharField(_("title"), max_length=120, blank=True)
    name_order = models.CharField(max_length=12, choices=NameOrder, default=NameOrder.GIVEN_FIRST)
    languages = ArrayField(models.CharField(max_length=10), default=list, verbose_name=_("languages"))
    families = ArrayField(
        models.CharField(max_length=30), default=list, verbose_name=_("product families they know")
    )
    checks = ArrayField(models.CharField(max_length=30), default=list, verbose_name=_("checks they can make"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    working_from = models.TimeField(_("working hours from"), null=True, blank=True)
    working_until = models.TimeField(_("until"), null=True, blank=True)
    holiday_country = models.CharField(_("holidays of"), max_length=6, blank=True)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    task_limit = models.PositiveSmallIntegerField(_("most open questions at once"), default=5)
    open_questions = models.PositiveSmallIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    answer_hours = models.PositiveIntegerField(
        null=True, help_text="Median hours from question to answer, of the latest answers."
    )
    answer_times = ArrayField(
        models.PositiveIntegerField(),
        default=list,
        editable=False,
        help_text="Hours from question to answer of the latest answers, the newest last.",
    )
    deputies = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="deputy_of")
    consent_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    place_confirmed_at = models.DateTimeField(
        _("confirmed to work there"),
        null=True,
        blank=True,
        help_text="Where another city named them: when their own city or a coordinator confirmed it.",
    )
    stopped_for = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        help_text="The cities, by id, that stopped their own questions to this contact.",
    )
    last_answered_at = models.DateTimeField(null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="contact_once_an_organisation"),
            models.CheckConstraint(
                condition=~Q(status="active") | Q(consent_at__isnull=False), name="contact_active_agreed"
            ),
            models.CheckConstraint(
                condition=Q(working_from=None, working_until=None)
                | Q(working_from__isnull=False, working_until__isnull=False),
                name="contact_working_hours_have_both_ends",
            ),
        ]
        indexes = [models.Index("city", "status", name="contact_of_city")]

    def __str__(self) -> str:
        return f"{self.user}"

    @property
    def contact_id(self) -> int:
        """A contact answers for themselves: rules ask for the contact of a thing, and here it is the thing."""
        return self.pk

    @property
    def named_elsewhere(self) -> bool:
        """Whether another city named them, and neither their own city nor a coordinator has confirmed that they work there."""
        return self.introduced_by_id not in (None, self.city_id) and self.place_confirmed_at is None

    def is_away(self, on: date) -> bool:
        """Whether they said they are away on a day."""
        return self.away_until is not None and on <= self.away_until

    @property
    def left_alone(self) -> bool:
        """Whether they want to be asked, or written to, no more: nobody reminds or phones them then."""
        return self.status == self.Status.STOPPED or self.user.stopped_at is not None


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, powers: "Powers") -> Self:
        """One's own roles, and those of the people in one's city."""
        return self.filter(Q(user=powers.user_id) | Q(city__in=powers.sees))

    def active(self) -> Self:
        """Roles that hold."""
        return self.filter(status=Membership.Status.ACTIVE)


class Membership(Tracked):
    """A person's role in a city. A coordinator's city may be a province, for all its cities, or none, for the whole network."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")  # holds from the next request on
        ENDED = "ended", _("Ended")  # kept, so that what the person did stays explained

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("Administrator")
        COORDINATOR = "coordinator", _("Coordinator")
        OFFICER = "officer", _("Procurement officer")
        APPROVER = "approver", _("Approver")
        VERIFIER = "verifier", _("Verifier")
        LOGISTICS = "logistics", _("Logistics")
        BROKER = "broker", _("Customs broker")
        OBSERVER = "observer", _("Observer")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="memberships")
    role = models.CharField(_("role"), max_length=15, choices=Role)
    invitation = models.OneToOneField(
        "Invitation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="membership",
        help_text="How the person came in.",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "city", "role"],
                name="membership_once",
                nulls_distinct=False,
                condition=Q(status="active"),
            ),
            models.CheckConstraint(
                condition=Q(city__isnull=False) | Q(role="coordinator"),
                name="membership_only_a_coordinator_has_no_city",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Invitations of the cities whose people one looks after, and those one sent."""
        return self.filter(Q(city__in=powers.manages) | Q(invited_by=powers.user_id))

    def open(self, at: datetime) -> Self:
        """Those that still wait for an answer; `at` is real time."""
        return self.filter(status=Invitation.Status.SENT, expires_at__gt=at)


class Invitation(Tracked):
    """A single-use, expiring invitation to a role, bound to an address. Its token is made when it is sent, and kept as a hash."""

    class Status(models.TextChoices):
        SENT = "sent", pgettext_lazy("an invitation", "Sent")  # waits for the person, until it expires
        ACCEPTED = "accepted", pgettext_lazy("an invitation", "Accepted")
        REVOKED = "revoked", pgettext_lazy("an invitation", "Revoked")  # taken back before it was accepted

    SECRET_FIELDS = frozenset({"token_hash"})

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="invitations")
    role = models.CharField(_("role"), max_length=15, choices=Membership.Role)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(_("valid until"), help_text="By the real clock.")
    accepted_at = models.DateTimeField(_("accepted"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "city", "role"],
                name="invitation_once_open",
                nulls_distinct=False,
                condition=Q(status="sent"),
            ),
            models.CheckConstraint(
                condition=Q(status="accepted", accepted_at__isnull=False)
                | (~Q(status="accepted") & Q(accepted_at=None)),
                name="invitation_accepted_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(city__isnull=False) | Q(role="coordinator"),
                name="invitation_only_a_coordinator_has_no_city",
            ),
        ]
        indexes = [models.Index("token_hash", name="invitation_by_token", condition=~Q(token_hash=""))]

    def __str__(self) -> str:
        return self.email

    @property
    def asker(self) -> str:
        """Who invites, for whom the invitation reaches: at the server's console it is nobody's account."""
        return str(self.invited_by or _("The administrator"))
