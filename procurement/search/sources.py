"""Sources of the search over everything, in the order of the results."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Model, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.contacts.models import Contact
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.leads.models.leads import SupplierLead
from procurement.orders.models import Order, OrderLine
from procurement.orders.views.order_summary import goods_summary
from procurement.outreach.models.inquiries import Inquiry
from procurement.quality.models import Lot
from procurement.receiving.models import Discrepancy
from procurement.requests.models import SupplyRequest
from procurement.shipments.models import Shipment, ShipmentLine
from procurement.shipments.queries import shipment_title
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.suppliers import Supplier
from procurement.verification.models import VerificationTask
from workflow.errors import LazyText
from workflow.formatting import reader_language
from workflow.journal.models import Entry
from workflow.search import normalize_reference, split_words

MAX_RESULTS = 5  # results of each kind
MAX_RECENT_OBJECTS = 8  # objects that the reader worked on last
ENTRIES_READ_FOR_RECENT = 60  # journal entries in which these are looked for


class SearchResult(NamedTuple):
    """Line of the results: a link to an object, and details that distinguish it from others of its kind."""

    title: str
    url: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class SearchSource:
    """One kind of object that the search covers: its model, and how a result is described.

    `url_name` is the list that shows all results; empty for a kind without a list of its own. `relations_to_load` are
    the relations to load for the description, and `prefetches` the rows to read for all results at once.
    """

    label: LazyText
    icon: str
    model: type[Model]
    describe: Callable[[Any], tuple[Any, ...]]  # title, then details; empty ones are left out
    relations_to_load: tuple[str, ...] = ()
    url_name: str = ""
    prefetches: tuple["Prefetch[Any]", ...] = ()

    def rows(self, by: Permissions) -> QuerySet[Any]:
        """Return the objects that the reader may see."""
        manager: Any = self.model._default_manager
        seen: QuerySet[Any] = manager.visible_to(by)
        joined = seen.select_related(*self.relations_to_load) if self.relations_to_load else seen
        return joined.prefetch_related(*self.prefetches)

    def result(self, thing: Any) -> SearchResult:
        """Return the line for an object."""
        title, *details = (str(part) for part in self.describe(thing))
        return SearchResult(title, thing.get_absolute_url(), tuple(part for part in details if part))


class SourceResults(NamedTuple):
    """Results of one source. `more_url` lists all of them, if there are more than are shown."""

    source: SearchSource
    results: list[SearchResult]
    more_url: str


def _lead_line(lead: SupplierLead) -> tuple[Any, ...]:
    return f"{lead.supplier} · {lead.product}", lead.reference, lead.get_status_display()


def _check_line(task: VerificationTask) -> tuple[Any, ...]:
    return f"{task.supplier} · {task.get_check_kind_display()}", task.reference, task.get_status_display()


def _order_line(order: Order) -> tuple[Any, ...]:
    goods = goods_summary(order.lines.all())
    title = f"{order.supplier} · {goods}" if goods else order.supplier
    return title, order.reference, order.get_kind_display(), order.get_status_display()


def _shipment_line(shipment: Shipment) -> tuple[Any, ...]:
    numbers = (shipment.air_waybill, shipment.bill_of_lading, shipment.tracking_number)
    title = shipment_title(shipment, list(shipment.lines.all()))
    return title, shipment.reference, *numbers, shipment.get_status_display()


def _supplier_line(supplier: Supplier) -> tuple[Any, ...]:
    other = {supplier.legal_name_local, supplier.name_en} - {supplier.name, ""}
    return supplier, *other, supplier.reference, supplier.uscc, supplier.place or ""


def _contact_line(contact: Contact) -> tuple[Any, ...]:
    return contact, contact.title_in(reader_language()), contact.organization, contact.city


def _city_line(city: City) -> tuple[Any, ...]:
    other = {city.name_en, city.name_local} - {city.name, ""}
    return city, *other, city.subdivision_label, city.country_label


def _product(lot: Lot) -> str:
    return str(lot.line.order_line.allocation.lead.product.name)


LINE_PRODUCT = "line__order_line__allocation__lead__product"
ORDER_LINES = Prefetch("lines", OrderLine.objects.select_related("allocation__lead__product").order_by("pk"))
SHIPMENT_LINES = Prefetch(
    "lines", ShipmentLine.objects.select_related("order_line__allocation__lead__product").order_by("pk")
)
SOURCES = (
    SearchSource(
        _("Needs"),
        "clipboard-list",
        SupplyRequest,
        lambda need: (need.title, need.reference, need.city, need.get_status_display()),
        ("city",),
        "needs",
    ),
    SearchSource(_("Offers"), "tag", SupplierLead, _lead_line, ("supplier", "product"), "leads"),
    SearchSource(_("Suppliers"), "building-2", Supplier, _supplier_line, ("place",), "suppliers"),
    SearchSource(
        _("Certificates"),
        "file-badge",
        Certificate,
        lambda paper: (f"{paper.kind} {paper.number}".strip(), paper.reference, paper.supplier),
        ("kind", "supplier"),
    ),
    SearchSource(_("Checks"), "search-check", VerificationTask, _check_line, ("supplier",), "checks"),
    SearchSource(_("Orders"), "shopping-cart", Order, _order_line, ("supplier",), "orders", (ORDER_LINES,)),
    SearchSource(_("Shipments"), "ship", Shipment, _shipment_line, (), "shipments", (SHIPMENT_LINES,)),
    SearchSource(
        _("Lots"),
        "package",
        Lot,
        lambda lot: (
            f"{_product(lot)} · {lot.number}",
            lot.reference,
            lot.shipment,
            lot.get_status_display(),
        ),
        ("shipment", LINE_PRODUCT),
        "lots",
    ),
    SearchSource(
        _("Discrepancies"),
        "scale",
        Discrepancy,
        lambda case: (case.summary, case.reference, case.shipment, case.get_status_display()),
        ("shipment", LINE_PRODUCT),
        "discrepancies",
    ),
    SearchSource(
        _("Inquiries"),
        "send",
        Inquiry,
        lambda inquiry: (inquiry.subject, inquiry.reference, inquiry.contact, inquiry.get_status_display()),
        ("contact__user",),
    ),
    SearchSource(_("Contacts"), "users", Contact, _contact_line, ("user", "organization__city", "city")),
    SearchSource(_("Cities"), "globe", City, _city_line, (), "cities"),
)


def search_sources(by: Permissions, text: str) -> Iterator[SourceResults]:
    """Return, for each kind of object with a match, the results that the reader may see."""
    if not split_words(text):
        return
    for source in SOURCES:
        rows: Any = source.rows(by)
        things = list(rows.search(text).order_by("-pk")[: MAX_RESULTS + 1])
        if things:
            more = f"{reverse(source.url_name)}?" if source.url_name and len(things) > MAX_RESULTS else ""
            yield SourceResults(source, [source.result(thing) for thing in things[:MAX_RESULTS]], more)


def url_of_reference(by: Permissions, text: str) -> str:
    """Return the address of the object with this reference; "" if there is none that the reader may see.

    The prefix of a reference determines the kind of object.
    """
    quoted = normalize_reference(text)
    prefix = quoted.partition("-")[0]
    for model in apps.get_models():
        if prefix and prefix in _prefixes(model):
            manager: Any = model._default_manager
            thing = manager.visible_to(by).filter(reference=quoted).first()
            if thing is not None and hasattr(thing, "get_absolute_url"):
                return str(thing.get_absolute_url())
    return ""


def _prefixes(model: type[Model]) -> tuple[str, ...]:
    if model is Order:
        return ("PO", "DN")
    return (getattr(model, "REFERENCE_PREFIX", ""),)


def recently_changed(by: Permissions) -> list[SearchResult]:
    """Return the objects that the reader changed last, newest first."""
    shown = {source.model._meta.label_lower: source for source in SOURCES}
    entries = Entry.objects.filter(by=by.user_id, thing_label__in=shown).order_by("-pk")
    latest = list(dict.fromkeys(entries.values_list("thing_label", "thing_id")[:ENTRIES_READ_FOR_RECENT]))[
        :MAX_RECENT_OBJECTS
    ]
    things = {
        (label, thing.pk): source.result(thing)
        for label, source in shown.items()
        if (pks := [pk for one, pk in latest if one == label])
        for thing in source.rows(by).filter(pk__in=pks)
    }
    return [things[one] for one in latest if one in things]


# What a person starts, by the power it takes.
CREATE_LINKS: tuple[tuple[Power, LazyText, str], ...] = (
    (Power.POST_REQUEST, _("Post a need"), "add_need"),
    (Power.OFFER_LEAD, _("Enter an offer"), "add_lead"),
    (Power.EDIT_SUPPLIER, _("Add a supplier"), "add_supplier"),
    (Power.ORDER, _("Create order"), "add_order"),
    (Power.SHIP, _("Plan a shipment"), "plan_shipment"),
)


def create_links(by: Permissions, text: str = "") -> list[SearchResult]:
    """Return links to the forms for new objects that the reader may use.

    With a text, only those whose label has a word that begins with each word of the text.
    """
    allowed = [(str(label), name) for power, label, name in CREATE_LINKS if by.city_ids_by_power.get(power)]
    wanted = split_words(text)
    return [
        SearchResult(label, reverse(name))
        for label, name in allowed
        if all(any(one.startswith(word) for one in split_words(label)) for word in wanted)
    ]
