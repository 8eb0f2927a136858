"""Tests of changes that other cities must accept: a proposal changes nothing until it is accepted as proposed."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.products import Product
from procurement.suppliers.actions.bank_accounts import propose_account
from procurement.suppliers.actions.certificates import (
    CertificateEdit,
    amend_certificate,
    record_shown_certificate,
)
from procurement.suppliers.actions.changes import propose_change
from procurement.suppliers.actions.facts import record_fact
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.register_lookups import record_lookup
from procurement.suppliers.actions.suppliers import SupplierEdit, add_supplier, correct_supplier
from procurement.suppliers.models.changes import SupplierChange
from procurement.suppliers.models.suppliers import Supplier
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.refusals import assert_refused
from tests.worlds import watchlists
from tests.worlds.need_to_order import AT, Story
from workflow.base_models import JournaledModel

WHY = "The licence of 2020 says so."
ISSUER_CHECK = {"address": "https://issuer.example/778812", "how": "register", "seen_on": "2020-04-15"}


class ProposalCase(NamedTuple):
    """An object of Burnaby, Markham's proposal, and the values after Burnaby accepts it."""

    thing: Callable[[Story], JournaledModel]
    verb: str
    values: dict[str, Any]
    then: dict[str, Any]


def company(story: Story) -> JournaledModel:
    return story.supplier


def twin(story: Story) -> JournaledModel:
    other = story.company("中山另一家有限公司")
    return merge_suppliers(other, into=story.supplier, reason=WHY, by=story.officer.by, at=AT)


def paper(story: Story) -> JournaledModel:
    kind = CertificateType.objects.get(code="ISO_13485")
    return record_shown_certificate(
        story.supplier, kind, number="QM-778812", entered_by=story.officer.user, by=story.officer.by, at=AT
    )


def account(story: Story) -> JournaledModel:
    row = story.account()
    story.placed(story.promise(), bank_account=row)
    return row


def capacity(story: Story) -> JournaledModel:
    return record_fact(
        story.supplier, "capacity", "50000", stated_by="a register", stated_on=AT.date(), entered_by=story.officer.user,
        by=story.officer.by, at=AT,
    )  # fmt: skip


