"""Tests that page, link, API, letter and plan follow the one rule on the goods that a need line accepts."""

from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.allocations.plans.queries import plan_leads, plan_lines
from procurement.allocations.plans.solver_input import plan_input
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.forms.contact_offers import OfferForm
from procurement.leads.models.leads import SupplierLead
from procurement.outreach.letters import compose_letter
from procurement.requests.alternatives.models import LineAlternative
from procurement.requests.alternatives.queries import accepted_goods
from procurement.requests.alternatives.rules import GoodsMatch
from procurement.requests.models import RequestLine, goods_code
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.editing.editable_objects import send_fields
from tests.procurement.outreach.test_pages_answering import OFFER, ZH
from tests.procurement.portal.by_link import button_text, open_link_page
from tests.worlds import cities
from tests.worlds.alternatives import accept_alternative
from tests.worlds.leads import enter_certificate, findings_by_code, submitted_offer
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db

OTHER_GOODS = [
    ("BODY_BAG", ""),
    ("BODY_BAG", "AAMI-PB70-L4"),
    ("APRON", "AAMI-PB70-L3"),
    ("GOWN_ISO_L1", "AAMI-PB70-L1"),
    ("GOWN_ISO_L3", ""),
    ("SHOE_COVER", ""),
]


@pytest.fixture(scope="module")
def story(once):
    """Provide a line of level 2 gowns that also accepts coveralls by EN 14126."""
    with once():
        call_command("load_reference_data", verbosity=0)
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        story.gowns = story.line(10_000, "GOWN_ISO_L2")
        story.gowns.standards.set(Standard.objects.filter(code="AAMI-PB70-L2"))
        accept_alternative(story.gowns, "COVERALL", "EN14126")
        story.gowns = RequestLine.objects.get(pk=story.gowns.pk)
        story.question = story.asked(story.gowns)
        assert story.supplier and story.officer
        yield story


def offer_body(story, product: str, standard: str) -> dict[str, object]:
    return {
        "city": story.city.slug, "line": f"{story.gowns.supply_request.reference}/1", "product": product,
        "supplier": story.supplier.reference, "kind": "sale", "stock_quantity": 320,
        **({"standard": standard} if standard else {}),
    }  # fmt: skip


@pytest.mark.parametrize(("product", "standard"), OTHER_GOODS)
def test_api_refuses_goods_that_the_line_does_not_accept(story, product, standard):
    refused = Program(story.officer.user).refused("supplier-leads/", offer_body(story, product, standard))
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("another_product", "#/product")
    assert not SupplierLead.objects.exists()


@pytest.mark.parametrize(("product", "standard"), OTHER_GOODS)
def test_officers_page_refuses_goods_that_the_line_does_not_accept(story, product, standard):
    page = Browser(story.officer.user).open("/leads/new/")
    refused = page.press(
        "Submit the offer", supplier=str(story.supplier.pk), line=str(story.gowns.pk), stock_quantity="320",
        product=str(Product.objects.get(code=product).pk),
        standard=str(Standard.objects.get(code=standard).pk) if standard else "",
    )  # fmt: skip
    assert (refused.status, set(refused.wrong)) == (422, {"product"})
    assert not SupplierLead.objects.exists()


@pytest.mark.parametrize(
    ("product", "standard", "meets"),
    [
        ("GOWN_ISO_L3", "AAMI-PB70-L3", "better"),
        ("GOWN_ISO_L4", "AAMI-PB70-L4", "better"),
        ("COVERALL", "EN14126", "accepted"),
        ("COVERALL", "GB19082-2009", "neighbour"),
        ("GOWN_ISO_L2", "EN13795-1", "neighbour"),
    ],
)
def test_better_and_listed_goods_count_in_full_and_comparable_ones_apart(story, product, standard, meets):
    officer = Program(story.officer.user)
    made = officer.post("supplier-leads/", offer_body(story, product, standard))
    officer.post(f"supplier-leads/{made['reference']}/offer/")
    assert officer.get(f"supplier-leads/{made['reference']}/")["meets"] == meets
    (line,) = officer.get(f"supply-requests/{story.gowns.supply_request.reference}/")["lines"]
    counts = meets != "neighbour"
    assert (line["offered"], line["offered_short"]) == (320 * counts, 320 * (not counts))
    assert line["alternatives"] == [{"product": "COVERALL", "standard": "EN14126"}]


