"""Issuer checks: results of asking the issuer of a certificate. Each is its own row and never changes."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.shared_facts import SharedFact, SharedFactQuerySet

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class IssuerCheckQuerySet(SharedFactQuerySet["IssuerCheck"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the issuer checks that a person with these permissions may see.

        Issuer checks of staff are visible to all who work for a city. An issuer check that a contact made
        for a city's check is visible to that city, and to the person who made it.
        """
        shared = Q(city=None) if permissions.visible_cities else Q(pk=None)
        return self.filter(shared | Q(city__in=permissions.visible_cities) | Q(by=permissions.user_id))

    def for_city(self, city_id: int) -> Self:
        """Return the issuer checks with which a city's offers are screened.

        These are its own, and the shared ones that count for it.
        """
        return super().for_city(city_id).filter(Q(city=None) | Q(city=city_id))


class IssuerCheck(SharedFact):
    """One check with a certificate's issuer.

    It stores the address opened, the answer as a code and in words, a picture of the screen, who made
    it, and when.
    """

    class Result(models.TextChoices):
        CONFIRMED = "confirms", _("Number, holder and dates confirmed")
        UNKNOWN_TO_ISSUER = "unknown", _("Document unknown to the issuer")
        INFORMATION_DIFFERS = "differs", _("Issuer’s information differs from the document")
        OTHER_GOODS = "other_goods", _("Genuine, but for other goods")
        NO_ANSWER = "no_answer", _("No answer, or the link did not open")

    class CheckMethod(models.TextChoices):
        REGISTER = "register", _("In the issuer’s own register")
        PHONE = "phone", pgettext_lazy("asked the issuer", "By phone")
        EMAIL = "mail", _("By email")
        DOCUMENT = "document", _("On the document itself")

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="issuer_checks")
    city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose check it was made for. Empty: for all.",
    )
    number_key = models.CharField(
        max_length=80,
        default="",
        editable=False,
        help_text="The number it was asked about, as it is compared.",
    )
    result = models.CharField(_("issuer’s answer"), max_length=12, choices=Result)
    how = models.CharField(_("method"), max_length=10, choices=CheckMethod, default=CheckMethod.REGISTER)
    address = models.CharField(_("link opened or number called"), max_length=300, blank=True)
    words = models.TextField(_("information found"), blank=True)
    seen_on = models.DateField(_("date"))
    file_id = models.BigIntegerField(
        null=True, help_text="The picture of the screen, among the certificate's files."
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("recorded on"))

    objects = IssuerCheckQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(how="document") | ~Q(address="") | Q(city__isnull=False),
                name="issuercheck_says_where",
            ),
            models.CheckConstraint(
                condition=~Q(how="document") | ~Q(result="confirms"),
                name="issuercheck_no_document_confirms_itself",
            ),
        ]
        indexes = [models.Index("certificate", F("id").desc(), name="issuercheck_of_certificate")]

    def __str__(self) -> str:
        return f"{self.certificate} {self.seen_on:%Y-%m-%d}"