def fresh_account(story: Story) -> JournaledModel:
    story.placed(story.promise(), bank_account=story.account())
    return propose_account(
        story.supplier, holder="Zhongshan Kanghu DEMO", number="6222 0000 0000 1111", bank="Bank of Zhongshan DEMO", country="CN",
        proposed_by=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip


def number(story: Story) -> JournaledModel:
    return record_fact(
        story.supplier, "uscc", "91442000MA4UJQ8X3P", stated_by="a register", stated_on=AT.date(), entered_by=story.officer.user,
        by=story.officer.by, at=AT,
    )  # fmt: skip


def look_up(story: Story) -> JournaledModel:
    return record_lookup(
        story.supplier, "company_register", answer="in_order", answered_on=AT.date(), address="https://gsxt.example",
        entered_by=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip


def match(story: Story) -> JournaledModel:
    return watchlists.matched_watchlist_entry(story)


PROPOSED = {
    "a company": ProposalCase(
        company, "correct", {"name_en": "Kang", "founded_on": "2012-03-01", "place": "burnaby", "referred_by": ["Ms Li"]},
        {"name_en": "Kang", "founded_on": "2012-03-01", "place": "burnaby", "referred_by": ["Ms Li"]},
    ),
    "two rows parted": ProposalCase(twin, "unmerge", {}, {"status": "listed"}),
    "a certificate’s goods": ProposalCase(
        paper, "amend", {"products": ["GLOVE_EXAM_NITRILE", "MASK_SURG"], "standards": ["ASTM-F2100-L2"], "valid_until": "2021-06-30"},
        {"products": ["GLOVE_EXAM_NITRILE", "MASK_SURG"], "standards": ["ASTM-F2100-L2"], "valid_until": "2021-06-30"},
    ),
    "a certificate confirmed": ProposalCase(paper, "confirm", ISSUER_CHECK, {"status": "confirmed"}),
    "a certificate of which the issuer says nothing": ProposalCase(
        paper, "mark-unconfirmable", ISSUER_CHECK, {"status": "unconfirmable"}
    ),
    "a forged certificate": ProposalCase(paper, "mark-altered", {}, {"status": "altered"}),
    "a certificate for other goods": ProposalCase(paper, "mark-wrong-scope", {}, {"status": "wrong_scope"}),
    "an account retired": ProposalCase(account, "retire", {}, {"status": "retired"}),
    "a capacity settled": ProposalCase(capacity, "select", {}, {"status": "selected"}),
    "a fact settled": ProposalCase(number, "select", {}, {"status": "selected"}),
    "a fact taken back": ProposalCase(number, "retract", {}, {"status": "retracted"}),
    "a match confirmed": ProposalCase(match, "confirm", {}, {"status": "confirmed"}),
    "a look-up taken back": ProposalCase(look_up, "retract", {}, {"status": "retracted"}),
}  # fmt: skip
PATHS = {
    "supplier": "suppliers",
    "certificate": "certificates",
    "bankaccount": "bank-accounts",
    "supplierfact": "supplier-facts",
    "registerlookup": "register-lookups",
    "watchlistmatch": "watchlist-matches",
}


@pytest.fixture
def story_with_offer(story) -> Story:
    """Return Burnaby's example purchase (`Story`) with a verified offer of the company."""
    story.lead(story.line())
    return story


def address(thing: JournaledModel) -> str:
    key = getattr(thing, "reference", None) or thing.pk
    return f"{PATHS[thing._meta.model_name or '']}/{key}"


@pytest.mark.parametrize("name", PROPOSED)
def test_proposed_change_applies_only_once_accepted_and_exactly_as_proposed(story_with_offer, name):
    make, verb, values, then = PROPOSED[name]
    thing = make(story_with_offer)
    markham, burnaby = Program(story_with_offer.stranger.user), Program(story_with_offer.officer.user)
    before = burnaby.get(f"{address(thing)}/")
    data = {"thing": address(thing), "verb": verb, "values": values, "reason": WHY}
    made = markham.post("supplier-changes/", data)
    assert burnaby.get(f"{address(thing)}/") == before
    assert markham.refused("supplier-changes/", data)["code"] == "already_proposed"
    assert burnaby.post(f"supplier-changes/{made['reference']}/accept/")["status"] == "accepted"
    after = burnaby.get(f"{address(thing)}/")
    assert {key: after[key] for key in then} == then
    assert SupplierChange.objects.get().thing_id == thing.pk


def test_repeat_call_about_bank_account_is_proposed_with_number_and_counts_once_accepted(story_with_offer):
    row, number = account(story_with_offer), "+86 760 0000 0000"
    data = {
        "thing": address(row),
        "verb": "record-callback",
        "values": {"callback_number": number},
        "reason": WHY,
    }
    made = Program(story_with_offer.stranger.user).post("supplier-changes/", data)
    assert [(one["field"], one["new"]) for one in made["changes"]][-1] == ("", "record_callback")
    second = Program(story_with_offer.second_officer.user)
    assert second.post(f"supplier-changes/{made['reference']}/accept/")["status"] == "accepted"
    assert second.get(f"{address(row)}/")["confirmed_by"] == str(story_with_offer.stranger.user)


def test_products_chosen_on_certificate_page_are_proposed_beside_existing_products(story_with_offer):
    story_with_offer.practise()
    row = paper(story_with_offer)
    amend_certificate(
        row,
        CertificateEdit(products=list(Product.objects.filter(code="MASK_SURG"))),
        by=story_with_offer.officer.by,
        at=AT,
    )
    glove = Product.objects.get(code="GLOVE_EXAM_NITRILE")
    page = Browser(story_with_offer.stranger.user).open(f"{row.get_absolute_url()}amend/")
    page.press(page.buttons[-1], products=[str(glove.pk)], reason=WHY)
    assert SupplierChange.objects.get().changes == [
        {"field": "products", "old": "MASK_SURG", "new": "GLOVE_EXAM_NITRILE"}
    ]


def test_supplier_merge_is_proposed_and_applied_with_chosen_facts(story_with_offer):
    other = story_with_offer.company("中山另一家有限公司")
    correct_supplier(other, SupplierEdit(phone="+86 760 1"), by=story_with_offer.officer.by, at=AT)
    correct_supplier(
        story_with_offer.supplier, SupplierEdit(phone="+86 760 2"), by=story_with_offer.officer.by, at=AT
    )
    values = {"into": story_with_offer.supplier.reference, "keep": {"phone": "ours"}}
    data = {"thing": address(other), "verb": "merge", "values": values, "reason": WHY}
    made = Program(story_with_offer.stranger.user).post("supplier-changes/", data)
    Program(story_with_offer.officer.user).post(f"supplier-changes/{made['reference']}/accept/")
    assert suppliers_row(story_with_offer.supplier).phone == "+86 760 1"
    assert suppliers_row(other).current_row == story_with_offer.supplier


def suppliers_row(company: JournaledModel) -> Supplier:
    return Supplier.objects.get(pk=company.pk)


def propose_correction(story: Story, **values: Any) -> str:
    data = {"thing": address(story.supplier), "verb": "correct", "values": values, "reason": WHY}
    return f"supplier-changes/{Program(story.stranger.user).post('supplier-changes/', data)['reference']}/"


def test_proposal_without_reason_or_without_other_dependent_city_is_refused(story):
    markham = Program(story.stranger.user)
    data = {"thing": address(story.supplier), "verb": "correct", "values": {"name_en": "Kang"}, "reason": WHY}
    assert markham.refused("supplier-changes/", data)["code"] == "not_ready"
    story.lead(story.line())
    assert markham.refused("supplier-changes/", {**data, "reason": " "})["status"] == 422
    with assert_refused("reason_missing"):
        propose_change(
            story.supplier, "correct", {"name_en": "Kang"}, reason=" ", author=story.stranger.user, by=story.stranger.by, at=AT
        )  # fmt: skip


def test_declined_proposal_can_be_decided_again_and_own_proposal_withdrawn(story_with_offer):
    markham, burnaby = Program(story_with_offer.stranger.user), Program(story_with_offer.officer.user)
    declined = propose_correction(story_with_offer, name_en="Kang")
    burnaby.post(f"{declined}decline/", {"reason": "The licence says otherwise."})
    again = burnaby.post(f"{declined}reopen/", {"reason": "The licence was renewed."})
    assert (again["status"], again["answer"], again["decided_at"]) == ("proposed", "", None)
    assert burnaby.post(f"{declined}accept/")["status"] == "accepted"
    own = propose_correction(story_with_offer, phone="+86 760 3")
    assert burnaby.refused(f"{own}withdraw/")["status"] == 403
    assert markham.post(f"{own}withdraw/")["status"] == "withdrawn"


def test_facts_of_other_citys_companies_count_for_burnaby_only_once_accepted(story_with_offer):
    """A phone number makes the company look like ours; then its certificate carries the number of ours."""
    markham = story_with_offer.stranger
    who = {"entered_by": markham.user, "by": markham.by, "at": AT}
    theirs = add_supplier(legal_name_local="佛山别的有限公司", country="CN", role="maker", **who)
    correct_supplier(
        story_with_offer.supplier,
        SupplierEdit(phone="+86 760 0000 1111"),
        by=story_with_offer.officer.by,
        at=AT,
    )
    correct_supplier(theirs, SupplierEdit(phone="0760-0000 1111"), by=markham.by, at=AT, reason=WHY)
    kind, ours = CertificateType.objects.get(code="ISO_13485"), paper(story_with_offer)
    shown = record_shown_certificate(theirs, kind, number="QM-1", **who)
    amend_certificate(shown, CertificateEdit(number=ours.number), by=markham.by, at=AT, reason=WHY)
    look = record_lookup(
        story_with_offer.supplier, "company_register", answer="struck_off", since=AT.date(), answered_on=AT.date(),
        address="https://gsxt.example", **who,
    )  # fmt: skip
    burnaby, things = Program(story_with_offer.officer.user), (theirs, shown, look)
    for thing in things:
        assert type(thing)._default_manager.get(pk=thing.pk).excluded_city_ids == [story_with_offer.city.pk]
        change = SupplierChange.objects.get(
            thing_label=thing._meta.label_lower, thing_id=thing.pk, verb="count"
        )
        burnaby.post(f"supplier-changes/{change.reference}/accept/")
        assert type(thing)._default_manager.get(pk=thing.pk).excluded_city_ids == []


def test_sanctions_match_decision_is_proposed_on_page_and_made_in_name_of_author(story_with_offer):
    story_with_offer.practise()
    one = watchlists.matched_watchlist_entry(story_with_offer)
    page = Browser(story_with_offer.stranger.user).open(f"{one.get_absolute_url()}confirm/")
    page.press(page.buttons[-1], reason=WHY)
    change = SupplierChange.objects.get()
    assert (change.verb, change.author, change.thing_id) == (
        "confirm",
        story_with_offer.stranger.user,
        one.pk,
    )
    Browser(story_with_offer.officer.user).open(change.get_absolute_url()).press("Accept correction")
    one.refresh_from_db()
    assert (one.status, one.reviewed_by) == ("confirmed", story_with_offer.stranger.user)
