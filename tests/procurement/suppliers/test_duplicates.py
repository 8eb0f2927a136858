"""Tests of duplicate companies: named when a similar one is entered, and merged side by side.

They also cover registration numbers by country.
"""

import pytest

from procurement.leads.screening.finding_messages import finding_sentence
from procurement.suppliers.actions.bank_accounts import propose_account
from procurement.suppliers.actions.duplicate_search import add_supplier_unless_duplicate, find_duplicates
from procurement.suppliers.actions.merging import merge_suppliers, unmerge_supplier
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.registration_numbers import is_malformed_number, number_format_of
from procurement.suppliers.rules.suppliers import compare_suppliers
from tests.worlds.leads import enter_certificate, findings_by_code, submitted_offer
from tests.worlds.need_to_order import AT
from workflow.errors import Refused
from workflow.journal.entries import history_of


def similar_by_reason(account="", **facts):
    new = Supplier(**{"legal_name_local": "Another Name Altogether", "country": "CN", **facts})
    return {one.supplier.reference: one.reasons for one in find_duplicates(new, account=account)}


@pytest.fixture
def known_company(story):
    company = correct_supplier(
        story.supplier,
        SupplierEdit(
            name_en="Zhongshan Kanghu Protection DEMO",
            uscc="91330100799655058B",
            phone="+86 760 0000 0000",
            address="12 Zhongshan Road, Zhongshan",
        ),
        by=story.officer.by,
        at=AT,
    )
    story.account(company)
    return company


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"uscc": "9133 0100 7996 5505 8B"}, ["number"]),
        ({"phone": "0086-760-0000-0000"}, ["phone"]),
        ({"address": "12, Zhongshan Road Zhongshan"}, ["address"]),
        ({"legal_name_local": "中山康护用品有限公司"}, ["name"]),
        ({"name_en": "zhongshan kanghu protection co., ltd."}, ["name"]),
        ({"legal_name_local": "中山康护防护用品"}, ["near"]),
        ({"legal_name_local": "Zhongshan Kanghu Protektion"}, ["near"]),
        ({"name_en": "Zhongshan Kangfu Protections"}, ["near"]),
        ({"legal_name_local": "中山安护"}, None),
        ({"legal_name_local": "有限公司"}, None),
        ({"legal_name_local": "Foshan Anlan Medical"}, None),
        ({"legal_name_local": "康护"}, None),
    ],
)
def test_known_company_with_same_name_number_or_contact_is_named_as_duplicate_with_its_reason(
    known_company, facts, why
):
    assert similar_by_reason(**facts) == ({known_company.reference: why} if why else {})


def test_company_is_not_similar_to_a_row_merged_into_it(story, known_company):
    twin = story.company("Zhongshan Kanghu Protektion DEMO")
    assert find_duplicates(known_company)[0].supplier == twin
    merge_suppliers(twin, into=known_company, reason="One company.", by=story.officer.by, at=AT)
    assert find_duplicates(known_company) == []


