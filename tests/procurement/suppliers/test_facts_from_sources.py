"""Tests of facts about a company that sources state: recorded, compared and settled.

They also cover the phone number that a contact confirmed.
"""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.suppliers.actions.facts import confirm_phone, record_fact, retract_fact, select_fact_value
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.statuses import declare_interest
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.rules.bank_accounts import confirmed_phone
from procurement.suppliers.rules.facts import compare_sources
from tests.worlds.cities import own_link
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT
from workflow.errors import Refused

TODAY = AT.date()


def record_fact_of(story, name, value, company=None, **facts):
    given = {"stated_by": "its letter", "stated_on": TODAY, **facts}
    return record_fact(
        company or story.supplier,
        name,
        value,
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
        **given,
    )


def select_value(story, row):
    officer = story.officer
    return select_fact_value(row, reason="it is so", settled_by=officer.user, by=officer.by, at=AT)


def compared_values(story, name):
    company = story.supplier.current_row
    company.refresh_from_db()
    now = {one: str(getattr(company, one, "") or "") for one in SupplierFact.FactName.values}
    return {one.name: one for one in compare_sources(now, SupplierFact.objects.about_supplier(company))}[name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("legal_name_local", " "),
        ("name_en", "x" * 201),
        ("address", "x" * 301),
        ("uscc", "9" * 31),
        ("founded_on", "last year"),
        ("role", "king"),
        ("country", "C1"),
        ("country", "China"),
        ("capacity", "many"),
        ("capacity", "1000000001"),
        ("email", "nobody"),
        ("phone", "by day"),
        ("website", "ask the sales office"),
    ],
)
def test_invalid_supplier_fact_value_is_refused(story, name, value):
    with pytest.raises(Refused) as no:
        record_fact_of(story, name, value)
    assert (no.value.code, no.value.details["field"]) == ("bad_value", "value")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"stated_by": "  "}, "stated_by"),
        ({"stated_on": TODAY + timedelta(days=2)}, "stated_on"),
        ({"stated_on": date(19, 1, 1)}, "stated_on"),
    ],
)
def test_supplier_fact_without_a_source_or_with_a_future_date_is_refused(story, facts, field):
    with pytest.raises(Refused) as no:
        record_fact_of(story, "phone", "123", **facts)
    assert no.value.details["field"] == field
    assert not SupplierFact.objects.exists()


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("founded_on", "2012-03-01", date(2012, 3, 1)),
        ("role", "trader", "trader"),
        ("country", "hk", "HK"),
        ("email", "sales@kanghu.example", "sales@kanghu.example"),
        ("phone", "+86 760 0000 0000", "+86 760 0000 0000"),
        ("name_en", "Kanghu DEMO", "Kanghu DEMO"),
    ],
)
def test_settling_a_fact_writes_its_value_into_the_company(story, name, value, kept):
    row = select_value(story, record_fact_of(story, name, value))
    story.supplier.refresh_from_db()
    assert getattr(story.supplier, name) == kept
    assert (row.status, row.settled_by, row.because) == ("selected", story.officer.user, "it is so")


def test_daily_capacity_fact_stays_with_its_source_only(story):
    row = select_value(story, record_fact_of(story, "capacity", "50000", how="seen"))
    assert (compared_values(story, "capacity").sources, compared_values(story, "capacity").value) == (
        [row],
        "",
    )


