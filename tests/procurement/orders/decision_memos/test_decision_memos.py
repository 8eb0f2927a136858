"""Tests of the decision memo: it states the record in three languages, is frozen, and is identified by its hashes."""

import hashlib
import json
import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from procurement.allocations import actions
from procurement.allocations.actions import set_criteria
from procurement.allocations.rules import Criterion
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.decisions import reject_lead
from procurement.leads.actions.findings import answer_finding
from procurement.leads.actions.leads import LeadEdit, change_lead, draft_lead, submit_lead
from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions.approve import (
    approve_order,
    override_blockers,
    place_order,
    return_to_author,
    submit_order,
)
from procurement.orders.decision_memos.actions import create_memo
from procurement.orders.decision_memos.models import DecisionMemo, DecisionMemoFile
from procurement.orders.decision_memos.pdf import (
    content_hash,
    is_memo_unchanged,
    render_pdf,
    verification_url,
)
from procurement.orders.models import Order
from procurement.orders.payments.models import Payment
from procurement.requests.models import RequestLine
from procurement.suppliers.actions.statuses import declare_interest
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.alternatives import accept_alternative
from tests.worlds.need_to_order import AT, LATER, Story
from workflow.formatting import format_day, format_money, format_quantity, format_share
from workflow.journal.hash_chain import chain_head, seal_entries, verify_chain
from workflow.journal.models import Entry
from workflow.pdf.rendering import RenderedPDF
from workflow.pdf.typefaces import printable_text

LOCALES = {"en": "en", "fr": "fr-ca", "zh": "zh-hans"}


def create_memo_of(story: Story, order: Order | None = None, *, at=AT) -> DecisionMemo:
    order = order or story.approved()
    return create_memo(order, author=story.officer.user, by=story.officer.by, at=at)


def text_of(pdf: bytes) -> str:
    """Return the text of all pages, without the spaces, line breaks and hyphens that the layout adds."""
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    return without_spaces(text)


def without_spaces(text: str) -> str:
    return re.sub(r"[\s\u200b\xad\ufffe\xa0\u202f]", "", text)


def memo_json(memo: DecisionMemo, language: str) -> str:
    return json.dumps(memo.files.get(language=language).words, ensure_ascii=False)


def every_text(part) -> list[str]:
    """Return all texts in a memo, at any depth."""
    match part:
        case str():
            return [part]
        case dict():
            return [text for one in part.values() for text in every_text(one)]
        case list():
            return [text for one in part for text in every_text(one)]
    return []


@pytest.mark.parametrize(
    ("language", "heading", "level"),
    [
        ("en", "Goods that differ from the request", "Accepted alternative"),
        ("fr", "Articles différents de la demande", "Produit de remplacement accepté"),
        ("zh", "与需求不同的物资", "可接受的替代产品"),
    ],
)
def test_memo_names_who_accepted_substituted_goods(story, language, heading, level):
    respirators = story.line(900, "RESP_KN95", declared_use="non_medical")
    accept_alternative(respirators, "MASK_SURG")
    lead = story.lead(story.line(1_200))
    people = {"author": story.second_officer.user, "by": story.second_officer.by, "at": AT}
    promised = actions.allocate(lead, RequestLine.objects.get(pk=respirators.pk), 900, **people)
    text = memo_json(create_memo_of(story, story.approved(promised)), language)
    for part in (heading, level, str(story.second_officer.user)):
        assert part in text


def test_memo_states_the_evidence_for_goods_not_known_to_meet_the_standard(story):
    line = story.line(700)
    lead = story.lead(line)
    line.standards.set(Standard.objects.filter(code="GB2626-2006-KN95"))
    evidence = "Report 2020-311 of the city laboratory"
    people = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    promised = actions.allocate(lead, line, 700, evidence=evidence, **people)
    text = memo_json(create_memo_of(story, story.approved(promised)), "en")
    assert evidence in text
    assert "Standard unknown" in text


def test_memo_of_requested_goods_names_no_other_goods(story):
    assert "differ from the request" not in memo_json(create_memo_of(story), "en")


