"""Reading where the goods of an offer come from: the papers, the freight and the days of travel all start there."""

from django.db.models import Q

from procurement.leads.models import SupplierLead
from procurement.leads.rules import origins
from procurement.suppliers.models import Certificate, Supplier
from procurement.suppliers.rules import name_key


def origin_of(lead: SupplierLead) -> origins.Origin:
    """Where the goods of an offer come from, by which of its facts, and what others of its facts say instead."""
    return origins.origin_of(
        stock=lead.stock_place if lead.stock_quantity else "",
        incoterm=lead.incoterm,
        place=lead.incoterm_place,
        maker=lead.maker.current.country if lead.maker is not None else "",
        seller=lead.supplier.current.country,
    )


def imports(lead: SupplierLead, destination: str, holder: str = "") -> bool:
    """Whether the seller is the importer of record: it is in the country of destination, or its term is delivered duty paid. Or whether
    the holder of a paper is: the need names it.
    """
    if lead.supplier.current.country == destination or lead.incoterm.upper() == "DDP":
        return True
    return bool(holder) and name_key(holder) == name_key(importer_of(lead))


def importer_of(lead: SupplierLead) -> str:
    """The importer of record that the need names; "" where it names none."""
    return lead.line.supply_request.importer_of_record if lead.line is not None else ""


def papers_of_importer(lead: SupplierLead) -> list[Certificate]:
    """What the company shows under whose name the need's importer of record is known here, in the city's own country."""
    key = name_key(importer_of(lead))
    if not key:
        return []
    same = Supplier.objects.filter(Q(name_key=key) | Q(name_en_key=key), country=lead.city.country)
    theirs = Certificate.objects.filter(supplier__in=same.filter(status=Supplier.Status.LISTED))
    return list(theirs.select_related("kind").order_by("pk"))
