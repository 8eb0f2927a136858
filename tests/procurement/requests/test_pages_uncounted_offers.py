"""Tests of offered goods that do not count for a line: the page shows their quantity and the reason."""

import pytest
from django.core.management import call_command

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.findings import rescreen_lead
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import RequestLine
from tests.browsing import Browser, words
from tests.worlds.alternatives import accept_alternative
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db

BELOW = "1,100 pieces below the requested standard."
UNKNOWN = "1,200 pieces not known to meet the requested standard."
OTHER = "1,300 pieces of goods"
ANOTHER_UNIT = "1,400 pairs of other goods, measured in another unit."


@pytest.fixture(scope="module")
def story(once):
    """Provide a line of level 2 surgical masks with four kinds of goods that do not count.

    Other lines have goods that all count or goods that do not count at all.
    """
    with once():
        call_command("load_reference_data", verbosity=0)
        story = Story()
        level_2, level_1 = (Standard.objects.get(code=f"ASTM-F2100-L{level}") for level in (2, 1))
        gown, pairs = (Product.objects.get(code=code) for code in ("GOWN_ISO_L2", "GLOVE_SURG"))
        story.masks, story.gloves = story.line(), story.line(product="GLOVE_EXAM_NITRILE")
        for line in (story.masks, story.gloves):
            line.standards.set([level_2])
        refused_later = [
            accept_alternative(story.masks, gown.code),
            accept_alternative(story.masks, pairs.code),
            accept_alternative(story.gloves, pairs.code),
        ]
        for pieces, facts in (
            (1_000, {}),
            (1_100, {"standard": level_1}),
            (1_200, {"standard": None}),
            (1_300, {"product": gown, "standard": None}),
            (1_400, {"product": pairs, "standard": None}),
        ):
            submitted_offer(story, line=story.masks, stock_quantity=pieces, **facts)
        story.any_mask = story.line()
        submitted_offer(story, line=story.any_mask, stock_quantity=1_000)
        submitted_offer(story, line=story.gloves, product=pairs, standard=level_2, stock_quantity=700)
        for alternative in refused_later:
            alternative.delete()
        for lead in SupplierLead.objects.all():
            rescreen_lead(lead, at=AT)
        yield story


def not_counted_sentences(story: Story, line: RequestLine, language: str = "") -> list[str]:
    page = Browser(story.officer.user, language).open(line.supply_request)
    said = page.main.xpath(".//p[contains(@class, 'not-counted')]")
    return [words(one) for one in said]


def test_each_reason_why_offered_goods_do_not_count_has_its_own_sentence(story):
    pairs, other, unknown, below = not_counted_sentences(story, story.masks)
    assert ANOTHER_UNIT in pairs
    assert OTHER in other
    assert "the need line does not accept" in other
    assert UNKNOWN in unknown
    assert BELOW in below


def test_no_reason_is_shown_when_all_offered_goods_count(story):
    assert not_counted_sentences(story, story.any_mask) == []


@pytest.mark.parametrize(
    ("language", "said"), [("fr-ca", "en deçà de la norme demandée"), ("zh-hans", "低于要求的标准")]
)
def test_reasons_why_goods_do_not_count_are_translated(story, language, said):
    sentences = not_counted_sentences(story, story.masks, language)
    assert len(sentences) == 4
    assert said in sentences[-1]


def test_gloves_by_the_pair_do_not_count_for_a_line_in_pieces(story):
    story.gloves.refresh_from_db()
    assert (story.gloves.offered, story.gloves.offered_short) == (0, 700)
    assert "700 pairs" in not_counted_sentences(story, story.gloves)[0]