def test_bank_account_number_identifies_a_similar_company(story, known_company):
    number = known_company.bank_accounts.get().number
    assert similar_by_reason(account=f"{number[:4]} {number[4:]}") == {known_company.reference: ["account"]}
    assert find_duplicates(known_company, account=number) == [], "a company is not like itself"
    other = story.company("别的公司 DEMO")
    assert find_duplicates(other) == []
    known_company.bank_accounts.update(supplier=other)
    propose_account(
        known_company,
        holder="Kanghu DEMO",
        number=number,
        bank="Bank DEMO",
        country="CN",
        proposed_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    (found,) = find_duplicates(known_company)
    assert (found.supplier, found.reasons) == (other, ["account"])


def test_most_similar_company_is_listed_first(story, known_company):
    near = story.company("中山康护防护用品 DEMO")
    both = similar_by_reason(legal_name_local="中山康护用品", phone="+86 760 0000 0000")
    assert list(both.items()) == [(known_company.reference, ["phone", "name"]), (near.reference, ["near"])]


def enter_unless_duplicate(story, **facts):
    given = {"legal_name_local": "中山康护用品", "country": "CN", **facts}
    return add_supplier_unless_duplicate(entered_by=story.officer.user, by=story.officer.by, at=AT, **given)


def test_entering_a_similar_company_requires_a_reason(story, known_company):
    with pytest.raises(Refused) as no:
        enter_unless_duplicate(story)
    assert (no.value.code, no.value.details["field"]) == ("looks_alike", "another_because")
    assert known_company.reference in str(no.value.message)
    made = enter_unless_duplicate(story, another_because="It is its sister in Foshan.")
    assert history_of(made).get(verb="list").reason == "It is its sister in Foshan."
    assert enter_unless_duplicate(story, legal_name_local="Anlan Medical").status == "listed"


def merge_into(story, ours, theirs, **keep):
    return merge_suppliers(ours, into=theirs, keep=keep, reason="one company", by=story.officer.by, at=AT)


def test_merge_keeps_the_chosen_value_and_records_the_other_as_a_fact(story, known_company):
    other = story.company("中山康护集团 DEMO")
    correct_supplier(
        other,
        SupplierEdit(
            phone="+86 760 1111 1111", website="kanghu.example", address="99 Nanlang Street, Zhongshan"
        ),
        by=story.officer.by,
        at=AT,
    )
    rows = {one.name: one for one in compare_suppliers(other, known_company)}
    assert (rows["phone"].values_differ, rows["website"].values_differ, rows["country"].values_differ) == (
        True,
        False,
        False,
    )
    assert "email" not in rows
    merge_into(story, other, known_company, phone="ours", address="theirs")
    known_company.refresh_from_db()
    assert (known_company.phone, known_company.website) == ("+86 760 1111 1111", "kanghu.example")
    assert known_company.address == "12 Zhongshan Road, Zhongshan"
    beside = {
        (one.name, one.value, one.stated_by)
        for one in SupplierFact.objects.about_supplier(known_company).filter(contact=None)
    }
    assert beside == {
        ("phone", "+86 760 0000 0000", known_company.reference),
        ("address", "99 Nanlang Street, Zhongshan", other.reference),
        ("legal_name_local", "中山康护集团 DEMO", other.reference),
    }


def test_companies_with_equal_values_merge_without_choices(story):
    other = story.company("中山康护用品有限公司")
    merge_into(story, other, story.supplier)
    assert not SupplierFact.objects.exists()
    assert story.supplier.current_row.pk == other.current_row.pk


@pytest.mark.parametrize(
    ("country", "number", "malformed"),
    [
        ("CA", "12302 6635", False),
        ("CA", "12302 6645", True),
        ("US", "04-2103594", False),
        ("US", "042", True),
        ("KR", "116-82-00276", False),
        ("JP", "5-8356-7825-6246", False),
        ("JP", "5-8356-7825-6247", True),
        ("TW", "00501503", False),
        ("SG", "00192200M", False),
        ("FI", "2077474-0", False),
        ("FI", "2077474-1", True),
        ("HK", "anything", False),
        ("CA", "", False),
    ],
)
def test_registration_number_is_checked_in_the_format_of_its_country(country, number, malformed):
    assert is_malformed_number(country, number) is malformed


def test_malformed_registration_number_finding_names_the_countrys_register(story):
    lead = submitted_offer(story)
    who = {"by": story.officer.by, "at": AT}
    correct_supplier(story.supplier, SupplierEdit(country="CA", uscc="12302 6635"), **who)
    assert "number_malformed" not in findings_by_code(lead)
    correct_supplier(story.supplier, SupplierEdit(uscc="12302 6645"), **who)
    found = findings_by_code(lead)["number_malformed"]
    assert found.severity == "warn"
    assert (
        finding_sentence(found.code, found.figures)
        == "Registration number 123026645 does not have the format of a BN (CA)."
    )
    assert number_format_of("HK") is None


def test_undone_merge_restores_the_rows_own_data(story, known_company):
    other = story.company("中山康护集团 DEMO")
    mine, theirs = (
        enter_certificate(story, other, number="CNAS L0002"),
        enter_certificate(story, known_company),
    )
    account = story.account(other)
    merge_into(story, other, known_company)
    assert set(known_company.certificates.all()) == {mine, theirs}
    unmerge_supplier(other, reason="two companies after all", by=story.officer.by, at=AT)
    other.refresh_from_db()
    assert (other.status, other.merged_into) == ("listed", None)
    assert (list(other.certificates.all()), list(known_company.certificates.all())) == ([mine], [theirs])
    assert account in other.bank_accounts.all()
    with pytest.raises(Refused):
        unmerge_supplier(other, reason="again", by=story.officer.by, at=AT)


def test_rows_of_one_company_are_updated_by_merging_and_unmerging(
    story, known_company, django_assert_num_queries
):
    other = story.company("中山康护集团 DEMO")
    assert (known_company.row_ids, other.row_ids) == ([known_company.pk], [other.pk])
    merge_into(story, other, known_company)
    assert known_company.row_ids == other.row_ids == [known_company.pk, other.pk]
    with django_assert_num_queries(0):
        assert known_company.row_ids == [known_company.pk, other.pk]
    unmerge_supplier(other, reason="two companies after all", by=story.officer.by, at=AT)
    assert other.row_ids == [other.pk]
    assert Supplier.objects.get(pk=known_company.pk).row_ids == [known_company.pk]
