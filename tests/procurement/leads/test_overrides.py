"""Tests of blocking findings that a person overrules: another person must verify the offer, and every page says so."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from procurement.allocations import actions
from procurement.leads.actions.findings import answer_finding, rescreen_lead
from procurement.leads.actions.leads import verify_lead
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import VERIFY
from procurement.orders.decision_memos.actions import create_memo
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.refusals import assert_refused
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT, Person, Story
from workflow.clock import clear_instance_cache


@pytest.fixture
def story(db: None) -> Iterator[Story]:
    told = Story()
    told.practise()
    yield told
    clear_instance_cache()


def offer_with_impossible_number(story: Story, number: str = "91330100799655058X") -> SupplierLead:
    """Return an offer with accepted checks, from a company whose number cannot be real."""
    lead = submitted_offer(story, unit_price=Decimal("0.50"), currency="USD", kind="sale")
    story.check(lead)
    correct_supplier(story.supplier, SupplierEdit(uscc=number), by=story.officer.by, at=AT)
    return rescreen_lead(lead, at=AT)


def answer_blocking_findings(lead: SupplierLead, person: Person) -> int:
    """Answer every blocking finding, and return their number."""
    blocks = list(lead.findings.filter(severity="block", status="open"))
    for finding in blocks:
        answer = "The licence shows another number."
        answer_finding(finding, answer=answer, answered_by=person.user, by=person.by, at=AT)
    lead.refresh_from_db()
    return len(blocks)


def test_person_who_overruled_a_blocking_finding_cannot_verify_the_offer(story: Story) -> None:
    lead, alone = offer_with_impossible_number(story), story.second_officer
    assert answer_blocking_findings(lead, alone)
    with assert_refused("not_allowed", lead) as no:
        verify_lead(lead, verifier=alone.user, by=alone.by, at=AT)
    assert "so another procurement officer or a verifier of your city must verify the offer" in str(no.value)
    assert "verifier of your city" in str(no.value)
    verify_lead(lead, verifier=story.verifier.user, by=story.verifier.by, at=AT)
    assert lead.status == "verified"


def test_person_who_answered_only_a_warning_can_verify_the_offer(story: Story) -> None:
    lead, person = offer_with_impossible_number(story), story.second_officer
    answer_blocking_findings(lead, story.verifier)
    for warning in lead.findings.filter(severity="warn", status="open"):
        answer_finding(warning, answer="Seen.", answered_by=person.user, by=person.by, at=AT)
    assert VERIFY.refusal(person.by, lead, AT) is None


def test_finding_upheld_again_or_gone_does_not_count_as_overruled(story: Story) -> None:
    lead, person = offer_with_impossible_number(story), story.second_officer
    answer_blocking_findings(lead, person)
    correct_supplier(story.supplier, SupplierEdit(uscc=""), by=story.officer.by, at=AT)
    rescreen_lead(lead, at=AT)
    assert not lead.overruled_findings.exists()
    assert VERIFY.refusal(person.by, lead, AT) is None


def test_page_and_api_refuse_verification_by_the_overruler_with_the_same_sentence(story: Story) -> None:
    lead, alone = offer_with_impossible_number(story), story.second_officer
    answer_blocking_findings(lead, alone)
    page = Browser(alone.user).open(lead)
    words = "You overrode a blocking finding on this offer"
    assert words in page
    refusal = Program(alone.user).refused(f"supplier-leads/{lead.reference}/verify/")
    assert (refusal["status"], refusal["detail"].startswith(words)) == (403, True)
    moves = Program(alone.user).get(f"supplier-leads/{lead.reference}/")["available_moves"]
    assert [(one["open"], one["reason"].startswith(words)) for one in moves if one["verb"] == "verify"] == [
        (False, True)
    ]
    assert Browser(story.verifier.user).open(lead).do("verify").status == 200


def test_overruled_findings_are_stated_with_number_and_name_on_every_page(story: Story) -> None:
    lead, person = offer_with_impossible_number(story), story.second_officer
    many = answer_blocking_findings(lead, person)
    verify_lead(lead, verifier=story.verifier.user, by=story.verifier.by, at=AT)
    promised = actions.allocate(lead, lead.line, 1_000, author=story.officer.user, by=story.officer.by, at=AT)
    sentence = f"{many} blocking finding{'s were' if many > 1 else ' was'} overruled by {person.user.name}."
    officer = Browser(story.officer.user)
    for thing in (lead, promised):
        page = officer.open(thing)
        assert "Yes" in page
        assert sentence in page
    order = story.draft(promised)
    assert sentence in officer.open(order)
    data = Program(story.officer.user).get(f"supplier-leads/{lead.reference}/")
    assert [one["answered_by"] for one in data["overruled"]] == [person.user.name] * many


def test_overruled_finding_is_labelled_overruled_instead_of_blocking(story: Story) -> None:
    lead = offer_with_impossible_number(story)
    officer = Browser(story.officer.user)
    assert "Blocks" in officer.open(lead).text
    answer_blocking_findings(lead, story.second_officer)
    page = officer.open(lead).text
    assert "Overruled" in page
    assert "Blocks" not in page


def test_decision_memo_states_overruled_findings_and_by_whom(story: Story) -> None:
    lead, person = offer_with_impossible_number(story), story.second_officer
    many = answer_blocking_findings(lead, person)
    verify_lead(lead, verifier=story.verifier.user, by=story.verifier.by, at=AT)
    promised = actions.allocate(lead, lead.line, 1_000, author=story.officer.user, by=story.officer.by, at=AT)
    memo = create_memo(story.approved(promised), author=story.officer.user, by=story.officer.by, at=AT)
    words = str(memo.files.get(language="en").words)
    assert f"{many} blocking finding" in words
    assert f"overruled by {person.user.name}" in words
    assert "Overruled" in words


def test_offer_without_overruled_findings_mentions_none(story: Story) -> None:
    lead = story.lead(story.line(5_000))
    assert "verruled" not in Browser(story.officer.user).open(lead)
    assert Program(story.officer.user).get(f"supplier-leads/{lead.reference}/")["overruled"] == []
