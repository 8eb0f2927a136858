"""Certificate types, their value for certain goods, and bodies that may sign European certificates."""

import re
from collections.abc import Collection
from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import (
    Market,
    ReferenceRow,
    ReferenceRowQuerySet,
    TranslatedField,
)


class CertificateType(ReferenceRow):
    """Certificate type: its issuer, the format of its number, the place to verify it and what it proves."""

    class Category(models.TextChoices):
        APPROVAL = "approval", _("Approval")
        AUTHORISATION = "authorisation", _("Authorization")
        CERTIFICATE = "certificate", _("Certificate")
        CLEARANCE = "clearance", _("Clearance")
        DECLARATION = "declaration", _("Declaration")
        DOCUMENT = "document", _("Document")
        INSPECTION = "inspection", _("Inspection")
        LICENCE = "licence", _("Licence")
        LIST = "list", _("Official list")
        REGISTRATION = "registration", _("Registration")
        TEST = "test", _("Test report")
        TRANSPORT = "transport", _("Customs or transport document")

    class NumberSubject(models.TextChoices):
        DOCUMENT = "document", _("The document")
        MAKER = "maker", _("The manufacturer, whose approval other brands can use")
        COMPANY = "company", _("A company or its factory")
        LABORATORY = "laboratory", _("The laboratory")
        BODY = "body", _("The notified body")

    class CheckDigitMethod(models.TextChoices):
        NONE = "", _("None")
        USCC = "uscc", _("Mod 31 (GB 32100)")
        CA_BN = "ca_bn", _("Luhn over the first nine digits")

    category = models.CharField(_("type"), max_length=15, choices=Category)
    jurisdiction = models.CharField(
        _("jurisdiction"), max_length=10, help_text="Markets by a slash; empty: any.", blank=True
    )
    name_en = models.CharField(_("English name"), max_length=160)
    name_fr = models.CharField(_("French name"), max_length=160)
    name_zh = models.CharField(_("Chinese name"), max_length=160)
    issuer = models.CharField(_("issuer"), max_length=160, blank=True)
    number_regex = models.TextField(
        blank=True, help_text="A full expression, tested on the examples. Empty: no known format."
    )
    number_examples = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    number_hint = models.CharField(
        _("number format"), max_length=120, blank=True, help_text="A pattern people can read."
    )
    number_names = models.CharField(
        _("what the number identifies"),
        max_length=10,
        choices=NumberSubject,
        default=NumberSubject.DOCUMENT,
        help_text="Two companies can honestly show the same number unless it identifies a single document.",
    )
    check_digit = models.CharField(_("check digit"), max_length=10, choices=CheckDigitMethod, blank=True)
    check_urls = ArrayField(models.TextField(), default=list, blank=True, verbose_name=_("where to check"))
    how_to_check_en = models.TextField(blank=True)
    how_to_check_fr = models.TextField(blank=True)
    how_to_check_zh = models.TextField(blank=True)
    applies_to_en = models.TextField(blank=True)
    applies_to_fr = models.TextField(blank=True)
    applies_to_zh = models.TextField(blank=True)
    proves_en = models.TextField(blank=True)
    proves_fr = models.TextField(blank=True)
    proves_zh = models.TextField(blank=True)
    does_not_prove_en = models.TextField(blank=True)
    does_not_prove_fr = models.TextField(blank=True)
    does_not_prove_zh = models.TextField(blank=True)
    red_flags_en = models.TextField(blank=True)
    red_flags_fr = models.TextField(blank=True)
    red_flags_zh = models.TextField(blank=True)

    name = TranslatedField()
    how_to_check = TranslatedField()
    applies_to = TranslatedField()
    proves = TranslatedField()
    does_not_prove = TranslatedField()
    red_flags = TranslatedField()
    objects = ReferenceRowQuerySet["CertificateType"].as_manager()

    class Meta(ReferenceRow.Meta):
        pass

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Require a valid regular expression for the number."""
        super().clean()
        try:
            re.compile(self.number_regex)
        except re.error as wrong:
            raise ValidationError({"number_regex": _("This is not a valid regular expression.")}) from wrong


class CertificateTypeStatusQuerySet(ReferenceRowQuerySet["CertificateTypeStatus"]):
    def for_product(self, product: Product, markets: Collection[str], on: date) -> Self:
        """Return the rows that may apply to a product in one of the markets on a day, with their types.

        Includes the rows for every market and for every family.
        """
        goods = Q(family__in=("", product.family), market__in={"", *markets})
        return self.possibly_in_force(on).filter(goods).select_related("kind").order_by("pk")


class CertificateTypeStatus(ReferenceRow):
    """Value of a certificate type for some goods in a market: required, accepted or worthless."""

    class Status(models.TextChoices):
        REQUIRED = "required", _("Required")
        ACCEPTED = "accepted", _("Accepted")
        WORTHLESS = "worthless", _("Not accepted")

    kind = models.ForeignKey(CertificateType, models.PROTECT, related_name="statuses")
    status = models.CharField(_("status"), max_length=10, choices=Status)
    market = models.CharField(_("market"), max_length=2, choices=Market, blank=True, help_text="Empty: any.")
    family = models.CharField(
        _("family"), max_length=20, choices=Product.Family, blank=True, help_text="Empty: any."
    )
    products = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, help_text="Codes; empty: the whole family."
    )
    reason_en = models.TextField()
    reason_fr = models.TextField()
    reason_zh = models.TextField()

    reason = TranslatedField()
    objects = CertificateTypeStatusQuerySet.as_manager()

    class Meta(ReferenceRow.Meta):
        pass


class NotifiedBody(ReferenceRow):
    """Body that certifies under European law, or claims to.

    A number alone proves nothing: act, scope, module and day must all match.
    """

    class SourceQuality(models.TextChoices):
        OFFICIAL_LIST = "A", _("Official list")
        SECONDARY_SOURCE = "B", _("Secondary source")
        NUMBER_AND_NAME_ONLY = "C", _("Number and name only")
        NO_SOURCE = "M", _("No source")
        NEGATIVE_LIST = "N", _("Negative list")

    class LegalAct(models.TextChoices):
        PPE = "2016/425", _("Regulation (EU) 2016/425, personal protective equipment")
        OTHER = "other", _("Other legislation, not personal protective equipment")
        NONE = "none", _("Not a notified body")
        UNKNOWN = "unknown", _("Not known")

    class Status(models.TextChoices):
        LISTED = "listed", _("Listed")
        LISTED_WITH_WARNING = "watched", _("Listed, with a warning")
        TO_CHECK = "to_check", _("To be checked in NANDO")
        NOT_RECOGNIZED = "refused", pgettext_lazy("a notified body", "Not recognized")

    class RespiratorScope(models.TextChoices):
        INCLUDES_RESPIRATORS = "yes", _("Respirators included")
        EXCLUDES_RESPIRATORS = "no", _("Not for respirators")
        UNKNOWN = "unknown", _("Not known")

    number = models.CharField(
        _("number"),
        max_length=4,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{4}$", _("Enter four digits."))],
    )
    name = models.CharField(_("name"), max_length=160)
    country = models.CharField(_("country or region"), max_length=2, blank=True)
    act = models.CharField(_("legislation"), max_length=10, choices=LegalAct)
    legislation = models.CharField(max_length=120, blank=True, help_text="As the source says it.")
    respirators = models.CharField(_("respirators"), max_length=10, choices=RespiratorScope)
    modules = ArrayField(models.CharField(max_length=4), default=list, blank=True, verbose_name=_("modules"))
    ended_for_respirators_only = models.BooleanField(
        default=False, help_text="Whether its end is the end for respirators alone."
    )
    as_of = models.CharField(_("as of"), max_length=20, blank=True)
    source_quality = models.CharField(_("source quality"), max_length=1, choices=SourceQuality)
    status = models.CharField(_("status"), max_length=10, choices=Status)
    note_from = models.DateField(
        null=True, blank=True, help_text="The first day on which the note was known. Empty: always."
    )
    note_en = models.TextField(blank=True)
    note_fr = models.TextField(blank=True)
    note_zh = models.TextField(blank=True)

    note = TranslatedField()
    objects = ReferenceRowQuerySet["NotifiedBody"].as_manager()

    class Meta(ReferenceRow.Meta):
        constraints = [
            *ReferenceRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(number="") | Q(number__regex=r"^[0-9]{4}$"),
                name="notifiedbody_number_is_four_digits",
            ),
        ]
        indexes = [models.Index("number", name="notifiedbody_by_number", condition=~Q(number=""))]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()
