"""Needs of cities, and their lines.

Progress is stored as numbers on the line. Later stages, from offers to inspections, change them under its
lock.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City, CityDay
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import AcquisitionType, DeclaredUse, EndUserType
from procurement.catalogue.models.standards import Standard
from workflow.base_models import JournaledModel
from workflow.formatting import format_day, format_quantity
from workflow.i18n import LocalizedCount
from workflow.journal.models import Entry
from workflow.query_expressions import in_subquery, order_by_day
from workflow.reminders import RemindedModel
from workflow.search import GramsField, name_contains
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions

MAX_QUANTITY = 10**9  # the cap on any quantity


class SupplyRequestQuerySet(models.QuerySet["SupplyRequest"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the needs that a person with these permissions may see.

        These are the needs of their own cities, needs shared with these cities by name, posted needs whose
        visibility includes these cities, and, for a coordinator, posted needs of the cities they watch.
        """
        own = Q(city__in=permissions.visible_cities)
        named = SupplyRequest.shared_with.through.objects.filter(city__in=permissions.visible_cities)
        shared = in_subquery(named.values("supplyrequest"))
        posted = Q(visibility__in=(SupplyRequest.Visibility.NETWORK, SupplyRequest.Visibility.PUBLIC))
        posted |= Q(visibility=SupplyRequest.Visibility.PARTNER_CITIES, city__in=permissions.partner_cities)
        watched = Q() if permissions.oversees_all_cities else Q(city__in=permissions.overseen_city_ids)
        seen_by_watchers = (
            (watched & Q(visibility__in=("partner_cities", "network", "public")))
            if permissions.is_coordinator
            else Q(pk__in=())
        )
        return self.filter(own | shared | ((posted | seen_by_watchers) & Q(posted_at__isnull=False)))

    def open(self) -> Self:
        """Return the needs that are posted and not ended."""
        return self.filter(status=SupplyRequest.Status.OPEN)

    def paused(self) -> Self:
        """Return the open needs that take no new offers for now."""
        return self.open().filter(stopped=True)

    def uncovered(self) -> Self:
        """Return the needs with a line that is not fully allocated."""
        short = RequestLine.objects.filter(supply_request=OuterRef("pk"), allocated__lt=F("quantity"))
        return self.filter(Exists(short))

    def due_for_reconfirmation(self, by_day: datetime) -> Self:
        """Return the open needs to reconfirm by this moment, in their city's calendar.

        Needs whose city was already asked about that date are left out, and those that seek nothing more because
        every line is fully allocated.
        """
        due = self.open().uncovered().filter(reconfirm_by__lte=CityDay(by_day))
        return due.exclude(reconfirm_asked_for=F("reconfirm_by"))

    def due_to_lapse(self, at: datetime, periods: Mapping[int, timedelta]) -> Self:
        """Return the open needs that seek goods, take offers and were not confirmed for a second period.

        `periods` are the periods of reconfirmation by priority; the shortest one of a need's lines counts.
        """
        over = Q(pk__in=())
        for priority, period in periods.items():
            lines = RequestLine.objects.filter(supply_request=OuterRef("pk"), priority=priority)
            over |= Q(Exists(lines), reconfirm_by__lt=CityDay(at - period))
        return self.open().uncovered().filter(over, stopped=False)

    def awaiting_reconfirmation(self) -> Self:
        """Return the open needs whose city was asked to reconfirm them and has not answered."""
        return self.open().uncovered().filter(reconfirm_asked_for=F("reconfirm_by"))

    def waiting_for_decision(self) -> Self:
        """Return the needs that wait for an approver: to be posted, or with a proposed change once posted."""
        waiting = (SupplyRequest.Status.AWAITING_APPROVAL, SupplyRequest.Status.OPEN)
        return self.filter(status__in=waiting, waiting_since__isnull=False)

    def sent_back(self) -> Self:
        """Return the needs that an approver sent back, and posted ones whose proposed change was."""
        correctable = (SupplyRequest.Status.DRAFT, SupplyRequest.Status.OPEN)
        return self.filter(status__in=correctable, sent_back_at__isnull=False)

    def with_answers(self) -> Self:
        """Annotate `answers`: the answers published to everyone asked, oldest first, as journal facts."""
        published = Entry.objects.filter(
            thing_label=SupplyRequest._meta.label_lower, thing_id=OuterRef("pk"), verb="clarify"
        )
        facts = JSONObject(at="at", facts="facts")
        return self.annotate(answers=ArraySubquery(published.order_by("pk").values(row=facts)))

    def with_unannounced_changes(self, changed_before: datetime) -> Self:
        """Return the open needs with offers whose changes must be announced.

        They changed before this time, and since contacts were last notified.
        """
        told = Coalesce(OuterRef("announced_at"), OuterRef("posted_at"))
        edits = unannounced_edits(OuterRef("pk"), told).filter(at__lte=changed_before)
        offers = RequestLine.objects.filter(supply_request=OuterRef("pk"), leads__isnull=False)
        return self.open().filter(Exists(edits), Exists(offers), stopped=False)

    def search(self, text: str) -> Self:
        """Return the needs whose title or reference contains the text."""
        return self.filter(name_contains(text))


