"""API collections suppliers and bank-accounts: facts about companies, shared between cities."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from partners.api_fields import CountryField, CurrencyField
from partners.cities.models import City
from partners.contacts.models import Contact
from procurement.outreach.models.inquiries import Inquiry
from procurement.suppliers.actions.duplicate_search import add_supplier_unless_duplicate
from procurement.suppliers.actions.statuses import set_status
from procurement.suppliers.models.bank_accounts import BankAccount, masked_number
from procurement.suppliers.models.statuses import SupplierStatus
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.bank_accounts import (
    CONFIRM_ACCOUNT,
    ENTER_ACCOUNT,
    RECORD_CALLBACK,
    RETIRE_ACCOUNT,
)
from procurement.suppliers.rules.permissions import may_review_supplier
from procurement.suppliers.rules.suppliers import CORRECT, MERGE, OURS, THEIRS, UNMERGE
from workflow.api.fast_serializers import ComputedField, NamedReferenceField, RowSerializer
from workflow.api.fields import (
    CreateSerializer,
    EditSerializer,
    VisiblePrimaryKeyField,
    VisibleReferenceField,
    reason_field,
)
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations

SUPPLIER_FIELDS = (
    *("legal_name_local", "name_en", "country", "uscc", "role", "founded_on", "place", "address"),
    *("website", "email", "phone", "referred_by"),
)


class SupplierRowSerializer(RowSerializer):
    """Company, with the facts it states and those that others confirmed."""

    place = NamedReferenceField("slug", allow_null=True)
    merged_into = NamedReferenceField(allow_null=True)

    class Meta:
        model = Supplier
        fields = ("reference", "status", *SUPPLIER_FIELDS, "merged_into", "created_at")


class SupplierStatusRowSerializer(RowSerializer):
    """Supplier status that one of your cities gave a company."""

    city = NamedReferenceField("slug")

    class Meta:
        model = SupplierStatus
        fields = ("city", "status", "starts_on", "ends_on", "reason")


class SupplierDetailSerializer(SupplierRowSerializer):
    """Complete company, with the supplier status given by each of your cities.

    The statuses of other cities are not shown.
    """

    statuses = SupplierStatusRowSerializer(many=True)

    class Meta:
        model = Supplier
        fields = (*SupplierRowSerializer.Meta.fields, "statuses")


class NewSupplierSerializer(CreateSerializer):
    """Company to enter."""

    place = VisibleReferenceField(City, "slug", required=False, allow_null=True)
    country = CountryField()
    contact = VisiblePrimaryKeyField(
        Contact,
        required=False,
        allow_null=True,
        help_text="From whom it is known. A contact enters a company as their own: with their own id.",
    )
    inquiry = VisibleReferenceField(Inquiry, required=False, allow_null=True)
    another_because = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=300,
        help_text="Required if the company resembles a listed one: why it is a different company. Kept in its history.",
    )

    class Meta:
        model = Supplier
        fields = (*SUPPLIER_FIELDS, "contact", "inquiry", "another_because")


class SupplierEditSerializer(EditSerializer):
    """Facts of a company to correct."""

    place = VisibleReferenceField(City, "slug", allow_null=True)
    country = CountryField()

    reason = reason_field(allow_blank=True)

    class Meta:
        model = Supplier
        fields = (*SUPPLIER_FIELDS, "reason")


class SupplierFilter(SearchFilterSet):
    """Filters for companies."""

    status = ChoiceFilter(choices=Supplier.Status.choices)
    uscc = CharFilter(help_text="The company's number, as it is written in the register.")
    country = CharFilter()
    role = ChoiceFilter(choices=Supplier.Role.choices)
    place = CharFilter("place__slug", help_text="The city the company is in.")


class SupplierViewSet(CollectionViewSet):
    """Companies. Facts are shared between cities; each city's supplier status is its own."""

    model = Supplier
    path = "suppliers"
    list_serializer = SupplierRowSerializer
    detail_serializer = SupplierDetailSerializer
    filterset_class = SupplierFilter
    ordering_fields = {"legal_name_local": "legal_name_local"}
    create_action = MoveOperation(action=add_supplier_unless_duplicate, body=NewSupplierSerializer)
    move_actions = move_operations(
        MoveOperation(CORRECT, body=SupplierEditSerializer),
        MoveOperation(
            MERGE,
            into=VisibleReferenceField(Supplier),
            keep=serializers.DictField(
                child=serializers.ChoiceField([OURS, THEIRS]),
                required=False,
                help_text="Of facts in which the rows differ, by their names: whose value stays, of the row that is merged (ours) "
                "or of the other (theirs, also where nothing is said).",
            ),
        ),
        UNMERGE,
        set_status=MoveOperation(
            action=set_status,
            who=may_review_supplier,
            city=VisibleReferenceField(City, "slug"),
            status=serializers.ChoiceField(SupplierStatus.Status.choices),
            ends_on=serializers.DateField(required=False, allow_null=True),
        ),
    )

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with the supplier statuses that the caller may see."""
        statuses = SupplierStatus.objects.visible_to(self.by).select_related("city").order_by("pk")
        return super().detail_queryset(rows).prefetch_related(Prefetch("statuses", statuses))


class BankAccountRowSerializer(RowSerializer):
    """Bank account of a company. Only the last four characters of its number are shown."""

    supplier = NamedReferenceField()
    number = ComputedField("number", by=masked_number)
    proposed_by = NamedReferenceField("name")
    confirmed_by = NamedReferenceField("name", allow_null=True)
    phone = serializers.IntegerField(
        source="phone_id",
        allow_null=True,
        help_text="The company fact by which a contact confirmed the number.",
    )

    class Meta:
        model = BankAccount
        fields = (
            *("id", "status", "supplier", "holder", "number", "bank", "country", "currency"),
            *(
                "proposed_by",
                "confirmed_by",
                "callback_number",
                "phone",
                "waiting_period_ends_at",
                "created_at",
            ),
        )


class NewBankAccountSerializer(CreateSerializer):
    """Account to enter. It can be used after a call-back by a second person and a waiting period."""

    supplier = VisibleReferenceField(Supplier)
    country = CountryField()
    currency = CurrencyField(required=False, allow_blank=True)

    class Meta:
        model = BankAccount
        fields = ("supplier", "holder", "number", "bank", "country", "currency")


class BankAccountFilter(SearchFilterSet):
    """Filters for bank accounts."""

    search = search_filter("Words in the holder's or the bank's name, in any script. Not the number.")
    status = ChoiceFilter(choices=BankAccount.Status.choices)
    supplier = CharFilter("supplier__reference")


def _callback_number_field() -> serializers.CharField:
    return serializers.CharField(
        max_length=60, help_text="The number that was called: one that a contact confirmed (supplier-facts)."
    )


class BankAccountViewSet(CollectionViewSet):
    """Bank accounts of companies, each confirmed by a second person before a payment is made to it."""

    model = BankAccount
    path = "bank-accounts"
    lookup_field = "id"
    list_serializer = BankAccountRowSerializer
    filterset_class = BankAccountFilter
    ordering_fields = {"holder": "holder"}
    create_action = MoveOperation(ENTER_ACCOUNT, body=NewBankAccountSerializer)
    move_actions = move_operations(
        MoveOperation(CONFIRM_ACCOUNT, callback_number=_callback_number_field()),
        MoveOperation(RECORD_CALLBACK, callback_number=_callback_number_field()),
        RETIRE_ACCOUNT,
    )
