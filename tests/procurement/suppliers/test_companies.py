"""Companies: what cannot be said of one, both its names compared, and rows that turned out to be one company."""

from datetime import date, timedelta

import pytest

from procurement.catalogue.formats import judge_number, uscc_fault
from procurement.catalogue.models.certificates import CertificateKind
from procurement.leads.actions.deciding import reject
from procurement.leads.actions.findings import look_again
from procurement.leads.anew import rescreen_changed
from procurement.leads.models.offer import SupplierLead
from procurement.orders.actions import deciding, payments
from procurement.orders.actions.making import use_account
from procurement.orders.models.order import Order
from procurement.suppliers.actions import certificates, companies, judgements, merging
from procurement.suppliers.actions.accounts import confirm_account, propose_account
from procurement.suppliers.actions.judgements import declare_interest
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.judgement import Interest, Standing
from procurement.suppliers.rules.judgements import fault
from procurement.suppliers.rules.numbers import is_malformed
from procurement.verification.actions.opening import case_of
from tests.procurement.catalogue.book import make_kind
from tests.procurement.leads.play import drafted, offered
from tests.procurement.orders.play import LATE
from tests.procurement.refusals import refused
from tests.procurement.story import AT, Story
from tests.world import own_link
from workflow.errors import Refused

TODAY = AT.date()


def merged(story: Story, row: Supplier, into: Supplier) -> None:
    merging.merge(row, into=into, reason="one company", by=story.officer.by, at=AT)


def judged(story: Story, company: Supplier, status: str, **facts: object) -> Standing:
    given = {"reason": "holes in the gloves", "starts_on": date(2020, 4, 1), **facts}
    return judgements.judge(company, story.city, status, by=story.officer.by, at=AT, **given)


def claimed(story: Story, **facts: object) -> Certificate:
    given = {"number": "CNAS L0001", "entered_by": story.officer.user, **facts}
    kind = CertificateKind.objects.get(code="CN_TEST_CNAS")
    return certificates.claim(story.supplier, kind, by=story.officer.by, at=AT, **given)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"legal_name_local": "Anlan Medical Direct DEMO"}, {"name_en": "Anlan Medical Direct DEMO"}),
        ({"name_en": "ANLAN MEDICAL DIRECT Co., Ltd."}, {"name_en": "Anlan Medical Direct"}),
        ({"name_en": "安澜医疗有限公司"}, {"legal_name_local": "安澜医疗"}),
        ({"legal_name_local": "Ａｎｌａｎ　Ｍｅｄｉｃａｌ"}, {"name_en": "anlan-medical, inc."}),
    ],
)
def test_either_name_of_a_company_is_compared_with_both_of_another(story, mine, theirs):
    lead, other = offered(story), story.company("别的公司 DEMO")
    companies.correct(story.supplier, by=story.officer.by, at=AT, **mine)
    companies.correct(other, by=story.officer.by, at=AT, **theirs)
    lead.refresh_from_db()
    look_again(lead, at=AT)
    found = lead.findings.get(code="duplicate_company")
    assert (found.figures["others"], found.figures["same"]) == (other.reference, ["name"])
    assert [one.pk for one in companies.alike(other)] == [story.supplier.pk]


def test_companies_without_an_english_name_are_not_one_company(story):
    story.company("别的公司 DEMO")
    companies.correct(story.supplier, name_en="Co., Ltd.", by=story.officer.by, at=AT)
    assert companies.alike(story.supplier) == []


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"founded_on": date(2020, 4, 18)}, "founded_on"),
        ({"founded_on": date(9999, 12, 31)}, "founded_on"),
        ({"uscc": "㎏" * 16}, "uscc"),
    ],
)
def test_what_no_company_can_be_is_refused_at_its_field(story, facts, field):
    for act in (
        lambda: companies.correct(story.supplier, by=story.officer.by, at=AT, **facts),
        lambda: companies.add(
            legal_name_local="新公司",
            country="CN",
            entered_by=story.officer.user,
            by=story.officer.by,
            at=AT,
            **facts,
        ),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert no.value.details["field"] == field


def test_signs_that_grow_when_they_are_compared_are_kept_and_compared_as_far_as_there_is_room(story):
    long = "ﷺ" * 60  # 18 letters each, once folded
    companies.correct(
        story.supplier,
        legal_name_local=long,
        name_en=long,
        address=long,
        phone="⑩" * 60,
        by=story.officer.by,
        at=AT,
    )
    kept = Supplier.objects.get(pk=story.supplier.pk)
    assert kept.legal_name_local == long
    assert (len(kept.name_key), len(kept.name_en_key), len(kept.phone_key)) == (200, 200, 60)
    assert claimed(story, number="ﷺ" * 80).number == "ﷺ" * 80


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"issued_on": date(2020, 4, 2), "valid_until": date(2020, 4, 1)}, "valid_until"),
        ({"issued_on": date(202, 4, 2)}, "issued_on"),
        ({"valid_until": date(9999, 12, 31)}, "valid_until"),
    ],
)
def test_what_no_certificate_can_claim_is_refused_at_its_field(story, facts, field):
    known = claimed(story)
    with pytest.raises(Refused) as no:
        claimed(story, **facts)
    assert (no.value.code, no.value.details["field"]) == ("bad_day", field)
    with refused("bad_day", known):
        certificates.amend(known, by=story.officer.by, at=AT, **facts)