@pytest.fixture
def documented_order(story):
    """Return an order with everything that a memo can show, its two offers, and the answered finding.

    It has criteria, an override, interests and referrals as well.
    """
    line = story.line(20_000)
    world_points = [Criterion("Delivered by 20 May", 60), Criterion("Price", 40)]
    set_criteria(line, world_points, author=story.officer.user, by=story.officer.by, at=AT)
    lead = story.lead(line, stock=20_000, referred_by=["Mr Ho, a friend of the mayor"])
    other = draft_lead(
        story.city,
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
        line=line,
        supplier=story.company("东莞另一家有限公司 DEMO"),
        product=line.product,
        kind="sale",
        stock_quantity=5_000,
        unit_price=Decimal("9.25"),
        currency="USD",
        incoterm="EXW",
    )
    submit_lead(other, by=story.officer.by, at=AT)
    reject_lead(other, reason="Four times the price of the first.", by=story.officer.by, at=AT)
    finding = lead.findings.filter(status="open").order_by("pk").first()
    answer_finding(
        finding,
        answer="Zhongshan saw the licence.",
        answered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    declare_interest(
        story.supplier, story.observer.user, words="my cousin works there", by=story.observer.by, at=AT
    )
    promised = actions.allocate(lead, line, 20_000, author=story.officer.user, by=story.officer.by, at=AT)
    order = story.draft(
        promised,
        authority=Order.Authority.EMERGENCY,
        authority_reference="Resolution 2020-17",
        budget_line="4410-EMERGENCY",
        taxes=Decimal("125.50"),
        extra_costs=Decimal("2400.00"),
        bank_account=story.account(confirmed=False),
    )
    submit_order(order, by=story.officer.by, at=AT)
    approve_order(order, by=story.approver.by, at=LATER)
    return order, lead, other, finding


def test_decision_memo_contains_the_recorded_facts_in_each_language_and_no_interest_details(
    story, documented_order
):
    order, lead, other, finding = documented_order
    memo = create_memo_of(story, order, at=LATER)
    typed = (
        *("Resolution 2020-17", "4410-EMERGENCY", "Only one maker had stock.", "Delivered by 20 May"),
        *("Mr Ho, a friend of the mayor", "Four times the price of the first.", "Zhongshan saw the licence."),
        *(order.reference, memo.reference, lead.reference, other.reference, finding.reference),
        *(str(story.officer.user), str(story.approver.user), str(story.verifier.user), "Zhao Lan", "Li Wei"),
        *("东莞另一家有限公司 DEMO", order.bank_account.masked_account_number),
        *(line.allocation.line.supply_request.reference for line in order.lines.all()),
    )
    for language, code in LOCALES.items():
        text = text_of(bytes(memo.files.get(language=language).pdf))
        with translation.override(code):
            figures = [
                format_money(order.total, "USD"),
                format_money(order.total_in_city_currency, "CAD"),
                format_money(order.taxes, "USD"),
                format_money(lead.price_in_city_currency, "CAD"),
                format_quantity(20_000),
                format_share(60, 100),
                format_day(order.rate_on),
                *(format_money(one.amount, "USD") for one in order.payments.all()),
                *(str(label) for label in Payment.Milestone.labels),
            ]
        missing = [one for one in (*typed, *figures) if without_spaces(one) not in text]
        assert missing == [], language
        assert "cousin" not in memo_json(memo, language), "the words of an interest are the person's own"


def test_decision_memo_prints_every_text_without_missing_characters(story, documented_order):
    """All gathered text is printed in full: no cell is cut off, and no character is missing."""
    memo = create_memo_of(story, documented_order[0], at=LATER)
    for one in memo.files.all():
        text = text_of(bytes(one.pdf))
        names = {"language", "kind", "widths", "figures"}
        shown = [text for name, part in one.words.items() if name not in names for text in every_text(part)]
        kinds = {"facts", "table", "text", "heading"}
        missing = [part for part in shown if part not in kinds and without_spaces(part) not in text]
        assert missing == [], one.language
        assert "\u3013" not in text


HOSTILE_TEXT = {
    "a word longer than a line": "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"
    * 3,
    "a long text in Chinese": "本市急需口罩，请予支持。" * 80,
    "a long text": "The ward has masks for one day, and no other maker answered. " * 40,
    "markup of typst": '#image("/etc/passwd") = heading $x$ *bold* _it_ @ref <label> `raw` \\ // comment',
    "signs that are no letters": "masks \U0001fae8 \u202e gnp.exe \x07 \u200b",
    "lines": "first\nsecond\r\n\n\nthird\tfourth",
    "what a sheet would run": "=SUM(A1:A9) +1 -2 @x",
    "Korean and Greek": "마스크 공장 · μάσκες",
}
LAST = " – written by hand, Friday"


@pytest.mark.parametrize("name", HOSTILE_TEXT)
def test_decision_memo_prints_hostile_text_completely_and_within_the_page(story, name):
    """Both typed reasons are printed to their last word, on any number of pages."""
    text = HOSTILE_TEXT[name] + LAST
    order = story.draft(few_offers_reason=text)
    submit_order(order, by=story.officer.by, at=AT)
    return_to_author(order, reason=text, by=story.approver.by, at=AT)
    approve_order(order, by=story.officer.by, at=AT)
    wanted = without_spaces(printable_text(text))
    for one in create_memo_of(story, order).files.all():
        pdf = bytes(one.pdf)
        told = text_of(pdf)
        assert told.count(wanted[-40:]) == 2, one.language
        assert told.count(wanted[:40]) >= 2
        for page in pypdfium2.PdfDocument(pdf):
            width, height = page.get_size()
            found = page.get_textpage()
            boxes = [found.get_charbox(number) for number in range(found.count_chars())]
            assert all(
                left >= 0 and right <= width and low >= 0 and high <= height
                for left, low, right, high in boxes
            )


@pytest.mark.parametrize("sign", ["\u0e01", "\U00020bb7", "\u0627"])
def test_decision_memo_with_an_unprintable_character_is_refused_and_not_stored(story, sign):
    order = story.draft(few_offers_reason=f"Maker {sign} answered")
    approve_order(order, by=story.officer.by, at=AT)
    with assert_refused("not_printable", order) as no:
        create_memo_of(story, order)
    assert f"U+{ord(sign):04X}" in str(no.value)
    assert not order.decision_memos.exists()


def test_decision_memo_is_pdf_a_with_order_time_and_fingerprint_on_every_page(story):
    memo = create_memo_of(story)
    for one in memo.files.all():
        pdf = bytes(one.pdf)
        with pikepdf.open(BytesIO(pdf)) as document, document.open_metadata() as facts:
            assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("2", "B")
            assert memo.order.reference in facts["dc:title"]
        document = pypdfium2.PdfDocument(pdf)
        pages = [without_spaces(document[n].get_textpage().get_text_range()) for n in range(len(document))]
        for number, page in enumerate(pages, start=1):
            assert memo.order.reference in page
            assert without_spaces(one.words["as_of"]) in page
            assert without_spaces(memo.fingerprint) in page
            assert f"{number}/{len(pages)}" in page


def test_stored_decision_memo_stays_unchanged_beside_a_later_one(story):
    order = story.approved()
    first = create_memo_of(story, order)
    before = {one.language: (bytes(one.pdf), one.sha256) for one in first.files.all()}
    place_order(order, by=story.officer.by, at=AT)
    SupplierLead.objects.update(unit_price=Decimal("7.7777"), price_in_city_currency=Decimal("9.9999"))
    second = create_memo_of(story, order, at=LATER)
    assert {one.language: (bytes(one.pdf), one.sha256) for one in first.files.all()} == before
    assert is_memo_unchanged(DecisionMemo.objects.get(pk=first.pk))
    assert [memo.number for memo in DecisionMemo.objects.of_order(order)] == [2, 1]
    assert (first.order_status, second.order_status) == ("approved", "placed")
    assert "9.9999" in memo_json(second, "en")
    assert "9.9999" not in memo_json(first, "en")
    parts = {one["title"]: one for one in second.files.get(language="en").words["sections"]}
    assert "9.9999" in json.dumps(parts["Offers considered"])
    assert "9.9999" not in json.dumps(parts["Price"]), (
        "what was ordered is held against others, not what is asked by now"
    )


def test_decision_memo_altered_in_the_database_is_detected(story):
    memo = create_memo_of(story)
    assert is_memo_unchanged(memo)
    one = memo.files.get(language="fr")
    for facts in (
        {"pdf": bytes(one.pdf) + b"\n"},
        {"words": one.words | {"about": "somebody else"}},
        {"sha256": "0" * 64},
        {"pdf": b"%PDF-1.7", "sha256": hashlib.sha256(b"%PDF-1.7").hexdigest()},
    ):
        with transaction.atomic():
            DecisionMemoFile.objects.filter(pk=one.pk).update(**facts)
            assert not is_memo_unchanged(memo), facts.keys()
            transaction.set_rollback(True)
    words = {each.language: each.words | {"about": "somebody else"} for each in memo.files.all()}
    for language, changed in words.items():
        memo.files.filter(language=language).update(words=changed)
    DecisionMemo.objects.filter(pk=memo.pk).update(sha256=content_hash(words))
    assert not is_memo_unchanged(DecisionMemo.objects.get(pk=memo.pk)), "the journal knows what it said"
    DecisionMemoFile.objects.filter(memo=memo).delete()
    assert not is_memo_unchanged(memo)


def test_decision_memo_prints_and_journals_the_head_of_the_journal_hash_chain(story):
    order = story.approved()
    seal_entries()
    head = chain_head()
    memo = create_memo_of(story, order)
    assert memo.head == head
    assert head in text_of(bytes(memo.files.get(language="en").pdf))
    entry = Entry.objects.get(thing_label="procurement.decisionmemo", thing_id=memo.pk)
    assert entry.facts["files"] == {one.language: one.sha256 for one in memo.files.all()}
    assert entry.after["sha256"] == memo.sha256
    assert memo.code not in json.dumps(entry.after)
    seal_entries()
    assert verify_chain(head).problem == ""


def test_decision_memo_says_when_no_journal_entry_has_been_sealed(story):
    assert "no entry has been sealed yet" in memo_json(create_memo_of(story), "en")


def test_decision_memo_can_be_made_by_officer_or_approver_and_is_hidden_from_other_cities(story):
    draft = story.draft()
    with assert_refused("not_ready"):
        create_memo_of(story, draft)
    order = approve_order(draft, by=story.officer.by, at=AT)
    for person in (story.observer, story.verifier, story.logistics, story.stranger):
        with assert_refused("not_allowed"):
            create_memo(order, author=person.user, by=person.by, at=AT)
    assert create_memo(order, author=story.approver.user, by=story.approver.by, at=AT).number == 1
    assert not DecisionMemo.objects.visible_to(story.stranger.by).exists()
    assert DecisionMemo.objects.visible_to(story.observer.by).get().author == story.approver.user


def test_order_has_at_most_99_decision_memos(story):
    order = story.approved()
    memo = create_memo_of(story, order)
    DecisionMemo.objects.bulk_create(
        DecisionMemo(
            order=order,
            city=order.city,
            author=memo.author,
            number=number,
            reference=f"DM-{number}",
            code=f"{number}",
            created_at=AT,
            status="final",
        )
        for number in range(2, 100)
    )
    with assert_refused("too_many"):
        create_memo_of(story, order)
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionMemo.objects.filter(pk=memo.pk).update(number=2)


def test_decision_memo_of_a_donation_omits_price_comparison_and_payments(story):
    memo = create_memo_of(story, story.accepted())
    english = memo_json(memo, "en")
    assert "Donated goods" in english
    assert "Donations are not compared on price." in english
    assert "There are no payments for a donation." in english
    assert "Evaluation criteria" not in english
    assert "Reason for fewer than three quotes" not in english


def test_decision_memo_states_an_override_with_name_reason_and_covered_issues(story):
    order = story.draft(story.promise(10_000))
    lead = SupplierLead.objects.get()
    change_lead(lead, LeadEdit(stock_quantity=11_000), by=story.officer.by, at=AT, reason="they said so")
    submit_order(order, by=story.officer.by, at=AT)
    override_blockers(order, reason="The ward has masks for one day.", by=story.approver.by, at=AT)
    approve_order(order, by=story.approver.by, at=AT)
    english = memo_json(create_memo_of(story, order), "en")
    assert "Overrides" in english
    assert "The ward has masks for one day." in english
    assert lead.reference in english
    assert "overrode the blocking issues" in english
    assert "No longer verified." in english


def test_decision_memo_states_payment_holds_and_due_dates_in_each_language(story):
    order = story.placed()
    memo = create_memo_of(story, order)
    assert "Payments are on hold: Choose the supplier’s bank account." in memo_json(memo, "en")
    assert "Payments are on hold" not in memo_json(memo, "fr")
    assert "Choose the supplier’s bank account" not in memo_json(memo, "zh")
    Payment.objects.filter(order=order).update(due_on=date(2020, 4, 20), due_reason="after the holidays")
    english = memo_json(create_memo_of(story, order), "en")
    assert "due 20 April 2020" in english
    assert "after the holidays" in english


def test_decision_memo_rendered_again_has_identical_bytes(story):
    memo = create_memo_of(story)
    for one in memo.files.all():
        again = render_pdf(
            one.words, fingerprint=memo.fingerprint, url=verification_url(memo.code), at=memo.created_at
        )
        assert isinstance(again, RenderedPDF)
        assert again.sha256 == one.sha256


def test_decision_memo_states_its_time_in_the_citys_time_zone(story):
    memo = create_memo_of(story, at=AT + timedelta(hours=13))
    assert "(UTC−7)" in memo_json(memo, "en")
    assert "16 April 2020" in memo.files.get(language="en").words["as_of"], "not yet the seventeenth there"
    assert cities.city("burnaby").timezone == "America/Vancouver"
