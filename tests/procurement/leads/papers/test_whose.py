"""Whose a paper is: the letters that let a company sell, the maker it names, and the province in its number."""

from datetime import timedelta

import pytest

from procurement.suppliers import actions as suppliers
from tests import world
from tests.procurement.leads.play import codes, offered, paper
from tests.procurement.story import AT

ANLAN = "佛山安澜医疗有限公司"
YESTERDAY = AT.date() - timedelta(days=1)


@pytest.mark.parametrize(
    ("letter", "judged", "counts"),
    [
        ({"holder": ANLAN}, "", True),
        ({"holder": "中山康护用品有限公司", "manufacturer": ANLAN}, "", True),
        ({"manufacturer": ANLAN}, "", True),
        ({"holder": "别的经销商", "manufacturer": ANLAN}, "", False),
        ({"holder": ANLAN, "valid_until": YESTERDAY}, "", False),
        ({"holder": ANLAN}, "altered", False),
    ],
)
def test_a_letter_counts_while_it_holds_and_for_whom_it_names(story, letter, judged, counts):
    lead = offered(story)
    paper(story, kind="US_510K", number="K203161", holder=ANLAN)
    shown = paper(story, kind="DIST_LETTER", number="2020-17", **letter)
    if judged:
        who = {"looked_up_by": story.officer.user, "by": story.officer.by, "at": AT}
        suppliers.mark(shown, judged, reason="the stamp", **who)
    lead.refresh_from_db()
    found = {one.figures.get("holder") for one in [codes(lead).get("certificate_holder")] if one}
    assert (ANLAN not in found) == counts


@pytest.mark.parametrize(
    ("role", "with_maker", "named", "told"),
    [
        ("maker", False, ANLAN, {"certificate_other_manufacturer", "certificate_province"}),
        ("maker", False, "中山康护用品有限责任公司", {"certificate_province"}),
        ("maker", False, "Foshan Anlan Co., Ltd.", {"certificate_province"}),  # it has no name in that script
        ("trader", False, ANLAN, set()),  # who made the goods is not said
        ("trader", True, ANLAN, {"certificate_province"}),
        ("trader", True, "第三家制造有限公司", {"certificate_other_manufacturer", "certificate_province"}),
    ],
)
def test_the_maker_and_the_province_on_a_paper_are_held_against_the_offers_maker(
    story, role, with_maker, named, told
):
    suppliers.correct(story.supplier, role=role, by=story.officer.by, at=AT)
    maker = story.company(f"{ANLAN} DEMO") if with_maker else None
    lead = offered(story, maker=maker)
    paper(story, kind="CN_NMPA_REG", number="鄂械注准20202140123", manufacturer=named)
    about = {"certificate_other_manufacturer", "certificate_province"}
    assert about & set(codes(lead)) == told
    assert world.city("zhongshan").subdivision == "CN-GD"
