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