def test_a_certificate_of_one_day_is_noted(story):
    assert claimed(story, issued_on=TODAY, valid_until=TODAY).valid_until == TODAY


@pytest.mark.parametrize("number", ["—", " - ", "㎏" * 31])
def test_an_account_number_is_one(story, number):
    with pytest.raises(Refused) as no:
        propose_account(
            story.supplier,
            holder="Kanghu DEMO",
            number=number,
            bank="Bank DEMO",
            country="CN",
            proposed_by=story.officer.user,
            by=story.officer.by,
            at=AT,
        )
    assert no.value.details["field"] == "number"


@pytest.mark.parametrize(
    ("known", "status", "first", "last", "field"),
    [
        (None, "watched", 1, -16, "ends_on"),
        (None, "banned", 20, None, None),
        (("banned", 1, None), "approved", 17, None, "starts_on"),
        (("approved", 1, None), "banned", 17, None, "starts_on"),
        (("banned", 1, 15), "approved", 17, None, None),
        (("banned", 20, None), "banned", 18, None, None),
        (("banned", 1, None), "suspended", 16, 30, "ends_on"),
        (("watched", 1, 29), "suspended", 16, 28, "ends_on"),
        (("watched", 1, 28), "suspended", 16, 28, None),
        (("banned", 1, None), "banned", 16, 30, None),
        (("approved", 1, None), "suspended", 16, 30, None),
        (("banned", 1, None), "suspended", 16, None, None),
    ],
)
def test_no_harder_word_is_lifted_by_the_way(known, status, first, last, field):
    """Before a judgement begins or after it ends, something else holds: what was said before must not be gone by then."""

    def day(number):
        return None if number is None else date(2020, 4, 1) + timedelta(days=number - 1)

    rows = [Standing(status=known[0], starts_on=day(known[1]), ends_on=day(known[2]))] if known else []
    no = fault(rows, status, starts_on=day(first), ends_on=day(last), today=TODAY)
    assert (no and no.details["field"]) == field


def test_a_judgement_that_cannot_be_is_refused(story):
    judged(story, story.supplier, "banned")
    with refused("stands_today", story.supplier.standings.get()):
        judged(story, story.supplier, "approved", starts_on=date(2020, 4, 17))


@pytest.mark.parametrize("status", ["suspended", "banned"])
@pytest.mark.parametrize("kept_out_is", ["the one that stays", "the one that was merged"])
def test_a_company_kept_out_is_kept_out_under_whichever_row(story, status, kept_out_is):
    order, other = story.draft(), story.company("中山康护集团 DEMO")
    bad = other if kept_out_is == "the one that stays" else story.supplier
    judged(story, bad, status)
    if bad is other:
        deciding.approve(order, by=story.officer.by, at=AT)
        merged(story, story.supplier, into=other)
        rescreen_changed(AT)
        with refused("kept_out", order):
            deciding.place(order, by=story.officer.by, at=AT)
        return
    merged(story, story.supplier, into=other)
    rescreen_changed(AT)
    with refused("kept_out", order):
        deciding.approve(order, by=story.officer.by, at=AT)
    judged(story, other, "approved")  # of the company, whichever row was banned: else nobody could lift it
    assert deciding.approve(order, by=story.officer.by, at=AT).status == "approved"


def test_what_the_city_thinks_of_the_other_row_decides_the_checks_too(story):
    lead, other = offered(story), story.company("中山康护集团 DEMO")
    assert case_of(lead, TODAY).standing == ""
    judged(story, other, "watched")
    merged(story, story.supplier, into=other)
    lead = SupplierLead.objects.get(pk=lead.pk)
    assert case_of(lead, TODAY).standing == "watched"
    judged(story, lead.supplier, "watched", ends_on=date(2020, 4, 2))  # through the row that was merged
    assert case_of(SupplierLead.objects.get(pk=lead.pk), TODAY).standing == ""


def test_an_interest_in_the_other_row_is_an_interest_in_the_company(story):
    other, person = story.company("中山康护集团 DEMO"), story.contact.user
    me = own_link(story.contact)
    declare_interest(other, person, words="a share", by=me, at=AT)
    assert not Interest.objects.between(person.pk, story.supplier.pk)
    merged(story, story.supplier, into=other)
    assert Interest.objects.between(person.pk, story.supplier.pk)
    assert not Interest.objects.between(story.checker.user.pk, story.supplier.pk)


