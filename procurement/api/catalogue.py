"""products, standards, inspection-points, certificate-kinds, notified-bodies: what can be asked for, and its judges. Read only."""

from django_filters import CharFilter, ChoiceFilter

from procurement.catalogue.models.certificates import CertificateKind, NotifiedBody
from procurement.catalogue.models.facts import Market
from procurement.catalogue.models.points import InspectionPoint
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from workflow import clock
from workflow.days import reader_day
from workflow.doors.api.collections import Collection
from workflow.doors.api.filters import Filter, Searched
from workflow.doors.api.reading import Made, Named, Row
from workflow.known import as_known

FACT = (
    "valid_from",
    "valid_to",
    "seen_on",
    "confidence",
    "from_memory",
    "source_urls",
)  # what every reference row carries
NAMES = ("name_en", "name_fr", "name_zh")


def known(column: str) -> Made:
    """A text of the reference data without what it tells of days to come."""
    return Made(column, by=lambda text: as_known(text, reader_day(clock.now())))


class ProductRow(Row):
    """A kind of protective equipment, with its names in three languages."""

    class Meta:
        model = Product
        fields = ("code", *NAMES, "unit", "family", "units_per_carton", "carton_kg", *FACT)


class ProductDetail(ProductRow):
    """A product, with what it must reach and the standards that are used for it."""

    standards = Named("code", many=True)
    note_en, note_fr, note_zh = known("note_en"), known("note_fr"), known("note_zh")

    class Meta:
        model = Product
        fields = (*ProductRow.Meta.fields, "limits", "note_en", "note_fr", "note_zh", "standards")


class ProductFilter(Searched):
    """Which products."""

    family = ChoiceFilter(choices=Product.Family.choices)


class Products(Collection):
    """What can be asked for."""

    model = Product
    path = "products"
    key = "code"
    row = ProductRow
    whole = ProductDetail
    filterset_class = ProductFilter
    orders = {"code": "code"}


class StandardRow(Row):
    """One level of one edition of a standard."""

    class Meta:
        model = Standard
        fields = ("code", "designation", "edition", "level", "market", *NAMES, "limits", *FACT)


class StandardFilter(Filter):
    """Which standards."""

    market = ChoiceFilter(choices=Market.choices)
    product = CharFilter("product_links__product__code", distinct=True)


class Standards(Collection):
    """What a line accepts and an offer claims."""

    model = Standard
    path = "standards"
    key = "code"
    row = StandardRow
    filterset_class = StandardFilter
    orders = {"code": "code"}


class InspectionPointRow(Row):
    """A point of the checklist of goods: what is measured or seen, its limit, and what it holds for; naming nothing, for any."""

    class Meta:
        model = InspectionPoint
        fields = (
            *("id", "code", "key", *NAMES, "unit", "bound", "limit", "strict"),
            *("standards", "products", "families", *FACT),
        )


class InspectionPointFilter(Filter):
    """Which points."""

    key = CharFilter()
    bound = ChoiceFilter(choices=InspectionPoint.Bound.choices)


class InspectionPoints(Collection):
    """What an inspection of a lot looks at."""

    model = InspectionPoint
    path = "inspection-points"
    key = "id"  # its code has a bar in it
    row = InspectionPointRow
    filterset_class = InspectionPointFilter
    orders = {"code": "code"}


class CertificateKindRow(Row):
    """A kind of certificate: how its number is formed, where it is checked, what it proves and what it does not."""

    proves_en, proves_fr, proves_zh = known("proves_en"), known("proves_fr"), known("proves_zh")
    does_not_prove_en = known("does_not_prove_en")
    does_not_prove_fr = known("does_not_prove_fr")
    does_not_prove_zh = known("does_not_prove_zh")

    class Meta:
        model = CertificateKind
        fields = (
            *("code", "sort", "jurisdiction", *NAMES, "issuer", "number_hint", "number_names", "check_digit"),
            *("check_urls", "proves_en", "proves_fr", "proves_zh", "does_not_prove_en"),
            *("does_not_prove_fr", "does_not_prove_zh"),
            *FACT,
        )


class CertificateKindFilter(Filter):
    """Which kinds."""

    jurisdiction = CharFilter()


class CertificateKinds(Collection):
    """What a company may show."""

    model = CertificateKind
    path = "certificate-kinds"
    key = "code"
    row = CertificateKindRow
    filterset_class = CertificateKindFilter
    orders = {"code": "code"}


class NotifiedBodyRow(Row):
    """A body that certifies for the European market, as its source lists it."""

    class Meta:
        model = NotifiedBody
        fields = (
            "code",
            "number",
            "name",
            "country",
            "act",
            "respirators",
            "modules",
            "as_of",
            "grade",
            "standing",
            *FACT,
        )


class NotifiedBodyFilter(Filter):
    """Which bodies."""

    number = CharFilter()


class NotifiedBodies(Collection):
    """Who may have certified it."""

    model = NotifiedBody
    path = "notified-bodies"
    key = "code"
    row = NotifiedBodyRow
    filterset_class = NotifiedBodyFilter
    orders = {"code": "code"}
