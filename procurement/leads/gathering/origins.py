"""Reading where the goods of an offer come from: the papers, the freight and the days of travel all start there."""

from django.db.models import Q

from procurement.leads.gathering.twins import is_own, names_of
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules import origins
from procurement.leads.rules.origins import Origin
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.rules.comparing import name_key, same_name


def origin_of(lead: SupplierLead) -> Origin:
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


def is_importers(lead: SupplierLead, destination: str, paper: Certificate) -> bool:
    """Whether a paper that the seller shows is the importer of record's: it is in the name of the one the need names; or the seller
    imports, and it is in its own name or in none.

    A licence of the maker remains the maker's, even if the seller shows it.
    """
    if name_key(paper.holder) and name_key(paper.holder) == name_key(importer_of(lead)):
        return True
    seller = lead.supplier.current
    if not imports(lead, destination) or is_own(paper, seller) is False:
        return False
    maker = lead.maker.current if lead.maker is not None else seller
    return maker.pk == seller.pk or not same_name(paper.holder, names_of(maker))


def importer_of(lead: SupplierLead) -> str:
    """The importer of record that the need names; "" where it names none."""
    return lead.line.supply_request.importer_of_record if lead.line is not None else ""


def papers_of_importer(lead: SupplierLead) -> list[Certificate]:
    """What the company shows as its own under whose name the need's importer of record is known here, in the city's own country."""
    key = name_key(importer_of(lead))
    if not key:
        return []
    same = Supplier.objects.filter(Q(name_key=key) | Q(name_en_key=key), country=lead.city.country)
    theirs = Certificate.objects.for_city(lead.city_id).filter(
        supplier__in=same.filter(status=Supplier.Status.LISTED)
    )
    shown = theirs.select_related("kind", "supplier").order_by("pk")
    return [one for one in shown if is_own(one, one.supplier) is not False]