def test_a_new_account_of_the_row_that_stays_holds_payments_for_the_merged_one(story):
    order, other = story.placed(), story.company("中山康护集团 DEMO")
    ours = story.account()
    merged(story, story.supplier, into=other)
    order = Order.objects.get(pk=order.pk)
    ours.refresh_from_db()
    use_account(order, ours, reason="It is theirs now.", by=story.officer.by, at=AT)
    assert order.bank_account == ours
    story.account(other, confirmed=False)
    deposit = order.payments.get(milestone="deposit")
    with refused("not_ready", deposit) as caught:
        payments.propose(deposit, by=story.officer.by, at=LATE)
    assert "A new account" in str(caught.value)


def test_the_last_of_two_merges_against_each_other_is_refused(story):
    other = story.company("中山康护集团 DEMO")
    stale = Supplier.objects.get(pk=story.supplier.pk)
    merged(story, story.supplier, into=other)
    with pytest.raises(Refused) as no:
        merged(story, other, into=stale)
    assert no.value.code == "bad_merge"


@pytest.mark.parametrize(
    "typed", ["中山", "康护用品", "Kanghu", "kanghu protect", "外科口罩", "surgical", "chirurgical"]
)
def test_an_offer_is_found_by_its_companys_names_and_its_goods(story, typed):
    companies.correct(story.supplier, name_en="Zhongshan Kanghu Protection DEMO", by=story.officer.by, at=AT)
    lead = drafted(story)
    assert list(SupplierLead.objects.search(typed)) == [lead]
    assert list(SupplierLead.objects.search(f"{typed} {lead.reference}")) == [lead]
    assert list(SupplierLead.objects.search("佛山")) == []


def test_an_offer_is_found_by_the_names_its_company_has_now_even_when_it_has_ended(story):
    live, ended = offered(story), offered(story)
    reject(ended, reason="a trader without goods", by=story.officer.by, at=AT)
    companies.correct(story.supplier, name_en="Harbour Works DEMO", by=story.officer.by, at=AT)
    rescreen_changed(AT)
    assert set(SupplierLead.objects.search("Harbour")) == {live, ended}
    other = story.company("佛山安洁 DEMO")
    merged(story, story.supplier, into=other)
    rescreen_changed(AT)
    assert set(SupplierLead.objects.search("安洁")) == {live, ended}
    companies.correct(other, name_en="Lantern Works DEMO", by=story.officer.by, at=AT)
    rescreen_changed(AT)
    assert set(SupplierLead.objects.search("Lantern")) == {live, ended}


def test_a_city_changes_its_mind_about_a_company_in_the_same_row(story):
    first = judged(story, story.supplier, "watched", ends_on=date(2020, 4, 30))
    again = judged(story, story.supplier, "banned", starts_on=date(2020, 4, 10), reason="a second fake")
    assert again.pk == first.pk
    assert str(again) == f"{story.supplier}: Banned"
    assert (again.starts_on, again.ends_on, again.reason) == (date(2020, 4, 10), None, "a second fake")
    assert not again.holds_on(date(2020, 4, 9))
    assert again.holds_on(date(2021, 1, 1))


def test_an_account_is_not_confirmed_without_a_call(story):
    account = story.account(confirmed=False)
    with refused("not_called_back", account):
        confirm_account(
            account,
            called_back_on="  ",
            confirmed_by=story.approver.user,
            by=story.approver.by,
            at=AT,
        )


def test_a_company_with_nothing_to_compare_is_like_no_other(story):
    story.company("安澜医疗 DEMO")
    nameless = Supplier(legal_name_local="有限公司", entered_by=story.officer.user)
    assert companies.alike(nameless) == []


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("91330100799655058B", ""),
        ("A1110000600037341K", ""),  # what registered it is a letter
        ("9133010079965505", "length"),
        ("91330100799655058X", "check_digit"),
        ("9133010079965505IB", "characters"),
    ],
)
def test_what_is_wrong_with_a_company_number_is_said(number, fault):
    assert uscc_fault(number) == fault
    assert is_malformed("CN", number) == bool(fault)
    licence = make_kind("CN_USCC")
    assert judge_number(licence, number).ok == (not fault)


def test_a_certificate_is_found_by_its_reference_and_by_its_company(story):
    mine = claimed(story)
    assert list(Certificate.objects.search(mine.reference)) == [mine]
    assert list(Certificate.objects.search("康护")) == [mine]
    assert not Certificate.objects.search("CE-1999-9999").exists()


def test_an_interest_is_known_to_cities_and_to_the_person_alone(story):
    person = story.contact.user
    interest = declare_interest(story.supplier, person, words="a share", by=own_link(story.contact), at=AT)
    assert interest in Interest.objects.visible_to(story.stranger.by), (
        "whoever asks must know whom not to ask"
    )
    assert interest in Interest.objects.visible_to(own_link(story.contact))
    assert not Interest.objects.visible_to(own_link(story.checker)).exists()
