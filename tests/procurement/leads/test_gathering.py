"""What screening is given: read from the rows of the company, its papers, its accounts and its files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partners.roles import Power
from procurement.catalogue.models import CertificateKind, Product, Standard
from procurement.leads import actions
from procurement.suppliers import actions as suppliers
from tests.procurement.leads.test_offers import offered
from tests.procurement.refusals import refused
from tests.procurement.story import AT
from workflow import actions as workflow

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def codes(lead):
    actions.look_again(lead, at=AT)
    return {one.code: one for one in lead.findings.exclude(status="gone")}


def paper(story, company=None, number="CNAS L0001", kind="CN_TEST_CNAS", **facts):
    return suppliers.claim(
        company or story.supplier,
        CertificateKind.objects.get(code=kind),
        number=number,
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
        **facts,
    )


@pytest.mark.parametrize(
    ("fact", "mine", "theirs", "same"),
    [
        ("phone", "+86 760 5550 0101", "0086-760-5550-0101", "phone"),
        ("phone", "+86 760 5550 0101", "86 (760) 5550-0101", "phone"),
        ("address", "中山市火炬开发区演示路 1 号", "中山市火炬开发区演示路1号", "address"),
        ("address", "中山市", "中山市", None),
        ("uscc", "91330100799655058b", "91 3301 0079 9655 058B", "number"),
        ("legal_name_local", "安澜医疗有限公司", "安澜医疗有限责任公司（DEMO）", "name"),
    ],
)
def test_companies_that_share_a_fact_are_found_alike(story, fact, mine, theirs, same):
    lead = offered(story)
    other = story.company("别的公司 DEMO")
    suppliers.correct(story.supplier, by=story.officer.by, at=AT, **{fact: mine})
    suppliers.correct(other, by=story.officer.by, at=AT, **{fact: theirs})
    lead.refresh_from_db()
    found = codes(lead).get("duplicate_company")
    assert (found is None) == (same is None)
    if found:
        assert (found.figures["others"], found.figures["same"]) == (other.reference, [same])


def test_accounts_are_held_against_the_company_and_against_others(story):
    lead = offered(story)
    ours = story.account()
    assert "account_holder" in codes(lead), "the holder's name is not the company's"
    other = story.company("别的公司 DEMO")
    story.account(other)
    found = codes(lead)["account_elsewhere"]
    assert (found.severity, found.figures["others"], found.subject) == (
        "block",
        other.reference,
        str(ours.pk),
    )
    waiting = suppliers.propose_account(
        story.supplier,
        holder=story.supplier.legal_name_local,
        number="HK 88 0001",
        bank="Bank DEMO",
        country="HK",
        proposed_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    now = {(one.code, one.subject) for one in codes(lead).values()}
    assert {("account_changed", str(waiting.pk)), ("account_country", str(waiting.pk))} <= now
    suppliers.retire_account(waiting, reason="a fraud", by=story.officer.by, at=AT)
    assert "account_changed" not in codes(lead)


def test_papers_for_other_goods_and_other_standards_are_told_apart(story):
    lead = offered(story)
    paper(story, number="CNAS L0001", products=[Product.objects.get(code="GLOVE_EXAM_NITRILE")])
    found = codes(lead)
    assert {"certificate_other_product", "certificate_missing"} <= set(found)
    paper(story, number="CNAS L0002", standards=[Standard.objects.get(code="GB2626-2006-KN95")])
    assert "certificate_other_standard" in codes(lead)
    paper(story, number="CNAS L0003", standards=[lead.standard])
    assert [one.subject for one in [codes(lead)["certificate_other_standard"]]] != ["CE-2020-0003"]


def test_two_papers_without_a_number_are_not_the_same_paper(story):
    lead = offered(story)
    paper(story, number="–")
    paper(story, story.company("别的公司 DEMO"), number="—")
    assert "certificate_elsewhere" not in codes(lead)


def test_a_file_shown_for_two_companies_is_found(story):
    lead, other = offered(story), story.company("别的公司 DEMO")
    mine, theirs = paper(story), paper(story, other, number="CNAS L0009")
    for thing in (mine, theirs):
        upload = SimpleUploadedFile("report.png", PNG, "image/png")
        workflow.attach(
            thing, upload, by=story.officer.by, at=AT, kind="certificate", power=Power.EDIT_SUPPLIER
        )
    assert codes(lead)["file_elsewhere"].figures["others"] == other.reference


def test_the_offer_of_a_merged_company_is_judged_by_the_row_that_holds_its_facts(story):
    lead = offered(story)
    other = story.company("中山康护集团 DEMO")
    paper(story, other)
    suppliers.merge(story.supplier, into=other, reason="one company", by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert "certificate_missing" not in codes(lead)


@pytest.mark.parametrize("fact", ["stock_quantity", "capacity_per_day", "min_order_quantity"])
def test_a_quantity_nobody_has_is_refused(story, fact):
    lead = offered(story)
    with refused("bad_quantity", lead):
        actions.change(lead, by=story.officer.by, at=AT, **{fact: 10**9 + 1})
