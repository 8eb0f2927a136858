"""Reading what stands against an offer on sanction and forced-labour lists: of its company, of its maker, of who it came through."""

from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening.values import OnAList
from procurement.lists import gathering
from procurement.lists.models.match import ListMatch
from procurement.suppliers.models.company import Supplier


def companies_of(lead: SupplierLead) -> list[Supplier]:
    """Whose names count for an offer: the company that makes it, and the maker where that is another."""
    return [company.current for company in (lead.supplier, lead.maker) if company is not None]


def of(lead: SupplierLead) -> list[OnAList]:
    """The matches that block, as screening tells them."""
    return [_told(match) for match in gathering.against(companies_of(lead), lead.city_id)]


def _told(match: ListMatch) -> OnAList:
    watch_list = match.listed.watch_list
    return OnAList(
        reference=match.reference,
        name=match.name,
        borne=match.borne,
        listed=match.listed_as,
        watch_list=watch_list.name,
        score=match.score,
        confirmed=match.status == ListMatch.Status.CONFIRMED,
        source=watch_list.source,
    )
