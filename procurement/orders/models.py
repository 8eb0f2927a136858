"""Orders: a purchase or the acceptance of a donation, with lines made from allocations."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.contacts.models import Contact
from partners.memberships.models import Delegation
from procurement.allocations.models import Allocation
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import MAX_QUANTITY, SupplyRequest
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.suppliers import Supplier
from workflow.base_models import JournaledModel
from workflow.formatting import format_day
from workflow.query_expressions import order_by_day
from workflow.search import is_reference_start, normalize_reference
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the orders of the cities the person may see."""
        return self.filter(city__in=permissions.visible_cities)

    def search(self, text: str) -> Self:
        """Return orders whose reference starts with the text, or whose company's names or number contain it."""
        if is_reference_start(text, "PO", "DN"):
            return self.filter(reference__startswith=normalize_reference(text))
        return self.filter(supplier__in=Supplier.objects.search(text))

    def approved_by_author(self) -> Self:
        """Return the orders that their author also approved, as the city's limit allows."""
        return self.filter(approved_by=F("author"))

    def received_unpaid(self) -> Self:
        """Return completed purchases with an open payment or without any payment planned."""
        still = Q(pk__in=self.model.objects.filter(payments__status__in=("planned", "proposed")).values("pk"))
        none = ~Q(payments__status__in=("planned", "proposed", "paid"))
        return self.filter(still | none, kind=AcquisitionType.PURCHASE, status=Order.Status.COMPLETED)

    def for_withdrawn_needs(self) -> Self:
        """Return orders with pieces that are allocated to a withdrawn need."""
        return self.filter(pk__in=self._for_withdrawn())

    def moot(self) -> Self:
        """Return orders for a withdrawn need that are not binding yet. The periodic job cancels them."""
        return self.for_withdrawn_needs().filter(status__in=Order.NOT_BINDING_STATUSES)

    def to_flag_for_decision(self) -> Self:
        """Return binding orders for a withdrawn need that the periodic job has not marked yet."""
        return self.for_withdrawn_needs().filter(
            status__in=Order.BINDING_STATUSES, decision_needed_since=None
        )

    def flagged_for_decision(self) -> Self:
        """Return binding orders for a withdrawn need that the periodic job has marked; their officer decides.

        The mark (`decision_needed_since`) is stored, because every page runs this query.
        """
        return self.filter(status__in=Order.BINDING_STATUSES, decision_needed_since__isnull=False)

    def to_unflag(self) -> Self:
        """Return marked orders that no longer have pieces for a withdrawn need: nothing is left to decide."""
        return self.flagged_for_decision().exclude(pk__in=self._for_withdrawn())

    def counted_together(self, city: City, companies: Iterable[int], since: datetime) -> Self:
        """Return the orders that count together against the city's approval limit, oldest first.

        They are to one of these supplier rows, or for goods that one of them makes, were created from `since` on,
        and were sent for approval or decided.
        """
        rows = list(companies)
        made = OrderLine.objects.filter(allocation__lead__maker__in=rows).values("order")
        found = self.filter(Q(supplier__in=rows) | Q(pk__in=made), city=city, created_at__gte=since)
        return found.filter(status__in=Order.LIMIT_COUNTED_STATUSES).order_by("pk")

    def late(self, day: date) -> Self:
        """Return binding orders whose promised day is before a day, and of which some goods have not left."""
        waits = OrderLine.objects.filter(order=OuterRef("pk"), quantity__gt=F("departed"))
        return self.filter(Exists(waits), status__in=Order.BINDING_STATUSES, promised_on__lt=day)

    def awaiting_purchase_order(self) -> Self:
        """Return the placed orders whose purchase order the periodic job has yet to generate and send, oldest first.

        An order on hold waits until it is resumed.
        """
        due = self.filter(purchase_order_due_at__isnull=False, held_since=None)
        return due.order_by("purchase_order_due_at", "pk")

    def on_hold(self) -> Self:
        """Return the orders that are on hold."""
        return self.filter(held_since__isnull=False)

    def _for_withdrawn(self) -> models.QuerySet["OrderLine", Any]:
        withdrawn = SupplyRequest.Status.WITHDRAWN
        pieces = OrderLine.objects.filter(quantity__gt=0)
        return pieces.filter(allocation__line__supply_request__status=withdrawn).values("order")


