"""Reading where the goods of an offer come from: the papers, the freight and the days of travel all start there."""

from procurement.leads.models import SupplierLead
from procurement.leads.rules import origins


def origin_of(lead: SupplierLead) -> origins.Origin:
    """Where the goods of an offer come from, by which of its facts, and what others of its facts say instead."""
    return origins.origin_of(
        stock=lead.stock_place if lead.stock_quantity else "",
        incoterm=lead.incoterm,
        place=lead.incoterm_place,
        maker=lead.maker.current.country if lead.maker is not None else "",
        seller=lead.supplier.current.country,
    )


def imports(lead: SupplierLead, destination: str) -> bool:
    """Whether the seller is the importer of record: it is in the country of destination, or its term is delivered duty paid."""
    return lead.supplier.current.country == destination or lead.incoterm.upper() == "DDP"
