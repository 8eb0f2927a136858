"""Queries for the origin of an offer's goods, which documents, freight and days of travel depend on."""

from django.db.models import Q

from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.certificate_holders import company_names, is_own_certificate
from procurement.leads.rules.origins import Origin, determine_origin
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.match_keys import is_same_name, name_key


def origin_of_lead(lead: SupplierLead) -> Origin:
    """Return the origin of the offer's goods, the fact it follows from, and origins by other facts."""
    return determine_origin(
        stock=lead.stock_place if lead.stock_quantity else "",
        incoterm=lead.incoterm,
        place=lead.incoterm_place,
        maker=lead.maker.current_row.country if lead.maker is not None else "",
        seller=lead.supplier.current_row.country,
    )


def is_seller_importer(lead: SupplierLead, destination: str, holder: str = "") -> bool:
    """Return True if the seller, or the holder of a certificate, is the importer of record.

    The seller is if it is in the country of destination or the term is DDP. The holder is if the need names
    it.
    """
    if lead.supplier.current_row.country == destination or lead.incoterm.upper() == "DDP":
        return True
    return bool(holder) and name_key(holder) == name_key(importer_of_record(lead))


def is_importers_certificate(lead: SupplierLead, destination: str, certificate: Certificate) -> bool:
    """Return True if a certificate that the seller shows belongs to the importer of record.

    It does if its holder is the importer named in the need. It also does if the seller imports and holds
    it, or no holder is given. A licence of the manufacturer stays the manufacturer's, even if the seller
    shows it.
    """
    if name_key(certificate.holder) and name_key(certificate.holder) == name_key(importer_of_record(lead)):
        return True
    seller = lead.supplier.current_row
    if not is_seller_importer(lead, destination) or is_own_certificate(certificate, seller) is False:
        return False
    maker = lead.maker.current_row if lead.maker is not None else seller
    return maker.pk == seller.pk or not is_same_name(certificate.holder, company_names(maker))


def importer_of_record(lead: SupplierLead) -> str:
    """Return the importer of record named in the need, or ""."""
    return lead.line.supply_request.importer_of_record if lead.line is not None else ""


def importer_certificates(lead: SupplierLead) -> list[Certificate]:
    """Return certificates held by the company that has the name of the need's importer of record.

    Only listed companies in the city's country count.
    """
    key = name_key(importer_of_record(lead))
    if not key:
        return []
    same = Supplier.objects.filter(Q(name_key=key) | Q(name_en_key=key), country=lead.city.country)
    theirs = Certificate.objects.for_city(lead.city_id).filter(
        supplier__in=same.filter(status=Supplier.Status.LISTED)
    )
    shown = theirs.select_related("kind", "supplier").order_by("pk")
    return [one for one in shown if is_own_certificate(one, one.supplier) is not False]