class Order(JournaledModel):
    """A purchase or a donation. Both share one table; a constraint limits the statuses of each kind."""

    URL_NAME = "order"
    # Offers of an order that is being created. It has no lines yet by which to find them.
    offers_at_creation: Sequence[SupplierLead] = ()

    class Status(StatusChoices):
        DRAFT = "draft", StatusGroup.OPEN, _("Draft")
        AWAITING_APPROVAL = "awaiting_approval", StatusGroup.OPEN, _("Waiting for approval")
        APPROVED = "approved", StatusGroup.OPEN, _("Approved")
        PLACED = "placed", StatusGroup.OPEN, _("Placed")
        CONFIRMED = "confirmed", StatusGroup.OPEN, _("Confirmed by the supplier")
        OFFERED = "offered", StatusGroup.OPEN, _("Donation offered")
        ACCEPTED = "accepted", StatusGroup.OPEN, _("Donation accepted")
        DECLINED = "declined", StatusGroup.VOID, _("Donation declined")
        READY_TO_SHIP = "ready_to_ship", StatusGroup.OPEN, _("Ready to ship")
        COMPLETED = "completed", StatusGroup.DONE, _("Completed")
        THANKED = "thanked", StatusGroup.DONE, _("Thanked")
        CANCELLED = "cancelled", StatusGroup.VOID, _("Cancelled")
        LOST = "lost", StatusGroup.VOID, _("Lost")

    class Authority(models.TextChoices):
        REGULAR = "regular", _("Regular procurement")
        EMERGENCY = "emergency", _("Emergency powers")

    class ConfirmationMethod(models.TextChoices):
        PHONE = "phone", pgettext_lazy("a confirmation", "By phone")
        WRITING = "writing", pgettext_lazy("a confirmation", "In writing")
        LINK = "link", pgettext_lazy("a confirmation", "By link")

    # The officer says one of these; only the supplier itself confirms by link.
    RECORDED_METHODS = (ConfirmationMethod.PHONE, ConfirmationMethod.WRITING)
    DONATION_STATUSES = (
        "offered",
        "accepted",
        "ready_to_ship",
        "completed",
        "thanked",
        "declined",
        "cancelled",
        "lost",
    )
    PURCHASE_STATUSES = (
        "draft",
        "awaiting_approval",
        "approved",
        "placed",
        "confirmed",
        "ready_to_ship",
        "completed",
        "cancelled",
        "lost",
    )
    NOT_BINDING_STATUSES = (Status.DRAFT, Status.AWAITING_APPROVAL, Status.APPROVED, Status.OFFERED)
    BINDING_STATUSES = (Status.PLACED, Status.CONFIRMED, Status.ACCEPTED, Status.READY_TO_SHIP)
    # What reminders are sent about: a person's or the supplier's answer, and promised goods.
    AWAITING_ANSWER_STATUSES = (Status.AWAITING_APPROVAL, Status.OFFERED, Status.PLACED)
    AWAITING_GOODS_STATUSES = (Status.CONFIRMED, Status.ACCEPTED, Status.READY_TO_SHIP)
    # What may be put on hold. A completed purchase may still have a payment open.
    HOLDABLE_STATUSES = (*NOT_BINDING_STATUSES, *BINDING_STATUSES, Status.COMPLETED)
    # What counts against the approval limit together with another order to the company.
    LIMIT_COUNTED_STATUSES = (
        *(Status.AWAITING_APPROVAL, Status.APPROVED, *BINDING_STATUSES),
        *Status.done,
    )

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("type"), max_length=10, choices=AcquisitionType)
    city = models.ForeignKey(City, models.PROTECT, related_name="orders", verbose_name=_("city"))
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="orders", verbose_name=_("supplier"))
    donor_city = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("donated by")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("found by")
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    goods_total = models.DecimalField(_("goods"), max_digits=18, decimal_places=2, default=Decimal(0))
    extra_costs = models.DecimalField(
        _("freight, insurance, inspection"), max_digits=18, decimal_places=2, default=Decimal(0)
    )
    taxes = models.DecimalField(_("taxes"), max_digits=18, decimal_places=2, default=Decimal(0))
    total_in_city_currency = models.DecimalField(
        _("total in the city’s currency"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    rate_on = models.DateField(_("exchange rate date"), null=True, blank=True)
    incoterm = models.CharField(_("Incoterms rule"), max_length=3, blank=True)
    incoterm_place = models.CharField(_("Named place (Incoterms)"), max_length=100, blank=True)
    authority = models.CharField(
        _("procurement authority"), max_length=10, choices=Authority, default=Authority.REGULAR
    )
    authority_reference = models.CharField(_("authority reference"), max_length=100, blank=True)
    budget_line = models.CharField(_("budget line"), max_length=60, blank=True)
    offers_sought = models.PositiveSmallIntegerField(_("quotes sought"), default=1)
    offers_recorded = models.PositiveSmallIntegerField(_("quotes sought, according to the record"), default=1)
    offers_sought_reason = models.TextField(_("reason for a number other than the record’s"), blank=True)
    few_offers_reason = models.TextField(_("reason for fewer than three quotes"), blank=True)
    deposit_reason = models.TextField(_("reason for paying more than 30 percent before shipping"), blank=True)
    promised_on = models.DateField(_("promised delivery date"), null=True, blank=True)
    supplier_reference = models.CharField(
        _("supplier’s order number"),
        max_length=60,
        blank=True,
        help_text="As the supplier named it when confirming.",
    )
    confirmation_method = models.CharField(
        _("how the supplier confirmed"), max_length=10, choices=ConfirmationMethod, blank=True
    )
    confirmed_by_name = models.CharField(
        _("confirmed at the supplier by"),
        max_length=150,
        blank=True,
        help_text="Who at the supplier confirmed.",
    )
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, null=True, blank=True, related_name="+")
    contract_account = models.ForeignKey(
        BankAccount,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="The account it named when it was placed: another one later is a change after contract.",
    )
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    override_reason = models.TextField(_("reason for ordering unverified goods"), blank=True)
    override_covers = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        editable=False,
        help_text="The offers and findings that stood when it was overridden; a new one is not covered.",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_under = models.ForeignKey(
        Delegation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Approved as the delegate of an absent approver.",
    )
    override_under = models.ForeignKey(
        Delegation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Overridden as the delegate of an absent approver.",
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    placed_at = models.DateTimeField(_("placed"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    thanked_at = models.DateTimeField(_("thanked"), null=True, blank=True)
    waiting_since = models.DateTimeField(
        _("waiting since"),
        null=True,
        editable=False,
        help_text="Since when it waits for a decision or for the supplier's confirmation.",
    )
    reminders = models.PositiveSmallIntegerField(default=0, editable=False)
    next_reminder_on = models.DateField(null=True, editable=False)
    purchase_order_due_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Since when the periodic job has had to generate the purchase order; empty once it has tried.",
    )
    decision_needed_since = models.DateTimeField(
        null=True, editable=False, help_text="When it was noted that a need it is for was withdrawn."
    )
    held_since = models.DateTimeField(_("on hold since"), null=True, blank=True)
    held_until = models.DateField(_("last day of the hold"), null=True, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("put on hold by"),
    )
    hold_reason = models.TextField(_("reason for the hold"), blank=True)
    hold_check_on = models.DateField(
        null=True, editable=False, help_text="From which day on Today asks what to do about the hold."
    )
    contact_told_of_hold = models.BooleanField(default=False, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind="purchase",
                    status__in=(
                        "draft",
                        "awaiting_approval",
                        "approved",
                        "placed",
                        "confirmed",
                        "ready_to_ship",
                        "completed",
                        "cancelled",
                        "lost",
                    ),
                )
                | Q(
                    kind="donation",
                    status__in=(
                        "offered",
                        "accepted",
                        "ready_to_ship",
                        "completed",
                        "thanked",
                        "declined",
                        "cancelled",
                        "lost",
                    ),
                ),
                name="order_status_fits_its_kind",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("approved", "placed", "confirmed", "accepted"))
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="order_approved_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("placed", "confirmed")) | Q(placed_at__isnull=False),
                name="order_placed_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("completed", "thanked")) | Q(completed_at__isnull=False),
                name="order_completed_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="thanked") | Q(thanked_at__isnull=False), name="order_thanked_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(override_by=None, override_reason="")
                | (Q(override_by__isnull=False) & ~Q(override_reason="")),
                name="order_override_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(held_since=None, held_until=None, held_by=None, hold_reason="")
                | (Q(held_since__isnull=False, held_by__isnull=False) & ~Q(hold_reason="")),
                name="order_hold_has_a_reason",
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="order_of_city"),
            models.Index("city", "status", F("id").desc(), name="order_of_status"),
            models.Index("city", order_by_day("promised_on"), "id", name="order_soonest"),
            models.Index(
                "next_reminder_on", name="order_to_remind", condition=Q(next_reminder_on__isnull=False)
            ),
            models.Index(
                "purchase_order_due_at",
                name="order_to_print",
                condition=Q(purchase_order_due_at__isnull=False),
            ),
            models.Index("city", "id", name="order_adrift", condition=Q(decision_needed_since__isnull=False)),
            models.Index("city", "id", name="order_held", condition=Q(held_since__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference_prefix(self) -> str:
        """PO for a purchase, DN for a donation."""
        return "PO" if self.kind == AcquisitionType.PURCHASE else "DN"

    def described_facts(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        """Return, from the facts of a journal entry, the absent approver for whom a delegate decided.

        As a pair (label, text); empty if the decision was not made by delegation.
        """
        if "on_behalf_of" not in facts:
            return []
        words = gettext("%(name)s, absent until %(day)s")
        last = format_day(date.fromisoformat(facts["absent_until"]))
        params = {"name": facts["on_behalf_of"], "day": last}
        return [(gettext("on behalf of"), words % params)]

    @property
    def total(self) -> Decimal:
        """Goods, extra costs and taxes, in the order's currency."""
        return self.goods_total + self.extra_costs + self.taxes

    def to_city_currency(self, amount: Decimal) -> Decimal | None:
        """Return the amount in the city's currency to four places, at the rate of the order's total.

        None if that rate is unknown.
        """
        if self.total_in_city_currency is None or not self.total:
            return None
        return (amount * self.total_in_city_currency / self.total).quantize(Decimal("0.0001"))


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the order lines of the cities the person may see."""
        return self.filter(order__city__in=permissions.visible_cities)


class OrderLine(models.Model):
    """One allocation as it was ordered. A removed line has the quantity 0.

    `shipped`: pieces in shipments. `departed`: pieces that have left. `released`: pieces inspected and
    released. `failed`: pieces that left and were lost, missing, rejected or recalled.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    allocation = models.OneToOneField(Allocation, models.PROTECT, related_name="order_line")
    quantity = models.PositiveBigIntegerField(_("quantity"))
    unit_price = models.DecimalField(
        _("price per unit"),
        max_digits=14,
        decimal_places=4,
        help_text="Of a gift: its true value, which customs asks for.",
    )
    shipped = models.PositiveBigIntegerField(default=0, editable=False)
    departed = models.PositiveBigIntegerField(default=0, editable=False)
    released = models.PositiveBigIntegerField(default=0, editable=False)
    failed = models.PositiveBigIntegerField(default=0, editable=False)

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__range=(0, MAX_QUANTITY)), name="order_line_quantity_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(shipped__lte=F("quantity")), name="order_line_not_over_shipped"
            ),
            models.CheckConstraint(
                condition=Q(departed__lte=F("shipped")), name="order_line_departed_was_shipped"
            ),
            models.CheckConstraint(
                condition=Q(departed__gte=F("released") + F("failed")), name="order_line_ends_once"
            ),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="order_line_price_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.order}/{self.pk}"

    @property
    def unshipped_quantity(self) -> int:
        """Pieces that are in no shipment yet."""
        return self.quantity - self.shipped

    @property
    def undeparted_quantity(self) -> int:
        """Pieces that have not left."""
        return self.quantity - self.departed

    @property
    def in_transit_quantity(self) -> int:
        """Pieces that have left and are neither released nor failed."""
        return self.departed - self.released - self.failed

    @property
    def open_quantity(self) -> int:
        """Pieces that are neither released nor failed."""
        return self.quantity - self.released - self.failed
