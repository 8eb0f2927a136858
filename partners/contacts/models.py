"""Organizations of a city, and their contacts: people who agree to be asked."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from workflow.base_models import JournaledModel
from workflow.person_names import HAN_PATTERN
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all organizations: everyone who is signed in may see them, but not the people in them."""
        return self.all()


class Organization(models.Model):
    """Municipal office, hospital, forwarder, laboratory or other organization in a city."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", pgettext_lazy("an organization", "Municipality")
        FOREIGN_AFFAIRS_OFFICE = "foreign_affairs_office", _("Foreign Affairs Office")
        HEALTH_AUTHORITY = "health_authority", _("Health authority")
        HOSPITAL = "hospital", _("Hospital")
        FORWARDER = "forwarder", _("Freight forwarder")
        CUSTOMS_BROKER = "customs_broker", _("Customs broker")
        LABORATORY = "laboratory", _("Laboratory")
        ASSOCIATION = "association", _("Association")

    city = models.ForeignKey(City, models.PROTECT, related_name="organizations")
    kind = models.CharField(_("type"), max_length=30, choices=Kind)
    name_en = models.CharField(_("English name"), max_length=200)
    name_fr = models.CharField(_("French name"), max_length=200, blank=True)
    name_local = models.CharField(_("local name"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    objects = OrganizationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name in the language of the reader, or in English if there is none."""
        language = (get_language() or "en")[:2]
        chinese = self.name_local if self.city.country == "CN" else ""
        return {"fr": self.name_fr, "zh": chinese}.get(language, "") or self.name_en


