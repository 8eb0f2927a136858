"""Products that a need can name, and the class each market's law gives them."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext, pgettext_lazy

from procurement.catalogue.models.reference_rows import (
    DeclaredUse,
    Market,
    ReferenceRow,
    ReferenceRowQuerySet,
    TranslatedField,
)
from procurement.catalogue.models.standards import Standard
from workflow.search import GramsField, name_contains


class ProductQuerySet(ReferenceRowQuerySet["Product"]):
    def search(self, text: str) -> Self:
        """Return the products whose code, or name in any language, contains the text."""
        return self.filter(name_contains(text))


class Product(ReferenceRow):
    """Type of protective equipment.

    A level that changes the protection (AAMI 1 to 4, N95, KN95) is a product of its own.
    """

    class Unit(models.TextChoices):
        PIECE = "piece", _("pieces")
        PAIR = "pair", _("pairs")
        LITRE = "litre", _("litres")
        TEST = "test", _("tests")
        UNIT = "unit", _("units")

        def for_count(self, number: int) -> str:
            """Return the word that follows a number of them: 1 piece, 2 pieces."""
            match self.value:
                case "pair":
                    return npgettext("counted", "pair", "pairs", number)
                case "litre":
                    return npgettext("counted", "litre", "litres", number)
                case "test":
                    return npgettext("counted", "test", "tests", number)
                case "unit":
                    return npgettext("counted", "unit", "units", number)
            return npgettext("counted", "piece", "pieces", number)

    class Family(models.TextChoices):
        MASK = "mask", _("Masks")
        RESPIRATOR = "respirator", _("Respirators")
        EYE_FACE = "eye_face", _("Eye and face protection")
        GOWN = "gown", _("Gowns and aprons")
        COVERALL = "coverall", _("Coveralls")
        GLOVE = "glove", _("Gloves")
        CAP_OR_SHOE_COVER = "cover", _("Caps and shoe covers")
        HYGIENE = "hygiene", _("Sanitizer and wipes")
        TEST = "test", _("Tests and swabs")
        DEVICE = "device", _("Devices")
        OTHER = "other", _("Other")

    name_en = models.CharField(_("English name"), max_length=160)
    name_fr = models.CharField(_("French name"), max_length=160)
    name_zh = models.CharField(_("Chinese name"), max_length=160)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit)
    family = models.CharField(_("family"), max_length=20, choices=Family)
    limits = models.TextField(
        _("requirements"), blank=True, help_text="Test limits as the sources print them."
    )
    note_en = models.TextField(blank=True)
    note_fr = models.TextField(blank=True)
    note_zh = models.TextField(blank=True)
    units_per_carton = models.PositiveIntegerField(_("units per carton"), null=True, blank=True)
    carton_kg = models.DecimalField(
        _("carton weight, kg"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    standards = models.ManyToManyField(Standard, through="ProductStandard", related_name="products")
    search = GramsField(of=("code", "name_en", "name_fr", "name_zh"))

    name = TranslatedField()
    note = TranslatedField()
    objects = ProductQuerySet.as_manager()

    class Meta(ReferenceRow.Meta):
        indexes = [
            GinIndex(fields=["search"], name="product_search"),
            models.Index("family", "code", name="product_family"),
        ]

    def __str__(self) -> str:
        return self.name

    def unit_for_count(self, number: int) -> str:
        """Return the unit as it follows a number: 1 piece, 2 pieces."""
        return self.Unit(self.unit).for_count(number)


class ProductClassification(ReferenceRow):
    """Device class of a product under the law of one market."""

    class DeviceClass(models.TextChoices):
        ONE = "I", _("Class I device")
        TWO = "II", _("Class II device")
        TWO_A = "IIa", _("Class IIa device")
        TWO_B = "IIb", _("Class IIb device")
        THREE = "III", _("Class III device")
        IVD = "IVD", _("In-vitro diagnostic device")
        PPE = "PPE", _("Personal protective equipment, not a device")
        EMERGENCY_AUTHORISATION = "authorised", _("Needs an emergency authorization")
        LICENSED = "licensed", _("Licensed as a drug, biocide or health product")
        NONE = "none", _("Not a device")
        DEPENDS_ON_CLAIMS = "depends", _("Depends on the product’s claims")

    product = models.ForeignKey(Product, models.PROTECT, related_name="markets")
    market = models.CharField(_("market"), max_length=2, choices=Market)
    device_class = models.CharField(_("device class"), max_length=12, choices=DeviceClass)
    note = models.TextField(_("wording of the source"), blank=True)

    objects = ReferenceRowQuerySet["ProductClassification"].as_manager()

    class Meta(ReferenceRow.Meta):
        constraints = [
            *ReferenceRow.Meta.constraints,
            models.UniqueConstraint(fields=["product", "market"], name="product_classed_once_a_market"),
        ]


class TariffCode(ReferenceRow):
    """Customs code of a product.

    Either the six digits of the World Customs Organization or a country's own longer code.
    """

    class Scheme(models.TextChoices):
        HS6 = "HS6", _("Harmonized System, six digits")
        CN10 = "CN10", _("China, ten digits")
        CA8 = "CA8", _("Canada, eight digits")

    product = models.ForeignKey(Product, models.PROTECT, related_name="tariff_codes")
    scheme = models.CharField(_("scheme"), max_length=4, choices=Scheme)
    number = models.CharField(
        _("customs code"),
        max_length=10,
        validators=[RegexValidator(r"^[0-9]{6,10}$", _("Enter digits only."))],
    )
    use = models.CharField(_("declared use"), max_length=12, choices=DeclaredUse, blank=True)
    condition = models.CharField(
        pgettext_lazy("a customs code", "applies to"),
        max_length=120,
        blank=True,
        help_text="Material or edition the code is for.",
    )

    objects = ReferenceRowQuerySet["TariffCode"].as_manager()

    class Meta(ReferenceRow.Meta):
        indexes = [models.Index("scheme", "number", name="tariff_code_number")]

    def __str__(self) -> str:
        return self.number


class ProductStandard(ReferenceRow):
    """Standard that a market uses for a product.

    Its confidence is `NO_SOURCE` if its column in the source file has no source.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="standard_links")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="product_links")
    market = models.CharField(_("market"), max_length=2, choices=Market)
    note = models.CharField(max_length=200, blank=True)

    objects = ReferenceRowQuerySet["ProductStandard"].as_manager()

    class Meta(ReferenceRow.Meta):
        constraints = [
            *ReferenceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["product", "standard", "market"], name="product_standard_once_a_market"
            ),
        ]