def test_plan_takes_better_and_listed_goods_and_leaves_comparable_ones_to_a_person(story):
    offers = {
        standard: submitted_offer(
            story, line=story.gowns, product=Product.objects.get(code=product), stock_quantity=1_000,
            standard=Standard.objects.get(code=standard),
        )
        for product, standard in (
            ("GOWN_ISO_L4", "AAMI-PB70-L4"), ("COVERALL", "EN14126"), ("COVERALL", "GB19082-2009"),
            ("GOWN_ISO_L2", "AAMI-PB70-L1"),
        )
    }  # fmt: skip
    leads = plan_leads([lead.pk for lead in offers.values()], AT, unverified=True)
    found = plan_input(plan_lines([story.gowns.pk]), leads, AT)
    planned = {found.leads[number].pk for number in found.pairs.offer_index}
    assert planned == {offers["AAMI-PB70-L4"].pk, offers["EN14126"].pk}


def test_contacts_form_offers_exactly_the_accepted_list(story):
    form = open_link_page(story.question).form(button_text("Check and send", ZH))
    products = {int(value) for value in form.choices("product").values() if value}
    codes = set(Product.objects.filter(pk__in=products).values_list("code", flat=True))
    assert codes == {"COVERALL", "GOWN_ISO_L3", "GOWN_ISO_L4", "GOWN_SURG"}
    standards = {int(value) for value in form.choices("standard").values() if value}
    codes = set(Standard.objects.filter(pk__in=standards).values_list("code", flat=True))
    assert codes == {
        *("AAMI-PB70-L2", "AAMI-PB70-L3", "AAMI-PB70-L4", "EN13795-1", "EN14126"),
        *("GB19082-2009", "GB19082-2023", "YYT1499-2016", "GBT38462-2020"),
    }


@pytest.mark.parametrize(
    ("product", "standard", "wrong"),
    [
        ("GOWN_ISO_L3", "AAMI-PB70-L2", {"product"}),  # another product, not better
        ("GOWN_ISO_L4", "", {"product"}),
        ("COVERALL", "YYT1499-2016", set()),  # a claim that has not been compared is recorded
        ("COVERALL", "EN14126", set()),
        ("GOWN_ISO_L4", "AAMI-PB70-L4", set()),
    ],
)
def test_contacts_form_refuses_other_goods_and_records_any_standard(story, product, standard, wrong):
    page = open_link_page(story.question)
    checked = page.press(
        button_text("Check and send", ZH), **OFFER, product=str(Product.objects.get(code=product).pk),
        standard=str(Standard.objects.get(code=standard).pk) if standard else "",
    )  # fmt: skip
    assert set(checked.wrong) == wrong


@pytest.mark.parametrize(
    ("language", "standard", "instead"),
    [
        ("en", "ANSI/AAMI PB70 Level 2 or better", "also accepted: Protective coverall, EN 14126"),
        ("fr-ca", "ANSI/AAMI PB70 Level 2 ou supérieur", "aussi accepté\N{NO-BREAK SPACE}: "),
        ("zh-hans", "ANSI/AAMI PB70 Level 2及以上", "也可接受："),
    ],
)
def test_letter_says_or_better_and_names_the_alternatives(story, language, standard, instead):
    need = story.gowns.supply_request
    letter = compose_letter(need, [story.gowns], story.contact, language)
    assert standard in letter.body
    assert instead in letter.body


def test_need_page_marks_better_goods_and_names_the_evidence_for_comparable_ones(story):
    for product, standard in (("GOWN_ISO_L3", "AAMI-PB70-L3"), ("GOWN_ISO_L2", "EN13795-1")):
        submitted_offer(
            story, line=story.gowns, product=Product.objects.get(code=product), stock_quantity=450,
            standard=Standard.objects.get(code=standard),
        )  # fmt: skip
    page = Browser(story.officer.user).open(story.gowns.supply_request)
    assert "Better than requested" in page
    assert "ANSI/AAMI PB70 Level 2 or better" in page
    assert "counted apart: 450 pieces of a comparable standard. Evidence needed: " in page


