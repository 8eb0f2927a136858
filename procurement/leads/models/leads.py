"""Offers of goods to one city: the claimed facts, the derived fields and the allocated quantity."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City, CityDay
from partners.contacts.models import Contact
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import DeclaredUse
from procurement.catalogue.models.standards import Standard
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.alternatives.models import GoodsMatchLevel
from procurement.requests.models import MAX_QUANTITY, RequestLine
from procurement.suppliers.models.suppliers import Supplier
from workflow.base_models import JournaledModel
from workflow.query_expressions import in_subquery, order_by_day
from workflow.search import GramsField, name_contains
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from accounts.models import User
    from partners.permissions.permissions import Permissions
    from procurement.leads.models.findings import Finding, FindingQuerySet


# A contact made the offer, and no inquiry asked for it.
UNSOLICITED_FILTER = Q(inquiry=None, contact__user=F("author"))
# A contact whose city has no agreement in force makes it to their own city, until a coordinator passes it on.
WITHOUT_CITY_FILTER = Q(contact__city=F("city"))
VALIDITY_QUESTION_PERIOD = timedelta(
    days=2
)  # before the last day of an offer, its officer and contact are asked
DAY = timedelta(days=1)


class SupplierLeadQuerySet(models.QuerySet["SupplierLead"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the offers the person may see.

        They are the offers to their cities, offers shared with these cities, and offers they made as
        contacts. A coordinator also sees the unsolicited offers that no city has yet.
        """
        shared = SupplierLead.shared_with.through.objects.filter(city__in=permissions.visible_cities).values(
            "supplierlead"
        )
        seen = (
            Q(city__in=permissions.visible_cities)
            | Q(contact__in=permissions.contact_ids)
            | in_subquery(shared)
        )
        if permissions.is_coordinator:
            overseen = Q() if permissions.oversees_all_cities else Q(city__in=permissions.overseen_city_ids)
            seen |= UNSOLICITED_FILTER & WITHOUT_CITY_FILTER & overseen
        return self.filter(seen)

    def live(self) -> Self:
        """Return the offers that may still be used."""
        return self.filter(status__in=SupplierLead.LIVE_STATUSES)

    def awaiting_acceptance(self) -> Self:
        """Return the unsolicited offers that their city has neither accepted nor declined."""
        return self._waiting().exclude(WITHOUT_CITY_FILTER)

    def awaiting_passing_on(self) -> Self:
        """Return the unsolicited offers that no city has yet: a coordinator passes them on."""
        return self._waiting().filter(WITHOUT_CITY_FILTER)

    def _waiting(self) -> Self:
        return self.filter(UNSOLICITED_FILTER, status=SupplierLead.Status.RECEIVED, accepted_by=None)

    def overdue_unallocated(self, at: datetime) -> Self:
        """Return the live offers past their last day that have no allocation."""
        return self.live().filter(valid_until__lt=CityDay(at), allocated=0)

    def ending_soon(self, at: datetime) -> Self:
        """Return the live offers with free pieces that end within two days and were not asked about yet."""
        near = self.live().filter(
            valid_until__gte=CityDay(at), valid_until__lt=CityDay(at + VALIDITY_QUESTION_PERIOD + DAY)
        )
        return near.filter(allocated__lt=F("supply")).exclude(validity_asked_for=F("valid_until"))

    def with_all_checks_accepted(self) -> Self:
        """Return the offers that need checks, all of which are accepted."""
        return self.filter(checks_open=0, checks_accepted__gt=0)

    def with_open_checks(self) -> Self:
        """Return the offers of which a check is not accepted yet."""
        return self.filter(checks_open__gt=0)

    def currently_screened(self, today: date) -> Self:
        """Return the offers screened on this day whose company, manufacturer and line have not changed since."""
        rows = self.filter(screened_on=today, line__changed_at=None)
        for company in ("supplier", "maker"):
            rows = rows.filter(**{f"{company}__changed_at": None, f"{company}__merged_into": None})
        return rows

    def with_related_rows(self) -> Self:
        """Load related rows: company, manufacturer, their places, city, goods, standard, need line, need."""
        named = (
            *("supplier__place", "maker__place", "city", "product", "standard"),
            *("line__supply_request__city", "line__product"),
        )
        return self.select_related(*named).prefetch_related("line__standards")

    def search(self, text: str) -> Self:
        """Return the offers whose reference, remark, company or product contains the text, in any language."""
        return self.filter(name_contains(text))


