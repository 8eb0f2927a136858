"""Supplier with facts, a register lookup, a bank account, a status and a certificate, and a city that relies on it."""

from procurement.catalogue.models.certificates import CertificateType
from procurement.suppliers.actions.bank_accounts import propose_account
from procurement.suppliers.actions.certificates import record_issuer_answer, record_shown_certificate
from procurement.suppliers.actions.changes import propose_change
from procurement.suppliers.actions.facts import record_fact
from procurement.suppliers.actions.register_lookups import record_lookup
from procurement.suppliers.actions.statuses import declare_interest, set_status
from procurement.verification.actions.reuse import request_reuse
from tests.worlds import check_reuse
from tests.worlds.leak_markers import ACCOUNTS
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.marked_city import MarkedCity


def play_supplier(story: MarkedCity) -> None:
    """Add facts, a register lookup, a bank account and the city's judgement to the supplier."""
    things, entered = story.things, {"entered_by": story.officer.user, **story.by_officer}
    company = story.supplier
    things["interest"] = declare_interest(
        company, story.observer.user, words=story.say("interest words"), by=story.observer.by, at=AT
    )
    words = story.texts("lookup", "address", "model", "words")
    things["lookup"] = record_lookup(
        company, "staff", answer="active", answered_on=AT.date(), **words, **entered
    )
    words = story.texts("companyfact", "stated_by", "source")
    how = {"stated_on": AT.date(), "how": "phoned", "contact": story.contact}
    for name, value in (("address", story.say("companyfact")), ("phone", "+86 760 0000 0000")):
        things["companyfact"] = record_fact(company, name, value, **how, **words, **entered)
    things["account"] = propose_account(
        company,
        number=ACCOUNTS[story.city.slug],
        country="CN",
        proposed_by=story.officer.user,
        **story.texts("account", "holder", "bank"),
        **story.by_officer,
    )
    things["standing"] = set_status(
        company,
        story.city,
        "on_watch",
        reason=story.say("standing"),
        starts_on=AT.date(),
        **story.by_officer,
    )


def play_certificate(story: MarkedCity) -> None:
    """Add a certificate with its issuer check to the supplier."""
    kind = CertificateType.objects.order_by("code").first()
    words = story.texts("certificate", "number", "holder", "manufacturer", "issuer", "remark")
    paper = story.things["certificate"] = record_shown_certificate(
        story.supplier, kind, entered_by=story.officer.user, **words, **story.by_officer
    )
    words = {
        "result": "no_answer",
        "looked_up_by": story.officer.user,
        **story.texts("certificate", "address", "words"),
    }
    record_issuer_answer(paper, **words, **story.by_officer)


def play_reliance(story: MarkedCity) -> None:
    """Let Richmond, a city without people of its own in the tables, rely on the supplier and a check."""
    other, checks = check_reuse.city_with_proposed_checks(story, "richmond")
    who = {"author": other.officer.user, "by": other.officer.by, "at": AT}
    story.things["reuse"] = request_reuse(checks["business_licence"], **who)
    edit = story.texts("company_change", "address")
    story.things["company_change"] = propose_change(
        story.supplier, "correct", edit, reason=story.say("company_change"), **who
    )
