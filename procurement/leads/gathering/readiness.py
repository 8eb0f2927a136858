"""Reading which papers the lane of an offer will need, and which of them its certificates are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from procurement.catalogue import gathering
from procurement.catalogue.gathering import Line, consignment_of, of_receivers
from procurement.catalogue.models.certificates import CertificateStanding
from procurement.catalogue.models.facts import Dealing, Use, market_of
from procurement.catalogue.rules.papers import Consignment, Requirement
from procurement.catalogue.rules.receivers import strictest
from procurement.catalogue.rules.worth import is_worthless
from procurement.leads.gathering.landed import usual_mode
from procurement.leads.gathering.needed import looked_up_on_lists
from procurement.leads.gathering.origins import imports, is_importers, origin_of, papers_of_importer
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.origins import Said
from procurement.leads.rules.readiness import Ready, in_order, ready
from procurement.requests.models import SupplyRequest
from procurement.suppliers.models.certificate import Certificate


@dataclass(frozen=True)
class Lane:
    """The way an offer would come, as far as it can be told before anything is ordered. `said`: the fact that gives its origin."""

    origin: str
    destination: str
    use: str
    dealing: str
    receiver: str
    mode: str
    on: date
    said: Said = Said.SELLER


def lanes_of(lead: SupplierLead, on: date, need: SupplyRequest | None = None) -> list[Lane]:
    """The lane of an offer, declared for what is claimed or needed, and behind it those that others of its facts give; none where no
    customs stands between. `need`: who uses the goods, where that is not the need the offer was made for.
    """
    need = need or (lead.line.supply_request if lead.line else None)
    routes = origin_of(lead).routes(lead.city.country)
    return [_lane(lead, need, country, by, on) for country, by in routes]


def _lane(lead: SupplierLead, need: SupplyRequest | None, origin: str, said: Said, on: date) -> Lane:
    return Lane(
        origin=origin,
        said=said,
        destination=lead.city.country,
        use=_use(lead, need),
        dealing=Dealing.DONATION if lead.kind == SupplierLead.Kind.DONATION else Dealing.PURCHASE,
        receiver=strictest(need.facility_kinds if need else ()),
        mode=usual_mode(lead).value,
        on=on,
    )


def _use(lead: SupplierLead, need: SupplyRequest | None) -> str:
    return lead.declared_use or (need.declared_use if need else Use.MEDICAL)


def readiness(lead: SupplierLead, lane: Lane, certificates: Iterable[Certificate]) -> list[Ready]:
    """Every paper of the lane, with how the offer's certificates stand to it. As many queries, however many of either there are."""
    asked = gathering.requirements(_consignment(lead, lane), on=lane.on)
    standings = list(
        CertificateStanding.objects.filter(standing=CertificateStanding.Standing.WORTHLESS).select_related(
            "kind"
        )
    )
    kinds = {row.kind for row in standings}
    held = looked_up_on_lists(lead, certificates, lane.on)
    worthless = {
        market: {
            kind.code
            for kind in kinds
            if is_worthless(kind, lead.product, market=market, on=lane.on, standings=standings)
        }
        for market in {market_of(lane.origin), market_of(lane.destination)}
    }
    ends = {"export": market_of(lane.origin), "import": market_of(lane.destination)}
    importers = [] if imports(lead, lane.destination) else papers_of_importer(lead)
    theirs = {one.pk for one in importers}
    theirs |= {one.pk for one in held if is_importers(lead, lane.destination, one)}
    every = [*held, *(one for one in importers if one not in held)]
    return in_order(ready(one, every, worthless[ends[one.rule.side]], lane.on, theirs) for one in asked)


def of_receiver(lead: SupplierLead, need: SupplyRequest, on: date) -> list[Requirement]:
    """The contradictions between what an offer is declared for and who will use its goods, as a need says: its own, or another that
    they are promised to. Those of every route the goods may come on, each rule's once: one query a route, none where it is declared
    for medical use.
    """
    if _use(lead, need) != Use.NON_MEDICAL:
        return []
    found: dict[str, Requirement] = {}
    for lane in lanes_of(lead, on, need):
        for one in of_receivers(_consignment(lead, lane), on=on):
            found.setdefault(one.rule.code, one)
    return list(found.values())


def _consignment(lead: SupplierLead, lane: Lane) -> Consignment:
    return consignment_of(
        [Line(lead.product, lane.use, lane.dealing)],
        origin=lane.origin,
        destination=lane.destination,
        consignee=lane.receiver,
        mode=lane.mode,
        on=lane.on,
    )