@pytest.mark.parametrize(
    ("alternatives", "code"),
    [
        ([{"product": "BODY_BAG"}], "bad_alternative"),
        ([{"product": "GOWN_ISO_L2"}], "bad_alternative"),
        ([{"product": "COVERALL"}, {"product": "COVERALL", "standard": None}], "repeated"),
        ([{"product": "MASK_SURG"}], "bad_alternative"),
        ([{"product": "COVERALL"}] * 21, "too_many"),
    ],
)
def test_impossible_alternatives_are_refused_with_the_field(story, alternatives, code):
    refused = set_alternatives(story, alternatives, Program(story.officer.user).refused)
    assert (refused["code"], refused["errors"][0]["pointer"]) == (code, "#/lines/0/alternatives")


def test_gloves_by_the_pair_cannot_replace_gloves_by_the_piece(story):
    gloves = story.line(800, "GLOVE_EXAM_NITRILE")
    body = {
        "lines": [
            {"product": "GLOVE_EXAM_NITRILE", "quantity": 800, "alternatives": [{"product": "GLOVE_SURG"}]}
        ]
    }
    officer = Program(story.officer.user)
    refused = officer.refused(f"supply-requests/{gloves.supply_request.reference}/lines/", body)
    assert refused["code"] == "bad_alternative"


def test_alternatives_keep_their_order_and_a_removal_once_others_were_asked_needs_a_reason(story):
    officer = Program(story.officer.user)
    wanted = [
        {"product": "GOWN_SURG", "standard": None},
        {"product": "COVERALL", "standard": "GB19082-2009"},
        {"product": "COVERALL", "standard": "EN14126"},
    ]
    assert set_alternatives(story, wanted, officer.refused)["code"] == "reason_missing"
    set_alternatives(story, wanted, officer.post, reason="No gowns to be had before May.")
    (line,) = officer.get(f"supply-requests/{story.gowns.supply_request.reference}/")["lines"]
    assert line["alternatives"] == wanted


def set_alternatives(story, alternatives, send, **facts):
    line = {"product": "GOWN_ISO_L2", "quantity": 10_000, "standards": ["AAMI-PB70-L2"]}
    body = {"lines": [{**line, "alternatives": alternatives}], **facts}
    return send(f"supply-requests/{story.gowns.supply_request.reference}/lines/", body)


def test_edition_that_has_ended_is_comparable_where_it_is_listed(story):
    line = story.line(900, "RESP_N95")
    line.standards.set(Standard.objects.filter(code="NIOSH-N95"))
    accept_alternative(line, "RESP_KN95", "GB2626-2006-KN95")
    found = [matched(line, "RESP_KN95", "GB2626-2006-KN95", AT.replace(year=year)) for year in (2020, 2022)]
    assert [one.level for one in found] == ["accepted", "neighbour"]
    assert found[1].standard_match.evidence


@pytest.mark.parametrize(
    ("product", "standard", "level", "preference"),
    [
        ("COVERALL", "EN14126", "accepted", 1),
        ("GOWN_SURG", "AAMI-PB70-L3", "accepted", 2),
        ("COVERALL", "GB19082-2009", "accepted", 3),  # only by the entry without a standard
        ("COVERALL", None, "accepted", 3),
        ("GOWN_ISO_L2", None, "equal", 0),
    ],
)
def test_each_entry_of_a_line_without_standards_is_judged_by_itself(
    story, product, standard, level, preference
):
    line = story.line(700, "GOWN_ISO_L2")
    for other, listed in (("COVERALL", "EN14126"), ("GOWN_SURG", ""), ("COVERALL", "")):
        accept_alternative(line, other, listed)
    found = matched(line, product, standard)
    assert (found.level, found.preference) == (level, preference)


def test_listed_product_of_a_better_level_comes_before_other_alternatives(story):
    line = story.line(650, "GOWN_ISO_L2")
    line.standards.set(Standard.objects.filter(code="AAMI-PB70-L2"))
    accept_alternative(line, "COVERALL", "EN14126")
    accept_alternative(line, "GOWN_ISO_L3", "AAMI-PB70-L4")
    found = matched(line, "GOWN_ISO_L3", "AAMI-PB70-L3")
    assert (found.level, found.preference) == ("better", 0)


def test_findings_name_the_standards_asked_of_the_alternative(story):
    lead = submitted_offer(
        story, line=story.gowns, product=Product.objects.get(code="COVERALL"), stock_quantity=260,
        standard=Standard.objects.get(code="GB19082-2009"),
    )  # fmt: skip
    assert findings_by_code(lead)["standard_neighbour"].figures["asked"] == "EN 14126"