def test_retracting_a_fact_without_comparison_does_not_rescreen_offers(story):
    lead = story.lead(story.line())
    row = record_fact_of(story, "website", "https://kanghu.example")
    retract_fact(row, reason="a slip", by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert (row.status, lead.changed_facts) == ("retracted", [])


def test_differing_sources_are_shown_side_by_side_until_settled(story):
    first = record_fact_of(story, "address", "12 Zhongshan Road, Zhongshan")
    assert not compared_values(story, "address").sources_differ  # the row itself has no address yet
    second = record_fact_of(story, "address", "99 Nanlang Street, Zhongshan", how="licence")
    assert compared_values(story, "address").sources_differ
    select_value(story, second)
    assert not compared_values(story, "address").sources_differ
    assert str(second) == "Address: 99 Nanlang Street, Zhongshan".replace("Address", "address")
    third = record_fact_of(story, "address", "7 Xiqu Lane, Zhongshan")
    assert compared_values(story, "address").sources_differ
    select_value(story, third)
    second.refresh_from_db()
    assert (second.status, second.because) == ("recorded", "it is so")
    retract_fact(first, reason="another company", by=story.officer.by, at=AT)
    assert len(compared_values(story, "address").sources) == 3
    select_value(story, second)
    assert story.supplier.current_row.address_key


def test_equal_values_in_another_notation_are_not_a_difference(story):
    correct_supplier(story.supplier, SupplierEdit(phone="0086 760-0000-0000"), by=story.officer.by, at=AT)
    record_fact_of(story, "phone", "+86 760 0000 0000")
    assert not compared_values(story, "phone").sources_differ
    record_fact_of(story, "phone", "+86 760 1111 1111")
    assert compared_values(story, "phone").sources_differ


def test_settling_a_fact_used_by_offers_rescreens_them(story):
    lead = submitted_offer(story)
    row = record_fact_of(story, "founded_on", "2020-03-01", how="licence")
    assert rescreen_changed_offers(AT) == 0
    select_value(story, row)
    assert rescreen_changed_offers(AT) == 1
    assert lead.findings.filter(code="company_young", status="open").exists()
    select_value(story, record_fact_of(story, "founded_on", "2020-03-01"))
    assert rescreen_changed_offers(AT) == 0


def test_fact_about_a_merged_row_belongs_to_the_remaining_company(story):
    other = story.company("中山康护集团 DEMO")
    row = record_fact_of(story, "website", "kanghu.example", other)
    merge_suppliers(other, into=story.supplier, reason="one company", by=story.officer.by, at=AT)
    assert compared_values(story, "website").sources == [row]
    select_value(story, row)
    story.supplier.refresh_from_db()
    assert story.supplier.website == "kanghu.example"
    assert record_fact_of(story, "website", "kanghu.example", other).supplier == story.supplier


def test_phone_number_counts_only_while_a_contacts_confirmation_stands(story):
    def confirmed(number="0086 760 0000 0000"):
        company = story.supplier
        return (
            confirmed_phone(number, company, SupplierFact.objects.confirmed_phones(company, ())) is not None
        )

    record_fact_of(story, "phone", "+86 760 0000 0000", how="phoned")  # from none of the contacts
    record_fact_of(story, "phone", "+86 760 0000 0000", contact=story.contact)  # the contact did not call it
    assert not confirmed()
    row = confirm_phone(
        story.supplier,
        "+86 760 0000 0000",
        how="phoned",
        contact=story.contact,
        stated_on=TODAY,
        entered_by=story.contact.user,
        by=own_link(story.contact),
        at=AT,
    )
    assert row.stated_by == story.contact.organization.name_en
    assert confirmed()
    assert not confirmed("+86 760 1111 1111")
    assert not confirmed("by night")
    retract_fact(row, reason="the number is another's", by=story.officer.by, at=AT)
    assert not confirmed()


def test_contact_with_an_interest_cannot_confirm_a_phone_number(story):
    me = own_link(story.contact)
    declare_interest(story.supplier, story.contact.user, words="a share", by=me, at=AT)
    with pytest.raises(Refused) as no:
        confirm_phone(
            story.supplier,
            "123456",
            how="phoned",
            contact=story.contact,
            stated_on=TODAY,
            entered_by=story.contact.user,
            by=me,
            at=AT,
        )
    assert no.value.code == "interested"


def test_phone_number_cannot_be_confirmed_in_the_name_of_another_contact(story):
    with pytest.raises(Refused) as no:
        confirm_phone(
            story.supplier,
            "123456",
            how="phoned",
            contact=story.contact,
            stated_on=TODAY,
            entered_by=story.checker.user,
            by=own_link(story.checker),
            at=AT,
        )
    assert no.value.code == "not_allowed"


def test_database_rejects_incomplete_supplier_facts(story):
    row = select_value(story, record_fact_of(story, "phone", "123456"))
    for wrong in ({"value": ""}, {"stated_by": ""}, {"because": ""}, {"settled_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SupplierFact.objects.filter(pk=row.pk).update(**wrong)
