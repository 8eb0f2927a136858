"""URLs of objects below /api/v1/, such as `supply-requests/SR-2026-0042`.

They are resolved to objects that the caller may see, and added to rows.
"""

from collections import defaultdict
from typing import Any

from django.db.models import Model, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partners import api_urls
from procurement.allocations.api import AllocationViewSet
from procurement.allocations.plans.api import AllocationPlanViewSet
from procurement.audit_files.api import AuditFileViewSet
from procurement.catalogue.api.reference_rows import (
    CertificateTypeViewSet,
    CustomsRuleViewSet,
    DutyReliefViewSet,
    InspectionPointViewSet,
    NotifiedBodyViewSet,
    ProductViewSet,
    StandardViewSet,
)
from procurement.customs.api import CustomsClearanceViewSet, CustomsHoldViewSet, DeclarationViewSet
from procurement.customs.duty_relief.api import ReliefClaimViewSet
from procurement.distribution.api import DistributionViewSet
from procurement.documents.api import (
    CustomsDocumentViewSet,
    DocumentRequestViewSet,
    DocumentSubmissionViewSet,
)
from procurement.generated_documents.api import GeneratedDocumentViewSet
from procurement.leads.api.exchange_rates import ManualRateViewSet
from procurement.leads.api.leads import FindingViewSet, SupplierLeadViewSet
from procurement.orders.acknowledgements.api import OrderAcknowledgementViewSet
from procurement.orders.api.orders import OrderViewSet
from procurement.orders.decision_memos.api import DecisionMemoViewSet
from procurement.orders.payments.api import PaymentViewSet
from procurement.outreach.api.consents import ConsentViewSet
from procurement.outreach.api.inquiries import InquiryViewSet
from procurement.outreach.letter_templates.api import LetterTemplateViewSet
from procurement.quality.api import InspectionViewSet, LotViewSet
from procurement.receiving.api import DestructionViewSet, DiscrepancyViewSet, GoodsReceiptViewSet
from procurement.requests.api import SupplyRequestViewSet
from procurement.requests.unwanted_goods.api import UnwantedGoodsViewSet
from procurement.sanctions.api import WatchlistEntryViewSet, WatchlistMatchViewSet, WatchlistViewSet
from procurement.shipments.api import ShipmentViewSet
from procurement.suppliers.api.certificates import CertificateViewSet
from procurement.suppliers.api.facts import SupplierFactViewSet
from procurement.suppliers.api.register_lookups import RegisterLookupViewSet
from procurement.suppliers.api.suppliers import BankAccountViewSet, SupplierViewSet
from procurement.thanks.api import ThankYouViewSet
from procurement.tracking.api import MilestoneViewSet, TrackingBatchViewSet, TrackingEventViewSet
from procurement.verification.api import CheckReportViewSet, VerificationTaskViewSet
from procurement.webhooks.api import WebhookEndpointViewSet
from workflow.actors import Actor
from workflow.api.fast_serializers import NULLABLE_TEXT_SCHEMA, ComputedField
from workflow.api.filters import SearchFilterSet
from workflow.api.viewsets import CollectionViewSet
from workflow.errors import Refused

COLLECTIONS_WITH_OBJECTS: tuple[type[CollectionViewSet], ...] = (
    *api_urls.COLLECTIONS,
    *(ProductViewSet, StandardViewSet, InspectionPointViewSet, CertificateTypeViewSet, NotifiedBodyViewSet),
    *(CustomsRuleViewSet, DutyReliefViewSet),
    *(SupplyRequestViewSet, UnwantedGoodsViewSet),
    *(InquiryViewSet, ConsentViewSet, LetterTemplateViewSet),
    *(SupplierViewSet, SupplierFactViewSet, RegisterLookupViewSet, CertificateViewSet, BankAccountViewSet),
    *(WatchlistViewSet, WatchlistEntryViewSet, WatchlistMatchViewSet),
    *(SupplierLeadViewSet, FindingViewSet, ManualRateViewSet),
    *(VerificationTaskViewSet, CheckReportViewSet),
    *(AllocationViewSet, AllocationPlanViewSet),
    *(OrderViewSet, OrderAcknowledgementViewSet, PaymentViewSet, DecisionMemoViewSet, AuditFileViewSet),
    *(ShipmentViewSet, MilestoneViewSet, TrackingEventViewSet, TrackingBatchViewSet),
    *(CustomsClearanceViewSet, DeclarationViewSet, CustomsDocumentViewSet, CustomsHoldViewSet),
    *(DocumentRequestViewSet, DocumentSubmissionViewSet),
    *(
        GoodsReceiptViewSet,
        DiscrepancyViewSet,
        LotViewSet,
        InspectionViewSet,
        DistributionViewSet,
        DestructionViewSet,
    ),
    GeneratedDocumentViewSet,
    *(ReliefClaimViewSet, ThankYouViewSet),
    WebhookEndpointViewSet,
)
MAX_KEY_LENGTH = 80
COLLECTION_BY_PATH = {collection.path: collection for collection in COLLECTIONS_WITH_OBJECTS}
COLLECTION_BY_LABEL = {
    collection.model._meta.label_lower: collection for collection in COLLECTIONS_WITH_OBJECTS
}
CITY_HELP_TEXT = (
    "Where the thing is no city's own: which of your cities reads this. Needed only from a person who writes for "
    "several cities."
)