@pytest.mark.parametrize("stated", [True, False])
def test_certificate_of_an_alternative_is_compared_with_the_standard_listed_for_it(story, stated):
    line = story.line(800, "RESP_KN95")
    line.standards.set(Standard.objects.filter(code="GB2626-2019-KN95"))
    accept_alternative(line, "MASK_SURG", "ASTM-F2100-L2")
    masks = Product.objects.get(code="MASK_SURG")
    enter_certificate(
        story, number=f"L 4711-{stated}", products=[masks],
        standards=list(Standard.objects.filter(code="ASTM-F2100-L3")),
    )  # fmt: skip
    lead = submitted_offer(
        story, line=RequestLine.objects.get(pk=line.pk), product=masks, stock_quantity=800,
        standard=Standard.objects.get(code="ASTM-F2100-L2") if stated else None,
    )  # fmt: skip
    assert "certificate_not_the_lines" not in findings_by_code(lead)
    assert lead.meets == ("accepted" if stated else "unknown")


def test_goods_that_another_line_asks_for_can_be_offered_as_an_alternative(story):
    need = story.gowns.supply_request
    coverall = Product.objects.get(code="COVERALL")
    RequestLine.objects.create(supply_request=need, city=need.city, position=2, product=coverall, quantity=90)
    form = open_link_page(story.question).form(button_text("Check and send", ZH))
    assert str(coverall.pk) in form.choices("product").values()


def test_contacts_form_takes_the_same_statements_for_any_number_of_lines(story):
    def taken() -> int:
        with CaptureQueriesContext(connection) as queries:
            OfferForm(None, story.question)
        return len(queries)

    taken()  # reads the rows of the inquiry
    need, before = story.gowns.supply_request, taken()
    for position, code in enumerate(("GOWN_ISO_L3", "COVERALL", "GOWN_SURG"), start=2):
        product = Product.objects.get(code=code)
        line = RequestLine.objects.create(
            supply_request=need, city=need.city, position=position, product=product, quantity=50
        )
        accept_alternative(line, "GOWN_ISO_L4", "AAMI-PB70-L4")
    assert taken() == before


def test_list_of_alternatives_that_grew_meanwhile_is_kept_and_a_changed_place_is_a_conflict(story):
    address = f"{story.gowns.supply_request.get_absolute_url()}lines/{story.gowns.pk}/"
    officer, reason = Browser(story.officer.user), {"reason": "Gowns are scarce."}
    stale = officer.open(address)
    send_fields(officer.open(address), alternative_2="GOWN_SURG", alternative_3="GOWN_ISO_L3", **reason)
    send_fields(officer.open(address), alternative_4="GOWN_ISO_L4", **reason)
    listed = ["COVERALL EN14126", "GOWN_SURG", "GOWN_ISO_L3", "GOWN_ISO_L4"]
    assert goods_listed(story.gowns) == listed
    assert send_fields(stale, quantity="9,700", **reason).status == 200
    assert (RequestLine.objects.get(pk=story.gowns.pk).quantity, goods_listed(story.gowns)) == (9_700, listed)
    refused = send_fields(stale, alternative_2="COVERALL|GB19082-2009", **reason)
    assert refused.status == 422
    assert {"alternative_2", "alternative_3", "alternative_4"} == set(refused.wrong)
    assert goods_listed(story.gowns) == listed


def test_history_names_alternatives(story):
    alternatives = [{"product": "COVERALL", "standard": "EN14126"}, {"product": "GOWN_SURG"}]
    set_alternatives(story, alternatives, Program(story.officer.user).post, reason="Gowns are scarce.")
    page = Browser(story.officer.user).open(f"{story.gowns.supply_request.get_absolute_url()}?activity")
    assert "also accepted: Protective coverall, EN 14126; Surgical gown" in page


def goods_listed(line: RequestLine) -> list[str]:
    return [goods_code(one.product, one.standard) for one in LineAlternative.objects.filter(line=line)]


def matched(line: RequestLine, product: str, standard: str | None, at: datetime = AT) -> GoodsMatch:
    claimed = Standard.objects.get(code=standard) if standard else None
    row = RequestLine.objects.get(pk=line.pk)
    return accepted_goods(row, at).match(Product.objects.get(code=product), claimed)