NAMED_BY_OTHER_CITY = Q(introduced_by__isnull=False, place_confirmed_at=None) & ~Q(introduced_by=F("city"))


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the contacts whom the user may see.

        A contact is visible to themselves, to their own city, to cities with an agreement in force with it,
        and to coordinators.
        """
        if permissions.oversees_all_cities:
            return self.all()
        cities = permissions.visible_cities | permissions.partner_cities | permissions.overseen_city_ids
        return self.filter(Q(city__in=cities) | Q(pk__in=permissions.contact_ids))

    def search(self, text: str) -> Self:
        """Return the contacts whose name, title or organization contains each word of the text."""
        found = Q()
        for word in text.split():
            word_condition = Q(user__name__icontains=word) | Q(user__name_latin__icontains=word)
            for title in ("title", "title_en", "title_fr", "title_zh"):
                word_condition |= Q(**{f"{title}__icontains": word})
            for name in ("name_en", "name_fr", "name_local"):
                word_condition |= Q(**{f"organization__{name}__icontains": word})
            found &= word_condition
        return self.filter(found)

    def accepting_inquiries(self) -> Self:
        """Return the contacts who have agreed to be asked and take e-mail."""
        return self.filter(status=Contact.Status.ACTIVE, user__stopped_at=None, user__is_active=True)

    def declining_contact(self) -> Self:
        """Return the contacts who refuse further inquiries or e-mail."""
        return self.filter(Q(status=Contact.Status.OPTED_OUT) | Q(user__stopped_at__isnull=False))

    def known_to(self, city: City) -> Self:
        """Return the contacts whose workplace is confirmed, and those whom this city named itself.

        A workplace counts as confirmed if the contact's own city or a coordinator named or confirmed the contact.
        """
        return self.exclude(NAMED_BY_OTHER_CITY & ~Q(introduced_by=city))

    def named_by_other_city(self) -> Self:
        """Return the contacts whom another city named and whose workplace is not confirmed yet."""
        return self.filter(NAMED_BY_OTHER_CITY).exclude(status=Contact.Status.OPTED_OUT)

    def askable_by(self, city: City) -> Self:
        """Return the contacts whom a city may ask: those known to it, unless it stopped its inquiries."""
        return self.known_to(city).exclude(stopped_for__contains=[city.pk])

    def reachable_by_mail(self) -> Self:
        """Return the contacts who accept e-mail and whose address does not bounce."""
        accepts_mail = Q(user__stopped_at=None, user__bounced_at=None, user__is_active=True)
        return self.filter(accepts_mail).exclude(status=Contact.Status.OPTED_OUT)


class Contact(JournaledModel):
    """Person at an organization who answers inquiries.

    Contacts introduce suppliers and report what they saw. They vouch for nothing.
    """

    URL_NAME = "contact"

    class Status(StatusChoices):
        INVITED = "invited", StatusGroup.OPEN, _("Invited")  # named by a city, has not agreed yet to be asked
        # agreed, at a recorded time, to inquiries and to stored details
        ACTIVE = "active", StatusGroup.DONE, _("Active")
        OPTED_OUT = "opted_out", StatusGroup.VOID, _("Stopped")  # asked for no further inquiries

    class NameOrder(models.TextChoices):
        FAMILY_FIRST = "family_first", _("Family name first")
        GIVEN_FIRST = "given_first", _("Given name first")

    class FormOfAddress(models.TextChoices):
        MS = "ms", pgettext_lazy("form of address", "Ms")
        MR = "mr", pgettext_lazy("form of address", "Mr")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="contacts")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="contacts")
    city = models.ForeignKey(City, models.PROTECT, related_name="contacts")
    introduced_by = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The city that named the contact, if it is not their own.",
    )
    form_of_address = models.CharField(_("form of address"), max_length=2, choices=FormOfAddress, blank=True)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    title_en = models.CharField(_("job title in English"), max_length=120, blank=True)
    title_fr = models.CharField(_("job title in French"), max_length=120, blank=True)
    title_zh = models.CharField(_("job title in Chinese"), max_length=120, blank=True)
    name_order = models.CharField(max_length=12, choices=NameOrder, default=NameOrder.GIVEN_FIRST)
    languages = ArrayField(models.CharField(max_length=10), default=list, verbose_name=_("languages"))
    families = ArrayField(
        models.CharField(max_length=30), default=list, verbose_name=_("product families they know")
    )
    checks = ArrayField(
        models.CharField(max_length=30), default=list, verbose_name=_("checks they can carry out")
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    working_from = models.TimeField(_("working hours from"), null=True, blank=True)
    working_until = models.TimeField(_("until"), null=True, blank=True)
    holiday_country = models.CharField(_("public holidays (country or region)"), max_length=6, blank=True)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    task_limit = models.PositiveSmallIntegerField(_("maximum open requests at once"), default=5)
    open_questions = models.PositiveSmallIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    answer_hours = models.PositiveIntegerField(
        null=True, help_text="Median hours from inquiry to answer, over the latest answers."
    )
    answer_times = ArrayField(
        models.PositiveIntegerField(),
        default=list,
        editable=False,
        help_text="Hours from inquiry to answer for each of the latest answers, the newest last.",
    )
    deputies = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="deputy_of")
    consent_at = models.DateTimeField(_("date of consent"), null=True, blank=True)
    place_confirmed_at = models.DateTimeField(
        _("workplace confirmed"),
        null=True,
        blank=True,
        help_text="For a contact named by another city: when their own city or a coordinator confirmed the workplace.",
    )
    stopped_for = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        help_text="Ids of the cities that stopped their own inquiries to this contact.",
    )
    last_answered_at = models.DateTimeField(null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="contact_once_an_organization"),
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

    def title_in(self, language: str) -> str:
        """Return the job title in a language, or in one that its readers can read; "" if there is none.

        A title without translation is returned as it was typed, unless it is in Chinese characters and the
        language is not Chinese.
        """
        kept = str(getattr(self, f"title_{language[:2]}", "") or "")
        typed = " ".join(self.title.split())
        return kept or ("" if HAN_PATTERN.search(typed) and not language.startswith("zh") else typed)

    @property
    def contact_id(self) -> int:
        """Id of the contact itself, so that rules treat a contact like an object that belongs to a contact."""
        return self.pk

    @property
    def named_by_other_city(self) -> bool:
        """True if another city named the contact and neither the contact's own city nor a coordinator confirmed it."""
        return self.introduced_by_id not in (None, self.city_id) and self.place_confirmed_at is None

    def is_away(self, on: date) -> bool:
        """Return True if the contact is away on a date, by their own entry."""
        return self.away_until is not None and on <= self.away_until

    @property
    def declines_contact(self) -> bool:
        """True if the contact refuses further inquiries or e-mail. They are then neither reminded nor phoned."""
        return self.status == self.Status.OPTED_OUT or self.user.stopped_at is not None