class _LinesWithNumbers(models.Func):
    """The lines of a journal entry whose number is in an array, or all lines if the array is empty."""

    template = "jsonb_path_query_array(%(expressions)s))"
    arg_joiner = ", '$[*] ? (@.line == $numbers[*] || !exists($numbers[*]))', jsonb_build_object('numbers', "
    output_field = models.JSONField()


def unannounced_edits(need: Any, since: Any, line_numbers: Any = None) -> models.QuerySet[Entry]:
    """Return the edits of a need after a moment that change what others were asked for, as a subquery.

    `line_numbers` is the array of the numbers of the lines that others were asked about. If it is empty or left out,
    every line counts.
    """
    edits = Entry.objects.filter(
        thing_label=SupplyRequest._meta.label_lower,
        thing_id=need,
        verb__in=SupplyRequest.CHANGING_VERBS,
        at__gt=since,
    )
    same = Q(facts__lines=F("facts__lines_before"))  # only facts in the journal entry are compared
    if line_numbers is not None:
        edits = edits.alias(
            lines_asked=_LinesWithNumbers(F("facts__lines"), line_numbers),
            lines_asked_before=_LinesWithNumbers(F("facts__lines_before"), line_numbers),
        )
        same = Q(lines_asked=F("lines_asked_before"))
    return edits.filter(
        Q(after__has_any_keys=SupplyRequest.NOTIFIED_FIELDS) | Q(facts__has_key="lines") & ~same
    )


