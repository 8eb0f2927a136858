"""Status changes of companies, certificates, accounts and supplier statuses that each role may make, in every status."""

from datetime import date
from typing import Any

from procurement.catalogue.models.certificates import CertificateType
from procurement.suppliers.actions.bank_accounts import retire_account
from procurement.suppliers.actions.certificates import (
    confirm_certificate,
    mark_certificate_invalid,
    record_shown_certificate,
)
from procurement.suppliers.actions.changes import (
    accept_change,
    decline_change,
    propose_change,
    withdraw_change,
)
from procurement.suppliers.actions.facts import record_fact, retract_fact, select_fact_value
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.register_lookups import record_lookup, retract_lookup
from procurement.suppliers.actions.statuses import declare_interest, end_interest, set_status
from tests.procurement.permission_tables import Reach, Row, both_officers, officers_everywhere
from tests.worlds import cities
from tests.worlds.cities import own_link, powers_for
from tests.worlds.need_to_order import AT, Story


def listed_company(story: Story) -> Any:
    return story.supplier


def merged_company(story: Story) -> Any:
    other = story.company("中山康护 DEMO")
    return merge_suppliers(other, into=story.supplier, reason="one company", by=story.officer.by, at=AT)


def enter_certificate(story: Story, kind: str = "CN_TEST_CNAS", number: str = "CNAS L0001") -> Any:
    return record_shown_certificate(
        story.supplier,
        CertificateType.objects.get(code=kind),
        number=number,
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )


def certificate_without_format(story: Story) -> Any:
    """Return a certificate of a kind whose numbers have no format."""
    kind = CertificateType.objects.filter(number_regex="").order_by("code").first()
    assert kind is not None
    return enter_certificate(story, kind.code, "17")


def well_formed_certificate(story: Story) -> Any:
    return enter_certificate(story, "CN_USCC", "91330100799655058B")


def suspected_certificate(story: Story) -> Any:
    return enter_certificate(story, "CN_USCC", "123")


def confirmed_certificate(story: Story) -> Any:
    return confirm_certificate(
        enter_certificate(story),
        address="https://register.example/",
        reason="in its register",
        looked_up_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )


def certificate_marked(status: str) -> Reach:
    return lambda story: mark_certificate_invalid(
        enter_certificate(story),
        status,
        reason="by phone",
        looked_up_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )


def retired_account(story: Story) -> Any:
    return retire_account(story.account(), reason="closed", by=story.officer.by, at=AT)


def register_lookup(story: Story) -> Any:
    return record_lookup(
        story.supplier,
        "company_register",
        answer="in_order",
        answered_on=AT.date(),
        address="https://register.example/",
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )


def phone_fact(story: Story) -> Any:
    return record_fact(
        story.supplier,
        "phone",
        "+86 760 0000 0000",
        stated_by="their letter",
        stated_on=AT.date(),
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )


def settled_fact(story: Story) -> Any:
    officer = story.officer
    return select_fact_value(
        phone_fact(story), reason="it answers", settled_by=officer.user, by=officer.by, at=AT
    )


def retracted_fact(story: Story) -> Any:
    return retract_fact(phone_fact(story), reason="another company", by=story.officer.by, at=AT)


def retracted_lookup(story: Story) -> Any:
    return retract_lookup(register_lookup(story), reason="another company", by=story.officer.by, at=AT)


def company_with_status(status: str) -> Reach:
    def judge(story: Story) -> Any:
        facts = {"reason": "we know them", "starts_on": date(2020, 4, 1), "by": story.officer.by, "at": AT}
        return set_status(story.supplier, story.city, status, **facts)

    return judge


def declared_interest(story: Story) -> Any:
    mine = own_link(story.contact)
    return declare_interest(story.supplier, story.contact.user, words="shares", by=mine, at=AT)


def ended_interest(story: Story) -> Any:
    keeper = powers_for(cities.member("coordinator"))
    return end_interest(declared_interest(story), reason="sold", by=keeper, at=AT)


def proposed_change(story: Story) -> Any:
    """Return another city's proposal to correct a company from which this city has an offer."""
    story.lead(story.line())
    stranger = story.stranger
    facts = {"author": stranger.user, "by": stranger.by, "at": AT}
    return propose_change(story.supplier, "correct", {"name_en": "Kang"}, reason="its licence", **facts)


def change_decided(decide: Any, **facts: Any) -> Reach:
    return lambda story: decide(
        proposed_change(story), decided_by=story.officer.user, by=story.officer.by, at=AT, **facts
    )


def withdrawn_change(story: Story) -> Any:
    return withdraw_change(proposed_change(story), by=story.stranger.by, at=AT)


JUDGING = "confirm mark_unconfirmable mark_altered mark_wrong_scope look_up"


def moves_of_judged_certificate(verb: str) -> dict[str, str]:
    """Return the moves on a decided certificate: another decision, and a correction that does not lift the decision."""
    others = JUDGING.replace(f"{verb} ", "")
    return officers_everywhere(f"amend {others}", others)


COMPANIES: list[Row] = [
    ("listed", listed_company, officers_everywhere("correct merge")),
    ("merged", merged_company, officers_everywhere("unmerge")),
]
PAPERS: list[Row] = [
    (
        "claimed",
        certificate_without_format,
        officers_everywhere(f"amend pass_format suspect {JUDGING}", f"pass_format suspect {JUDGING}"),
    ),
    (
        "well_formed",
        well_formed_certificate,
        officers_everywhere(f"amend suspect {JUDGING}", f"suspect {JUDGING}"),
    ),
    ("suspect", suspected_certificate, officers_everywhere(f"amend {JUDGING}", JUDGING)),
    ("confirmed", confirmed_certificate, moves_of_judged_certificate("confirm")),
    ("unconfirmable", certificate_marked("unconfirmable"), moves_of_judged_certificate("mark_unconfirmable")),
    ("altered", certificate_marked("altered"), moves_of_judged_certificate("mark_altered")),
    ("wrong_scope", certificate_marked("wrong_scope"), moves_of_judged_certificate("mark_wrong_scope")),
]
ACCOUNTS: list[Row] = [
    (
        "proposed",
        lambda story: story.account(confirmed=False),
        officers_everywhere("confirm retire") | {"officer": "retire", "approver": "confirm"},
    ),
    (
        "confirmed",
        lambda story: story.account(),
        officers_everywhere("record_callback retire") | {"officer": "retire", "approver": "record_callback"},
    ),
    ("retired", retired_account, {}),
]
FACTS: list[Row] = [
    ("recorded", phone_fact, officers_everywhere("select retract", "retract")),
    ("selected", settled_fact, officers_everywhere("deselect retract", "retract")),
    ("retracted", retracted_fact, {}),
]
REGISTER_LOOKUPS: list[Row] = [
    ("recorded", register_lookup, officers_everywhere("retract", "retract")),
    ("retracted", retracted_lookup, {}),
]
STATUSES: list[Row] = [
    (
        status,
        company_with_status(status),
        both_officers("approve watch suspend ban", verifier="approve watch suspend ban"),
    )
    for status in ("approved", "on_watch", "suspended", "banned")
]
INTERESTS: list[Row] = [
    ("declared", declared_interest, {}),
    ("ended", ended_interest, {"contact": "declare_again"}),
]
CHANGES: list[Row] = [
    ("proposed", proposed_change, both_officers("accept decline") | {"stranger": "withdraw"}),
    ("accepted", change_decided(accept_change), {}),
    (
        "declined",
        change_decided(decline_change, reason="the licence says otherwise"),
        both_officers("reopen"),
    ),
    ("withdrawn", withdrawn_change, {}),
]
