"""suppliers, bank-accounts: companies as facts with their sources, shared between cities."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from partners.api.fields import Country, Currency
from partners.models.cities import City
from partners.models.people import Contact
from procurement.outreach.models import Inquiry
from procurement.suppliers.actions import companies, judgements, likely, merging
from procurement.suppliers.actions.accounts import (
    call_again,
    confirm_account,
    propose_account,
    retire_account,
)
from procurement.suppliers.models.account import BankAccount, mask
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.judgement import Standing
from procurement.suppliers.rules.merging import OURS, THEIRS
from procurement.suppliers.rules.rights import may_check
from workflow.doors.api import fields
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Edit, New, Numbered, Ref
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Made, Named, Row

COMPANY = (
    *("legal_name_local", "name_en", "country", "uscc", "role", "founded_on", "place", "address"),
    *("website", "email", "phone", "referred_by"),
)


class SupplierRow(Row):
    """A company, by what it says and what others saw."""

    place = Named("slug", allow_null=True)
    merged_into = Named(allow_null=True)

    class Meta:
        model = Supplier
        fields = ("reference", "status", *COMPANY, "merged_into", "created_at")


class StandingRow(Row):
    """What one's own city thinks of a company."""

    city = Named("slug")

    class Meta:
        model = Standing
        fields = ("city", "status", "starts_on", "ends_on", "reason")


class SupplierDetail(SupplierRow):
    """A company, with what one's own cities think of it. What other cities think stays theirs."""

    standings = StandingRow(many=True)

    class Meta:
        model = Supplier
        fields = (*SupplierRow.Meta.fields, "standings")


class NewSupplier(New):
    """A company to enter."""

    place = Ref(City, "slug", required=False, allow_null=True)
    country = Country()
    contact = Numbered(Contact, required=False, allow_null=True)
    inquiry = Ref(Inquiry, required=False, allow_null=True)
    another_because = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=300,
        help_text="Where it looks like a listed company: why it is another one. It stands in its history.",
    )

    class Meta:
        model = Supplier
        fields = (*COMPANY, "contact", "inquiry", "another_because")


class SupplierEdit(Edit):
    """Facts of a company to correct."""

    place = Ref(City, "slug", allow_null=True)
    country = Country()

    reason = fields.reason(allow_blank=True)

    class Meta:
        model = Supplier
        fields = (*COMPANY, "reason")


class SupplierFilter(Searched):
    """Which companies."""

    status = ChoiceFilter(choices=Supplier.Status.choices)
    uscc = CharFilter(help_text="The company's number, as it is written in the register.")
    country = CharFilter()
    role = ChoiceFilter(choices=Supplier.Role.choices)
    place = CharFilter("place__slug", help_text="The city the company is in.")


class Suppliers(Collection):
    """Companies. Facts are shared between cities; a city's judgement of a company is its own."""

    model = Supplier
    path = "suppliers"
    row = SupplierRow
    whole = SupplierDetail
    filterset_class = SupplierFilter
    orders = {"legal_name_local": "legal_name_local"}
    begin = Verb(likely.enter, body=NewSupplier, me="entered_by")
    verbs = {
        "correct": Verb(companies.correct, body=SupplierEdit),
        "merge": Verb(
            merging.merge,
            into=Ref(Supplier),
            keep=serializers.DictField(
                child=serializers.ChoiceField([OURS, THEIRS]),
                required=False,
                help_text="Of facts in which the rows differ, by their names: whose value stays, of the row that is merged (ours) "
                "or of the other (theirs, also where nothing is said).",
            ),
            reason=fields.reason(),
        ),
        "part": Verb(merging.part, reason=fields.reason()),
        "judge": Verb(
            judgements.judge,
            who=may_check,
            city=Ref(City, "slug"),
            status=serializers.ChoiceField(Standing.Status.choices),
            reason=fields.reason(),
            starts_on=serializers.DateField(),
            ends_on=serializers.DateField(required=False, allow_null=True),
        ),
    }

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With the standings this person may see."""
        standings = Standing.objects.visible_to(self.by).select_related("city").order_by("pk")
        return super().for_detail(rows).prefetch_related(Prefetch("standings", standings))


class BankAccountRow(Row):
    """Where a company wants to be paid. Of its number, the last four characters are told."""

    supplier = Named()
    number = Made("number", by=mask)
    proposed_by = Named("name")
    confirmed_by = Named("name", allow_null=True)
    phone = serializers.IntegerField(
        source="phone_id",
        allow_null=True,
        help_text="The company fact by which a contact confirmed the number.",
    )

    class Meta:
        model = BankAccount
        fields = (
            *("id", "status", "supplier", "holder", "number", "bank", "country", "currency"),
            *("proposed_by", "confirmed_by", "called_back_on", "phone", "cooling_until", "created_at"),
        )


class NewBankAccount(New):
    """An account to enter. It counts once a second person has called back and it has cooled."""

    supplier = Ref(Supplier)
    country = Country()
    currency = Currency(required=False, allow_blank=True)

    class Meta:
        model = BankAccount
        fields = ("supplier", "holder", "number", "bank", "country", "currency")


class BankAccountFilter(Searched):
    """Which accounts."""

    search = search_in("Words in the holder's or the bank's name, in any script. Not the number.")
    status = ChoiceFilter(choices=BankAccount.Status.choices)
    supplier = CharFilter("supplier__reference")


def _called() -> serializers.CharField:
    return serializers.CharField(
        max_length=60, help_text="The number that was called: one that a contact confirmed (company-facts)."
    )


class BankAccounts(Collection):
    """Accounts of companies, each confirmed by a second person before anything is paid into it."""

    model = BankAccount
    path = "bank-accounts"
    key = "id"
    row = BankAccountRow
    filterset_class = BankAccountFilter
    orders = {"holder": "holder"}
    begin = Verb(propose_account, body=NewBankAccount, me="proposed_by")
    verbs = {
        "confirm": Verb(confirm_account, me="confirmed_by", called_back_on=_called()),
        "call-again": Verb(call_again, me="confirmed_by", called_back_on=_called()),
        "retire": Verb(retire_account, reason=fields.reason()),
    }
