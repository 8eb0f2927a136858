"""Things by their own addresses below /api/v1/, `supply-requests/SR-2026-0042`: found for a caller, and put into rows."""

from collections import defaultdict
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partners import api
from procurement.api.allocations import Allocations
from procurement.api.catalogue import CertificateKinds, InspectionPoints, NotifiedBodies, Products, Standards
from procurement.api.certificates import Certificates
from procurement.api.facts import CompanyFacts
from procurement.api.goods.afterwards import ReliefClaims, ThanksPacks
from procurement.api.goods.arrivals import Inspections, Lots, Receipts
from procurement.api.goods.cases import DifferenceCases
from procurement.api.goods.customs import CustomsHolds, CustomsLanes, CustomsPapers, Declarations
from procurement.api.goods.customs_rules import CustomsRules, DutyReliefs
from procurement.api.goods.destructions import Destructions
from procurement.api.goods.hand_outs import HandOuts
from procurement.api.goods.handing import PaperCalls, PaperVersions
from procurement.api.goods.made import MadePapers
from procurement.api.goods.shipments import Shipments
from procurement.api.goods.tracking import Batches, Milestones, TrackingEvents
from procurement.api.leads import Findings, SupplierLeads
from procurement.api.lists import ListedNames, ListMatches, WatchLists
from procurement.api.lookups import LookUps
from procurement.api.orders.bundles import Bundles
from procurement.api.orders.memos import Memos
from procurement.api.orders.orders import Orders
from procurement.api.orders.payments import Payments
from procurement.api.outreach import Inquiries
from procurement.api.rates import EnteredRates
from procurement.api.requests import SupplyRequests
from procurement.api.suppliers import BankAccounts, Suppliers
from procurement.api.verification import Reports, VerificationTasks
from workflow.actors import Actor
from workflow.doors.api.collections import Collection
from workflow.doors.api.filters import Searched
from workflow.doors.api.reading import TEXT_OR_NONE, Made
from workflow.errors import Refused

STORY: tuple[type[Collection], ...] = (
    *api.COLLECTIONS,
    *(Products, Standards, InspectionPoints, CertificateKinds, NotifiedBodies),
    *(CustomsRules, DutyReliefs),
    SupplyRequests,
    Inquiries,
    *(Suppliers, CompanyFacts, LookUps, Certificates, BankAccounts),
    *(WatchLists, ListedNames, ListMatches),
    *(SupplierLeads, Findings, EnteredRates),
    *(VerificationTasks, Reports),
    Allocations,
    *(Orders, Payments, Memos, Bundles),
    *(Shipments, Milestones, TrackingEvents, Batches),
    *(CustomsLanes, Declarations, CustomsPapers, CustomsHolds),
    *(PaperCalls, PaperVersions),
    *(Receipts, DifferenceCases, Lots, Inspections, HandOuts, Destructions),
    MadePapers,
    *(ReliefClaims, ThanksPacks),
)
LONGEST_KEY = 80
BY_PATH = {collection.path: collection for collection in STORY}
BY_LABEL = {collection.model._meta.label_lower: collection for collection in STORY}
FOR = (
    "Where the thing is no city's own: which of your cities reads this. Asked of whoever writes for several."
)


def thing_at(address: str, by: Actor) -> Model | None:
    """The thing of an address, if this person sees it."""
    path, _slash, key = address.partition("/")
    collection = BY_PATH.get(path)
    if collection is None or not 0 < len(key) <= LONGEST_KEY or "\0" in key:
        return None
    if collection.key == "id" and not _is_id(key):
        return None
    rows: QuerySet[Any] = collection.model._default_manager.visible_to(by)  # type: ignore[attr-defined]
    found: Model | None = rows.filter(**{collection.key: key}).first()
    return found


def _is_id(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 19


def name_things(told: list[dict[str, Any]]) -> None:
    """Put the address of each row's thing for its label and id, one look-up for each kind of thing among the rows."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for row in told:
        label, pk = row["about"]
        ids[label].add(pk)
    known = {label: _keys(BY_LABEL[label], pks) for label, pks in ids.items() if label in BY_LABEL}
    for row in told:
        label, pk = row["about"]
        key = known.get(label, {}).get(pk)
        row["about"] = None if key is None else f"{BY_LABEL[label].path}/{key}"


def _keys(collection: type[Collection], pks: set[int]) -> dict[int, Any]:
    if collection.key == "id":
        return {pk: pk for pk in pks}
    return dict(collection.model._default_manager.filter(pk__in=pks).values_list("pk", collection.key))


def about() -> Made:
    """Which thing a row speaks of; `name_things` puts its address in place of the label and id."""
    return Made("thing_label", "thing_id", by=lambda label, pk: (label, pk), kind=TEXT_OR_NONE)


@extend_schema_field(OpenApiTypes.STR)
class About(serializers.Field[Any, Any, Any, Any]):
    """A thing by its address. One that the caller may not see does not exist here either."""

    default_error_messages = {
        "no_thing": _("There is no such thing, or none that you may see: supply-requests/SR-2026-0042.")
    }

    def to_internal_value(self, data: Any) -> Any:
        """The thing, if the caller sees it."""
        thing = thing_at(data, self.context["by"]) if isinstance(data, str) else None
        if thing is None:
            self.fail("no_thing")
        return thing


class AboutFilter(Searched):
    """Rows that speak of one thing."""

    about = CharFilter(method="of_thing", help_text="The thing's address: supply-requests/SR-2026-0042.")

    def of_thing(self, rows: QuerySet[Any], name: str, address: str) -> QuerySet[Any]:
        """The rows about it. Refuses a thing the caller does not see."""
        thing = thing_at(address, self.request.by)
        if thing is None:
            raise Refused("no_thing", About.default_error_messages["no_thing"], parameter="about")
        return rows.filter(thing_label=thing._meta.label_lower, thing_id=thing.pk)
