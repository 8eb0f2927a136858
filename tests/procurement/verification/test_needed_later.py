"""A check that an offer did not need when its checks were opened, and needs by now, is opened; a verified offer goes back for it."""

from decimal import Decimal

import pytest

from partners import actions as partners
from procurement.leads import actions as leads
from procurement.leads import anew
from procurement.leads.models import Finding
from procurement.leads.screening import Found
from procurement.suppliers import actions as suppliers
from procurement.verification import actions
from procurement.verification.models import Check
from tests import world
from tests.procurement.leads.play import paper
from tests.procurement.story import AT


def watched(story, lead):
    me = story.officer
    suppliers.judge(
        story.supplier, story.city, "watched", reason="a rumour", starts_on=AT.date(), by=me.by, at=AT
    )


def shown(story, lead):
    paper(story)


def limited(story, lead):
    keeper = world.powers_for(world.member("administrator", story.city))
    partners.set_limit(story.city, Decimal(10), by=keeper, at=AT, reason="the council")


def dear(story, lead):
    noticed = Found(code="price_high", severity=Finding.Severity.WARN, subject="", figures={})
    leads.find(lead, [noticed], at=AT, only=frozenset({"price_high"}))


@pytest.mark.parametrize(
    ("happens", "check"),
    [(watched, Check.VISIT), (shown, Check.CERTIFICATE), (limited, Check.BANK), (dear, Check.PRICE)],
)
def test_what_asks_for_a_check_later_opens_it_and_sends_the_offer_back(story, happens, check):
    lead = story.lead(story.line(), stock=9_000)
    assert not lead.checks.filter(check_kind=check).exists()
    happens(story, lead)
    anew.settle(AT)
    actions.settle(AT)
    lead.refresh_from_db()
    assert (lead.status, lead.checks_open, lead.recheck) == ("checking", 1, False)
    assert lead.checks.get(status="proposed").check_kind == check