class SupplierLead(JournaledModel):
    """Offer of goods by a supplier to one city.

    `supply` is the quantity in stock plus what can be made in time; `allocated` is the quantity already promised.
    """

    REFERENCE_PREFIX = "SL"
    URL_NAME = "lead"
    # All findings about the offer and its checks, if its page has read them: then rules need not ask again. A move that
    # is made works on a freshly locked row and never sees them.
    preloaded_findings: "list[Finding] | None" = None
    preloaded_checks: "Sequence[Any] | None" = None

    class Status(StatusChoices):
        DRAFT = "draft", StatusGroup.OPEN, _("Draft")
        RECEIVED = "received", StatusGroup.OPEN, _("Offered")  # received, checks not opened yet
        UNDER_REVIEW = "under_review", StatusGroup.OPEN, _("Under review")
        VERIFIED = "verified", StatusGroup.DONE, _("Verified")  # a person verified it after the checks
        REJECTED = "rejected", StatusGroup.VOID, pgettext_lazy("an offer", "Rejected")
        WITHDRAWN = "withdrawn", StatusGroup.VOID, pgettext_lazy("an offer", "Withdrawn")
        EXPIRED = "expired", StatusGroup.VOID, pgettext_lazy("an offer", "Expired")

    class Kind(models.TextChoices):
        SALE = "sale", _("For sale")
        DONATION = "donation", _("Donation")

    LIVE_STATUSES = (Status.RECEIVED, Status.UNDER_REVIEW, Status.VERIFIED)
    CHECKED_STATUSES = (Status.UNDER_REVIEW, Status.VERIFIED)  # a changed fact opens its checks again

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="leads", verbose_name=_("offered to"))
    line = models.ForeignKey(RequestLine, models.PROTECT, null=True, blank=True, related_name="leads")
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, null=True, blank=True, related_name="answers")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="leads")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="Who accepted an unsolicited offer for review, and is responsible for it.",
    )
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="leads", verbose_name=_("supplier"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("product"))
    standard = models.ForeignKey(
        Standard, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("standard")
    )
    meets = models.CharField(max_length=10, choices=GoodsMatchLevel, default=GoodsMatchLevel.UNKNOWN)
    model = models.CharField(_("model"), max_length=100, blank=True, help_text="As printed on the pack.")
    maker = models.ForeignKey(
        Supplier,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("manufacturer"),
        help_text="Where the company that offers is not the maker.",
    )
    kind = models.CharField(_("type"), max_length=10, choices=Kind, default=Kind.SALE)
    stock_quantity = models.PositiveBigIntegerField(_("in stock"), default=0)
    stock_place = models.CharField(_("stock location"), max_length=200, blank=True)
    capacity_per_day = models.PositiveIntegerField(_("daily production"), default=0)
    ready_on = models.DateField(_("ready to ship on"), null=True, blank=True)
    available_until = models.DateField(_("available until"), null=True, blank=True)
    min_order_quantity = models.PositiveBigIntegerField(_("minimum order quantity"), default=0)
    unit_price = models.DecimalField(
        _("price per unit"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    price_in_city_currency = models.DecimalField(
        max_digits=14,
        decimal_places=4,
        null=True,
        editable=False,
        help_text="Per piece, in the asking city's currency.",
    )
    rate_on = models.DateField(null=True, editable=False, help_text="The day of the exchange rate used.")
    rate = models.DecimalField(
        max_digits=18,
        decimal_places=8,
        null=True,
        editable=False,
        help_text="What one unit of the offer's currency was worth in the city's.",
    )
    rate_source = models.CharField(
        max_length=200, blank=True, editable=False, help_text="Of an entered rate; empty: the ECB's."
    )
    incoterm = models.CharField(_("Incoterms rule"), max_length=3, blank=True)
    incoterm_place = models.CharField(_("Named place (Incoterms)"), max_length=100, blank=True)
    lead_days = models.PositiveSmallIntegerField(_("production time (days)"), null=True, blank=True)
    air_days = models.PositiveSmallIntegerField(_("transit time by air (days)"), null=True, blank=True)
    sea_days = models.PositiveSmallIntegerField(_("transit time by sea (days)"), null=True, blank=True)
    air_freight = models.DecimalField(
        _("air freight per kilogram"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="In the offer's currency.",
    )
    sea_freight = models.DecimalField(
        _("sea freight per pallet"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="In the offer's currency.",
    )
    carton_pieces = models.PositiveIntegerField(_("units per carton"), null=True, blank=True)
    carton_kg = models.DecimalField(
        _("carton weight, kg"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    carton_litres = models.DecimalField(
        _("carton volume (litres)"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    pallet_cartons = models.PositiveSmallIntegerField(_("cartons per pallet"), null=True, blank=True)
    insurance_percent = models.DecimalField(
        _("insurance (percentage of value)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    inspection_cost = models.DecimalField(
        _("inspection cost"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Of the whole lot, in the offer's currency.",
    )
    landed = models.JSONField(
        default=dict,
        editable=False,
        help_text="The price landed by each mode with its parts, as last worked out (`queries.landed_cost`).",
    )
    screened_on = models.DateField(
        null=True, editable=False, help_text="The day as of which screening last looked at it."
    )
    prepayment_percent = models.PositiveSmallIntegerField(
        _("prepayment requested (percent)"), null=True, blank=True
    )
    payment_terms = models.CharField(
        _("payment terms"), max_length=200, blank=True, help_text="As the seller words them."
    )
    sample_available = models.BooleanField(
        _("sample available"), null=True, blank=True, help_text="Null: not stated."
    )
    reference_customers = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        verbose_name=_("reference customers"),
        help_text="Whom the seller says they supplied: a claim until confirmed with them.",
    )
    valid_until = models.DateField(_("offer valid until"), null=True, blank=True)
    valid_until_assumed = models.BooleanField(
        default=False, editable=False, help_text="The offer states no end: its city's usual validity counts."
    )
    validity_asked_for = models.DateField(
        null=True, editable=False, help_text="The last day before which its end was asked about."
    )
    declared_use = models.CharField(_("declared export use"), max_length=12, choices=DeclaredUse, blank=True)
    referred_by = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        verbose_name=_("intermediaries"),
    )
    remark = models.TextField(_("remark"), blank=True)
    supply = models.PositiveBigIntegerField(default=0, editable=False)
    allocated = models.PositiveBigIntegerField(default=0, editable=False)
    recheck = models.BooleanField(default=False, editable=False)
    changed_facts = ArrayField(
        models.CharField(max_length=30),
        default=list,
        editable=False,
        help_text="What changed since it was checked: the checks that rest on it are reopened.",
    )
    checks_open = models.PositiveSmallIntegerField(default=0, editable=False)
    checks_accepted = models.PositiveSmallIntegerField(default=0, editable=False)
    checks_by_others = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="Accepted checks not made by the person who brought the offer."
    )
    blocking_findings = models.PositiveSmallIntegerField(default=0, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    shared_with = models.ManyToManyField(City, blank=True, related_name="+")
    named = models.TextField(
        default="", editable=False, help_text="The names of its company and its product, to be found by."
    )
    search = GramsField(of=("reference", "remark", "named"))

    objects = SupplierLeadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(allocated__lte=F("supply")), name="lead_not_over_allocated"),
            models.CheckConstraint(condition=Q(supply__lte=MAX_QUANTITY), name="lead_supply_is_sane"),
            models.CheckConstraint(
                condition=Q(
                    stock_quantity__lte=MAX_QUANTITY,
                    capacity_per_day__lte=MAX_QUANTITY,
                    min_order_quantity__lte=MAX_QUANTITY,
                ),
                name="lead_quantities_are_sane",
            ),
            models.CheckConstraint(
                condition=~Q(status="verified") | Q(verified_by__isnull=False, verified_at__isnull=False),
                name="lead_verified_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(unit_price=None) | (Q(unit_price__gt=0) & ~Q(currency="")),
                name="lead_price_has_a_currency",
            ),
            models.CheckConstraint(
                condition=(Q(air_freight=None) & Q(sea_freight=None)) | ~Q(currency=""),
                name="lead_freight_has_a_currency",
            ),
            models.CheckConstraint(
                condition=Q(inspection_cost=None) | (Q(inspection_cost__gte=0) & ~Q(currency="")),
                name="lead_inspection_has_a_currency",
            ),
            models.CheckConstraint(
                condition=Q(insurance_percent=None) | Q(insurance_percent__gte=0, insurance_percent__lte=100),
                name="lead_insurance_is_a_share",
            ),
            models.CheckConstraint(
                condition=(Q(carton_pieces=None) | Q(carton_pieces__gt=0))
                & (Q(carton_kg=None) | Q(carton_kg__gt=0))
                & (Q(carton_litres=None) | Q(carton_litres__gt=0))
                & (Q(pallet_cartons=None) | Q(pallet_cartons__gt=0)),
                name="lead_carton_holds_something",
            ),
            models.CheckConstraint(
                condition=Q(prepayment_percent=None) | Q(prepayment_percent__lte=100),
                name="lead_prepayment_is_a_share",
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="lead_of_city"),
            models.Index("city", "status", F("id").desc(), name="lead_of_status"),
            models.Index("city", order_by_day("valid_until"), "id", name="lead_soonest"),
            models.Index("line", "status", name="lead_of_line"),
            models.Index(
                "product",
                "created_at",
                "id",
                name="lead_priced",
                condition=Q(price_in_city_currency__isnull=False),
            ),
            models.Index(
                "valid_until",
                "id",
                name="lead_to_expire",
                condition=Q(status__in=("received", "under_review", "verified")),
            ),
            models.Index("id", name="lead_to_recheck", condition=Q(recheck=True)),
            GinIndex(fields=["search"], name="lead_search"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def link_target(self) -> tuple[str, int | None]:
        """The inquiry this offer answers, or else its contact: the object whose link may touch it."""
        if self.inquiry_id is None and self.contact_id is not None:
            return ("partners.contact", self.contact_id)
        return ("procurement.inquiry", self.inquiry_id)

    @property
    def is_unsolicited(self) -> bool:
        """True if a contact made the offer and no inquiry asked for it."""
        return self.inquiry_id is None and self.contact is not None and self.contact.user_id == self.author_id

    @property
    def is_without_city(self) -> bool:
        """True for an unsolicited offer that no city has yet: it is kept at its contact's own city."""
        return self.is_unsolicited and self.contact is not None and self.contact.city_id == self.city_id

    @property
    def awaits_acceptance(self) -> bool:
        """True for an unsolicited offer that was neither accepted nor declined."""
        return self.status == self.Status.RECEIVED and self.accepted_by_id is None and self.is_unsolicited

    @property
    def responsible_user(self) -> "User | None":
        """The person responsible for the offer in the city.

        Usually its author. For an offer that its contact entered, it is the author of the inquiry; for an unsolicited
        one, the person who accepted it, if any.
        """
        if self.contact is None or self.contact.user_id != self.author_id:
            return self.author
        return self.inquiry.author if self.inquiry is not None else self.accepted_by

    @property
    def required_check_count(self) -> int:
        """Number of checks the offer needs, done or not."""
        return self.checks_accepted + self.checks_open

    @property
    def overruled_findings(self) -> "FindingQuerySet":
        """Blocking findings about the offer that a person overruled, oldest first, with that person."""
        found: FindingQuerySet = self.findings.overruled()
        return found.select_related("answered_by").order_by("pk")

    @property
    def landed_price(self) -> dict[str, Any] | None:
        """Landed price by the usual mode of transport, as screening stored it, or None if no part of it is known.

        A dict with the mode, the total as text, its currency, and whether every part is known ("complete").
        """
        mode = self.landed.get("mode", "")
        cost = self.landed.get("by", {}).get(mode)
        if cost is None or not (Decimal(cost["total"]) or cost["complete"]):
            return None
        return {
            "mode": mode,
            "total": cost["total"],
            "complete": cost["complete"],
            "currency": self.landed["currency"],
        }

    @property
    def has_freight_details(self) -> bool:
        """True if the offer states anything about its freight or packing."""
        stated = (self.air_days, self.sea_days, self.air_freight, self.sea_freight)
        packed = (self.carton_pieces, self.carton_kg, self.carton_litres, self.pallet_cartons)
        return any(one is not None for one in (*stated, *packed))

    @property
    def certificates_to_request(self) -> list[str]:
        """Codes of the certificate types that the offer lacks and that no contact is asked for, sorted."""
        findings, checks = self.preloaded_findings, self.preloaded_checks
        if findings is None or checks is None:
            asked = self.checks.filter(
                status__in=self.checks.model.Status.open, requested_certificate_type__code=OuterRef("kind")
            )
            unasked = self.findings.missing_certificates().exclude(Exists(asked))
            return sorted({one.missing_certificate_code for one in unasked})
        missing = {one.missing_certificate_code for one in findings if one.status != one.Status.RESOLVED}
        requested = {
            check.requested_certificate_type.code
            for check in checks
            if check.requested_certificate_type and check.status in check.Status.open
        }
        return sorted(missing - requested - {""})

    def has_finding_overruled_by(self, user_id: int | None) -> bool:
        """Return True if this user overruled a blocking finding about the offer."""
        if self.preloaded_findings is not None:
            return any(one.overruled and one.answered_by_id == user_id for one in self.preloaded_findings)
        return self.overruled_findings.filter(answered_by=user_id).exists()

    @property
    def is_live(self) -> bool:
        """True while the offer is offered, in checking or verified."""
        return self.status in self.LIVE_STATUSES

    @property
    def free_quantity(self) -> int:
        """Number of pieces not allocated yet."""
        return self.supply - self.allocated