class SupplyRequest(RemindedModel, JournaledModel):
    """A city's need.

    The status stores only decisions of people. Partial coverage is computed from the lines' numbers,
    and "overdue" from the dates.

    `waiting_since` is set while an approver is to decide: on the need, or on `proposal`, a change of a posted
    need's lines as `approval.proposals` stores it. Once sent back, `sent_back_at` is set in its place.
    """

    REFERENCE_PREFIX = "SR"
    URL_NAME = "need"
    CHANGING_VERBS = ("edit", "approve_change")  # moves that change what a posted need asks for
    # Changes of these facts are announced to everyone who was asked; other facts (visibility, importer) concern only the city.
    NOTIFIED_FIELDS = (
        "title",
        "declared_use",
        "facility_kinds",
        "deliver_to",
        "deliver_locode",
        "needed_by",
        "accepts",
        "notes",
    )

    class Status(StatusChoices):
        DRAFT = "draft", StatusGroup.OPEN, _("Draft")  # being written; seen by its own city only
        AWAITING_APPROVAL = "awaiting_approval", StatusGroup.OPEN, _("Waiting for approval")
        OPEN = "open", StatusGroup.OPEN, pgettext_lazy("a need", "Open")  # posted: partners may be asked
        FULFILLED = "fulfilled", StatusGroup.DONE, _("Fulfilled")  # enough has been released for use
        WITHDRAWN = "withdrawn", StatusGroup.VOID, _("Withdrawn")  # the city no longer needs the goods

    class Visibility(models.TextChoices):
        PARTNER_CITIES = "partner_cities", _("Sister and friendship cities")
        NETWORK = "network", _("Every city in the network")
        PUBLIC = (
            "public",
            _("Every city in the network; anyone with a tracking code for the goods also sees the company"),
        )

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="supply_requests", verbose_name=_("city"))
    title = models.CharField(pgettext_lazy("a need", "title"), max_length=160)
    declared_use = models.CharField(
        _("declared use"), max_length=12, choices=DeclaredUse, default=DeclaredUse.MEDICAL
    )
    facility_kinds = ArrayField(
        models.CharField(max_length=30, choices=EndUserType),
        default=list,
        blank=True,
        verbose_name=_("who will use the goods"),
        help_text="Kinds of places; the strictest counts. Empty: not stated.",
    )
    deliver_to = models.CharField(_("delivery address"), max_length=300, blank=True)
    deliver_locode = models.CharField(_("UN/LOCODE"), max_length=5, blank=True)
    importer_of_record = models.CharField(_("importer of record"), max_length=200, blank=True)
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    reconfirm_by = models.DateField(_("reconfirm by"), null=True, blank=True)
    reconfirm_asked_for = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text="The day of reconfirmation that the city was asked about. Another day is asked about again.",
    )
    accepts = ArrayField(
        models.CharField(max_length=10, choices=AcquisitionType), default=list, verbose_name=_("accepts")
    )
    visibility = models.CharField(
        _("who can see the need"), max_length=20, choices=Visibility, default=Visibility.PARTNER_CITIES
    )
    notes = models.TextField(_("notes"), blank=True)
    notes_language = models.CharField(max_length=10, default="en")
    stopped = models.BooleanField(
        _("new offers paused"),
        default=False,
        help_text="Takes no new offers for a while: inquiries are paused, offers stay, and everyone concerned is notified.",
    )
    lapsed = models.BooleanField(
        default=False,
        editable=False,
        help_text="Paused by the clock because the city did not confirm the need. Confirming it resumes new offers.",
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    posted_at = models.DateTimeField(_("posted"), null=True, blank=True)
    announced_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When contacts with an offer or a check were last notified of a change.",
    )
    waiting_since = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Since when an approver is to decide on the need or on the change proposed to it.",
    )
    sent_back_at = models.DateTimeField(
        null=True, editable=False, help_text="When an approver last sent it or its proposed change back."
    )
    proposal = models.JSONField(
        null=True, editable=False, help_text="Lines that a posted need is to have, and the reason."
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    shared_with = models.ManyToManyField(City, blank=True, related_name="+")
    search = GramsField(of=("reference", "title"))

    objects = SupplyRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=("draft", "awaiting_approval", "withdrawn"))
                | Q(posted_at__isnull=False, needed_by__isnull=False),
                name="request_posted_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(proposal__isnull=True, proposed_by=None)
                | Q(proposal__isnull=False, proposed_by__isnull=False, status="open"),
                name="request_proposal_is_of_someone",
            ),
            models.CheckConstraint(
                condition=Q(waiting_since=None) | Q(sent_back_at=None), name="request_waits_or_was_sent_back"
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="request_of_city"),
            models.Index("city", "status", F("id").desc(), name="request_of_city_in_status"),
            models.Index("status", "needed_by", "id", name="request_by_date"),
            models.Index("status", F("id").desc(), name="request_of_status"),
            models.Index(order_by_day("needed_by"), "id", name="request_soonest"),
            models.Index(
                fields=["city", "id"], name="request_to_decide", condition=Q(waiting_since__isnull=False)
            ),
            models.Index(
                fields=["author", "id"], name="request_sent_back", condition=Q(sent_back_at__isnull=False)
            ),
            GinIndex(fields=["search"], name="request_search"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def has_ended(self) -> bool:
        """True if the need was fulfilled or withdrawn."""
        return self.status in self.Status.settled

    @property
    def waits_since(self) -> date | None:
        """Day of the city since which an approver is to decide, or None."""
        return self.city.day_at(self.waiting_since) if self.waiting_since is not None else None

    @property
    def accepted_acquisition_labels(self) -> list[str]:
        """The labels of the ways in which goods may come (purchase, donation)."""
        return [str(AcquisitionType(kind).label) for kind in self.accepts]

    @property
    def facility_kind_labels(self) -> list[str]:
        """The labels of the places that will use the goods; empty if not stated."""
        return [str(EndUserType(kind).label) for kind in self.facility_kinds]

    def described_facts(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the facts of a journal entry as pairs (label, text), for people of the need's city.

        A published answer comes with its question, a delegate's decision with the absent approver. The changes of
        lines follow.
        """
        named = {"question": _("Question"), "answer": _("Answer")}
        said = [(str(words), facts[name]) for name, words in named.items() if facts.get(name)]
        if "on_behalf_of" in facts:
            deputy = _("%(name)s, absent until %(day)s")
            last = format_day(date.fromisoformat(facts["absent_until"]))
            params = {"name": facts["on_behalf_of"], "day": last}
            said.append((str(_("on behalf of")), deputy % params))
        return said + self.described_line_changes(facts)

    def described_line_changes(self, facts: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the line changes of a journal entry as pairs (line number in words, "before → after").

        Contacts read them too. Products and alternatives appear with the names they have today.
        """
        lines = list(self.lines.all())
        names = {line.product.code: line.product.name for line in lines}
        changed = [line for key in ("lines_before", "lines") for line in facts.get(key, [])]
        accepted = {code for line in changed for code in line.get("accepts") or ()}
        accepted |= {line["product"] for line in changed if line["product"] not in names}
        known = self.__dict__.setdefault("_names_of_goods", {})  # entries name the same goods again and again
        known |= _names_of_goods(accepted - known.keys())
        names |= known
        before, after = (
            {line["line"]: _line_text(line, names) for line in facts.get(key, []) if "line" in line}
            for key in ("lines_before", "lines")
        )
        return [
            (_("Line %(line)s") % {"line": number}, _change_text(before.get(number), after.get(number)))
            for number in sorted(before | after)
            if before.get(number) != after.get(number)
        ]


def goods_code(product: Product, standard: Standard | None) -> str:
    """Return how a journal entry names goods: the code of the product, and that of the standard if one is named."""
    return f"{product.code} {standard.code}" if standard is not None else product.code


def goods_name(product: Product, standard: Standard | None) -> str:
    """Return the product's name, with the standard if one is named."""
    return f"{product.name}, {standard.label}" if standard is not None else product.name


def _names_of_goods(codes: Collection[str]) -> dict[str, str]:
    """Return the names of goods by their codes of `goods_code`, without those that no longer exist. At most two queries."""
    pairs = {code: code.partition(" ") for code in codes}
    products = Product.objects.in_bulk({one[0] for one in pairs.values()}, field_name="code")
    standards = Standard.objects.in_bulk({one[2] for one in pairs.values()} - {""}, field_name="code")
    return {
        code: goods_name(products[product], standards[standard] if standard else None)
        for code, (product, _space, standard) in pairs.items()
        if product in products and (not standard or standard in standards)
    }


def _line_text(line: dict[str, Any], names: dict[str, str]) -> str:
    parts = [
        names.get(line["product"], line["product"]),
        str(LocalizedCount(line["quantity"])),
        *line["standards"],
    ]
    if day := line.get("needed_by"):
        parts.append(str(_("needed by %(day)s") % {"day": format_day(date.fromisoformat(day))}))
    if priority := line.get("priority"):
        urgency = str(RequestLine.Priority(priority).label).lower()
        parts.append(str(_("priority: %(priority)s") % {"priority": urgency}))
    if accepted := line.get("accepts"):
        goods = str(_("; ")).join(names.get(one, one) for one in accepted)
        parts.append(str(_("also accepted: %(goods)s") % {"goods": goods}))
    if line.get("alternatives"):  # entries from before alternatives were listed
        parts.append(str(_("alternatives are also welcome")))
    return " · ".join(parts)


def _change_text(before: str | None, after: str | None) -> str:
    """Return "before → after". Without a value before: the new value; without a value after: a dash."""
    return str(after) if before is None else f"{before} → {after or '–'}"


class RequestLineQuerySet(models.QuerySet["RequestLine"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the lines of the needs that a person with these permissions may see."""
        return self.filter(supply_request__in=SupplyRequest.objects.visible_to(permissions))

    def numbered(self, numbers: Collection[int]) -> Self:
        """Return the lines that have one of these numbers in their need, or all lines without numbers."""
        return self.filter(position__in=numbers) if numbers else self

    def lacking_goods(self) -> Self:
        """Return the lines of open needs that allocated and verified goods do not fully cover."""
        covered = F("allocated") + F("verified_free")
        return self.filter(supply_request__status=SupplyRequest.Status.OPEN, quantity__gt=covered)


class RequestLine(models.Model):
    """One product of a need. All quantities are in pieces (or pairs or litres: the product's unit).

    `allocated` counts everything promised; `shipped`, `arrived` and `released` count the part that has
    come so far. `offered` and `verified_free` count what could still be promised. `offered_short`
    counts offers that are not known to be the requested goods.
    """

    class Priority(models.IntegerChoices):
        CRITICAL = 1, _("Critical")
        HIGH = 2, _("High")
        NORMAL = 3, _("Normal")

    supply_request = models.ForeignKey(SupplyRequest, models.PROTECT, related_name="lines")
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("product"))
    standards = models.ManyToManyField(
        Standard, blank=True, related_name="+", verbose_name=_("accepted standards")
    )
    quantity = models.PositiveBigIntegerField(_("quantity"))
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    max_unit_price = models.DecimalField(
        _("maximum price per unit"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    use_per_day = models.PositiveBigIntegerField(_("use per day"), null=True, blank=True)
    runs_out_on = models.DateField(_("own supply runs out on"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    changed_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When it began to ask for something its offers were not judged by yet.",
    )
    offered = models.PositiveBigIntegerField(default=0)
    offered_short = models.PositiveBigIntegerField(default=0)
    verified_free = models.PositiveBigIntegerField(default=0)
    allocated = models.PositiveBigIntegerField(default=0)
    shipped = models.PositiveBigIntegerField(default=0)
    arrived = models.PositiveBigIntegerField(default=0)
    released = models.PositiveBigIntegerField(default=0)

    objects = RequestLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supply_request", "position"], name="line_position_once"),
            models.CheckConstraint(
                condition=Q(quantity__range=(1, MAX_QUANTITY)), name="line_quantity_is_sane"
            ),
            models.CheckConstraint(condition=Q(allocated__lte=F("quantity")), name="line_not_over_allocated"),
            models.CheckConstraint(
                condition=Q(
                    released__lte=F("arrived"), arrived__lte=F("shipped"), shipped__lte=F("allocated")
                ),
                name="line_progress_is_in_order",
            ),
        ]
        indexes = [
            models.Index("product", "id", name="line_of_product"),
            # The Today page sums what a city still has to cover from this index alone.
            models.Index(
                fields=["city"], include=["supply_request", "quantity", "allocated"], name="line_sums"
            ),
            models.Index("changed_at", name="line_changed", condition=Q(changed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.supply_request}/{self.position}"

    @property
    def numbered_label(self) -> str:
        """The line in words, with its number in the need: `Line 2: Surgical mask · 20,000 pieces`."""
        unit = self.product.unit_for_count(self.quantity)
        goods = f"{self.product.name} · {format_quantity(self.quantity)} {unit}"
        return str(_("Line %(line)s: %(goods)s") % {"line": self.position, "goods": goods})

    @property
    def unallocated_quantity(self) -> int:
        """The quantity that is not allocated yet."""
        return self.quantity - self.allocated

    @property
    def quantity_to_find(self) -> int:
        """The quantity that is neither allocated nor covered by any offer, verified or not."""
        return max(0, self.quantity - self.allocated - self.verified_free - self.offered)

    @property
    def covered_quantity(self) -> int:
        """The quantity that is allocated, or that verified offers can still cover."""
        return min(self.quantity, self.allocated + self.verified_free)

    def days_left(self, today: date) -> int | None:
        """Return for how many days the city's own supply lasts, 0 once it has run out, or None if not stated."""
        return None if self.runs_out_on is None else max(0, (self.runs_out_on - today).days)