def object_at_path(address: str, by: Actor) -> Model | None:
    """Return the object of an address, or None if the caller may not see it."""
    path, _slash, key = address.partition("/")
    collection = COLLECTION_BY_PATH.get(path)
    if collection is None or not 0 < len(key) <= MAX_KEY_LENGTH or "\0" in key:
        return None
    if collection.lookup_field == "id" and not _is_id(key):
        return None
    rows: QuerySet[Any] = collection.model._default_manager.visible_to(by)  # type: ignore[attr-defined]  # of our QuerySets
    found: Model | None = rows.filter(**{collection.lookup_field: key}).first()
    return found


def _is_id(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 19


def add_object_paths(values: list[dict[str, Any]]) -> None:
    """Replace label and id by the address in the `about` of each row.

    One query for any number of kinds of objects among the rows.
    """
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for row in values:
        label, pk = row["about"]
        if label in COLLECTION_BY_LABEL:
            ids[label].add(pk)
    known = _object_keys(ids)
    for row in values:
        label, pk = row["about"]
        key = known.get((label, pk))
        row["about"] = None if key is None else f"{COLLECTION_BY_LABEL[label].path}/{key}"


def _object_keys(ids: dict[str, set[int]]) -> dict[tuple[str, int], Any]:
    """Return the key of each object in its collection, by label and id."""
    keys: dict[tuple[str, int], Any] = {}
    kinds: list[QuerySet[Any, Any]] = []
    for label, pks in ids.items():
        collection = COLLECTION_BY_LABEL[label]
        if collection.lookup_field == "id":
            keys |= {(label, pk): pk for pk in pks}
        else:
            rows = collection.model._default_manager.filter(pk__in=pks).order_by()
            kinds.append(rows.values_list(Value(label), "pk", Cast(collection.lookup_field, TextField())))
    if kinds:
        keys |= {(label, pk): key for label, pk, key in kinds[0].union(*kinds[1:], all=True)}
    return keys


def object_path_field() -> ComputedField:
    """Return the field for the object that a row is about. `add_object_paths` fills in its address."""
    return ComputedField(
        "thing_label", "thing_id", by=lambda label, pk: (label, pk), kind=NULLABLE_TEXT_SCHEMA
    )


@extend_schema_field(OpenApiTypes.STR)
class ObjectPathField(serializers.Field[Any, Any, Any, Any]):
    """Field for an object, given by its address. An object that the caller may not see is unknown here."""

    default_error_messages = {
        "no_thing": _(
            "This item does not exist, or you cannot see it. Use a reference such as supply-requests/SR-2026-0042."
        )
    }

    def to_internal_value(self, data: Any) -> Any:
        """Return the object if the caller may see it."""
        thing = object_at_path(data, self.context["by"]) if isinstance(data, str) else None
        if thing is None:
            self.fail("no_thing")
        return thing


class ObjectFilterSet(SearchFilterSet):
    """Filter for rows about one object."""

    row_dependent_filters = frozenset({"about"})  # whether the caller may see the object

    about = CharFilter(
        method="filter_by_object", help_text="The thing's address: supply-requests/SR-2026-0042."
    )

    def filter_by_object(self, rows: QuerySet[Any], name: str, address: str) -> QuerySet[Any]:
        """Return the rows about the object. Refuses an object that the caller may not see."""
        thing = object_at_path(address, self.request.by)
        if thing is None:
            raise Refused("no_thing", ObjectPathField.default_error_messages["no_thing"], parameter="about")
        return rows.filter(thing_label=thing._meta.label_lower, thing_id=thing.pk)
