"""Offer with a finding, checks and a report, and an exchange rate entered by hand."""

from decimal import Decimal

from procurement.leads.actions.exchange_rates import enter_manual_rate
from procurement.leads.actions.findings import answer_finding
from procurement.verification.actions.assignment import decline_check, request_check
from procurement.verification.actions.checks import propose_check
from procurement.verification.actions.reports import return_report, submit_report
from procurement.verification.questions import questions_for_task
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.marked_city import MarkedCity


def play_offers(story: MarkedCity) -> None:
    """Bring in the offer, answer a finding, and return the report of a check."""
    things, me = story.things, own_link(story.contact)
    lead = things["lead"] = story.offer("lead", things["line"])
    things["finding"] = answer_finding(
        lead.findings.filter(status="open").first(),
        answer=story.say("finding"),
        answered_by=story.officer.user,
        **story.by_officer,
    )
    task = things["check"] = propose_check(lead, "sample_test", needed=False, **story.by_officer)
    request_check(task, story.contact, **story.by_officer)
    seen = {"answer": "yes", "seen": story.say("report")}
    things["report"] = submit_report(
        task,
        answers={one.code: seen for one in questions_for_task(task)},
        method="visit",
        seen_on=AT.date(),
        confidence=3,
        author=story.contact.user,
        by=me,
        at=AT,
        **story.texts("report", "place", "summary"),
    )
    return_report(task, question=story.say("check"), **story.by_officer)
    decline_check(task, remark=story.say("check"), by=me, at=AT)
    open_ = propose_check(lead, "bank_account", needed=False, **story.by_officer)
    things["open check"] = things["check given to them"] = open_
    request_check(open_, story.contact, **story.by_officer)
    things["rate"] = enter_manual_rate(
        story.city,
        currency="VND",
        into="CAD",
        rate=Decimal("0.00006"),
        on=AT.date(),
        source=story.say("rate"),
        **story.as_officer,
    )
