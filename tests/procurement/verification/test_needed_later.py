"""A check that an offer did not need when its checks were opened, and needs by now, is opened; a verified offer goes back for it."""

from decimal import Decimal

import pytest

from partners.actions.limits import set_limit
from procurement.leads.actions import findings
from procurement.leads.anew import rescreen_changed
from procurement.leads.models.finding import Finding
from procurement.leads.screening.values import Found
from procurement.suppliers.actions import judgements
from procurement.verification.actions.settling import update_tasks
from procurement.verification.models.checks import Check
from tests import world
from tests.procurement.leads.play import paper
from tests.procurement.story import AT
from tests.world import powers_for


def watched(story, lead):
    me = story.officer
    judgements.judge(
        story.supplier, story.city, "watched", reason="a rumour", starts_on=AT.date(), by=me.by, at=AT
    )


def shown(story, lead):
    paper(story)


def limited(story, lead):
    keeper = powers_for(world.member("administrator", story.city))
    set_limit(story.city, Decimal(10), by=keeper, at=AT, reason="the council")


def dear(story, lead):
    noticed = Found(code="price_high", severity=Finding.Severity.WARN, subject="", figures={})
    findings.find(lead, [noticed], at=AT, only=frozenset({"price_high"}))


@pytest.mark.parametrize(
    ("happens", "check"),
    [(watched, Check.VISIT), (shown, Check.CERTIFICATE), (limited, Check.BANK), (dear, Check.PRICE)],
)
def test_what_asks_for_a_check_later_opens_it_and_sends_the_offer_back(story, happens, check):
    lead = story.lead(story.line(), stock=9_000)
    assert not lead.checks.filter(check_kind=check).exists()
    happens(story, lead)
    rescreen_changed(AT)
    update_tasks(AT)
    lead.refresh_from_db()
    assert (lead.status, lead.checks_open, lead.recheck) == ("checking", 1, False)
    assert lead.checks.get(status="proposed").check_kind == check
