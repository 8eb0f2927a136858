"""Who may do what with the things of the story's first stages, in every status: tables by hand, compared with the rules.

The tables of orders and shipments stand with their own tests. Whatever a table does not name is refused, and changes nothing.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from partners.rules import powers_by_link
from procurement.allocations import actions as allocations
from procurement.catalogue.models import CertificateKind
from procurement.leads import actions as leads
from procurement.outreach import actions as outreach
from procurement.requests import actions as requests
from procurement.suppliers import actions as suppliers
from procurement.verification import actions as verification
from tests import world
from tests.procurement.leads import test_offers as offers
from tests.procurement.orders import play
from tests.procurement.outreach import test_questions as questions
from tests.procurement.refusals import open_verbs, refused
from tests.procurement.requests import test_needs as needs
from tests.procurement.story import AT, LATER, Story
from tests.procurement.verification import test_checks as checks
from workflow.actors import CLOCK
from workflow.moves import Moves

PEOPLE = ("officer", "second_officer", "approver", "verifier", "logistics", "observer", "stranger")
STAFF = {"officer", "second_officer"}
NETWORK = {*STAFF, "stranger"}  # facts about companies are shared between cities

type Reach = Callable[[Story], Any]
type Row = tuple[str, Reach, dict[str, str]]


def officers(verbs: str, **others: str) -> dict[str, str]:
    """The same for both officers of the city, and something else for others."""
    return {"officer": verbs, "second_officer": verbs, **others}


# --- needs ------------------------------------------------------------------------------------------------------
def fulfilled(story: Story) -> Any:
    need = needs.posted(story)
    requests.progress(need.lines.get(), allocated=100, shipped=100, arrived=100, released=100)
    return requests.fulfil(need, by=story.officer.by, at=AT)


def recalled(story: Story) -> Any:
    need = fulfilled(story)
    requests.progress(need.lines.get(), allocated=-40, shipped=-40, arrived=-40, released=-40)
    return need


NEEDS: list[Row] = [
    ("draft", needs.with_line, officers("edit post withdraw")),
    ("open", needs.posted, officers("edit reconfirm share stop withdraw")),
    ("open", needs.stopped, officers("edit reconfirm share resume withdraw")),
    ("fulfilled", fulfilled, {}),
    ("fulfilled", recalled, officers("reopen")),
    ("withdrawn", needs.withdrawn, {}),
]


# --- questions --------------------------------------------------------------------------------------------------
def refused_by_partner(story: Story) -> Any:
    inquiry = questions.asked_partner(story)
    there = world.powers("officer", world.city("zhongshan"))
    return outreach.refuse(inquiry, by=there, at=AT)


def answered(story: Story) -> Any:
    inquiry = questions.sent(story)
    return outreach.answer(inquiry, by=questions.by_link(inquiry), at=AT)


def question_handed_over(story: Story) -> Any:
    inquiry = questions.sent(story)
    outreach.hand_over(inquiry, to=story.checker, by=questions.by_link(inquiry), at=AT)
    return inquiry


ANSWERS = "answer decline hand_over"
QUESTIONS: list[Row] = [
    ("proposed", questions.proposed, officers("revise send cancel")),
    ("proposed", questions.through, officers("revise ask_partner cancel")),
    ("awaiting_consent", questions.asked_partner, officers("cancel")),
    ("refused", refused_by_partner, {}),
    ("sent", questions.sent, officers(f"{ANSWERS} remind lapse cancel", contact=ANSWERS)),
    ("answered", answered, officers("answer", contact="answer")),
    ("declined", questions.declined, {}),
    ("handed_over", question_handed_over, {}),
    ("lapsed", questions.lapsed, officers(ANSWERS, contact=ANSWERS)),
    ("cancelled", questions.cancelled, {}),
]


# --- companies, their papers and accounts, and what people think of them ------------------------------------------
def listed(story: Story) -> Any:
    return story.supplier


def merged(story: Story) -> Any:
    other = story.company("中山康护 DEMO")
    return suppliers.merge(other, into=story.supplier, reason="one company", by=story.officer.by, at=AT)


def paper(story: Story, kind: str = "CN_TEST_CNAS", number: str = "CNAS L0001") -> Any:
    return suppliers.claim(
        story.supplier,
        CertificateKind.objects.get(code=kind),
        number=number,
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )


def claimed(story: Story) -> Any:
    """A kind whose numbers have no form."""
    kind = CertificateKind.objects.filter(number_regex="").order_by("code").first()
    assert kind is not None
    return paper(story, kind.code, "17")


def well_formed(story: Story) -> Any:
    return paper(story, "CN_USCC", "91330100799655058B")


def suspect(story: Story) -> Any:
    return paper(story, "CN_USCC", "123")


def confirmed_paper(story: Story) -> Any:
    return suppliers.confirm(paper(story), reason="in its register", by=story.officer.by, at=AT)


def marked(status: str) -> Reach:
    return lambda story: suppliers.mark(paper(story), status, reason="by phone", by=story.officer.by, at=AT)


def retired(story: Story) -> Any:
    return suppliers.retire_account(story.account(), reason="closed", by=story.officer.by, at=AT)


def thought(status: str) -> Reach:
    def judge(story: Story) -> Any:
        facts = {"reason": "we know them", "starts_on": date(2020, 4, 1), "by": story.officer.by, "at": AT}
        return suppliers.judge(story.supplier, story.city, status, **facts)

    return judge


def declared(story: Story) -> Any:
    mine = world.own_link(story.contact)
    return suppliers.declare_interest(story.supplier, story.contact.user, words="shares", by=mine, at=AT)


def over(story: Story) -> Any:
    return suppliers.end_interest(declared(story), reason="sold", by=story.officer.by, at=AT)


def network(verbs: str, verifier: str = "") -> dict[str, str]:
    """Officers of every city; verifiers, where it is a judgement."""
    return dict.fromkeys(NETWORK, verbs) | ({"verifier": verifier} if verifier else {})


JUDGING = "confirm mark_unconfirmable mark_altered mark_wrong_scope"
COMPANIES: list[Row] = [("listed", listed, network("correct merge")), ("merged", merged, {})]
PAPERS: list[Row] = [
    (
        "claimed",
        claimed,
        network(f"amend pass_format suspect {JUDGING}", f"pass_format suspect {JUDGING}"),
    ),
    ("format_ok", well_formed, network(f"amend suspect {JUDGING}", f"suspect {JUDGING}")),
    ("suspect", suspect, network(f"amend {JUDGING}", JUDGING)),
    ("confirmed", confirmed_paper, network("amend")),
    ("unconfirmable", marked("unconfirmable"), network("amend")),
    ("altered", marked("altered"), network("amend")),
    ("wrong_scope", marked("wrong_scope"), network("amend")),
]
ACCOUNTS: list[Row] = [
    (
        "proposed",
        lambda story: story.account(confirmed=False),
        network("confirm retire") | {"officer": "retire", "approver": "confirm"},
    ),
    ("confirmed", lambda story: story.account(), network("retire")),
    ("retired", retired, {}),
]
STANDINGS: list[Row] = [
    (status, thought(status), officers("approve watch suspend ban", verifier="approve watch suspend ban"))
    for status in ("approved", "watched", "suspended", "banned")
]
INTERESTS: list[Row] = [
    ("declared", declared, network("end", "end")),
    ("ended", over, network("declare_again", "declare_again") | {"contact": "declare_again"}),
]


# --- offers and what was noticed about them ---------------------------------------------------------------------
def withdrawn_offer(story: Story) -> Any:
    return leads.withdraw(offers.offered(story), reason="sold", by=story.officer.by, at=AT)


def expired_offer(story: Story) -> Any:
    return leads.expire(offers.offered(story), by=CLOCK, at=AT)


def noticed(story: Story) -> Any:
    lead = offers.offered(story)
    suspect(story)
    leads.look_again(lead, at=AT)
    return lead.findings.get(code="certificate_malformed")


def judged(act: Any) -> Reach:
    return lambda story: act(
        noticed(story), answer="I asked.", answered_by=story.officer.user, by=story.officer.by, at=AT
    )


def gone(story: Story) -> Any:
    finding = noticed(story)
    certificate = story.supplier.certificates.get()
    suppliers.amend(certificate, number="91330100799655058B", by=story.officer.by, at=AT)
    leads.look_again(finding.lead, at=AT)
    finding.refresh_from_db()
    return finding


OFFERS: list[Row] = [
    ("draft", offers.drafted, officers("edit offer withdraw")),
    ("offered", offers.offered, officers("edit check reject withdraw share", verifier="check reject share")),
    ("checking", offers.checking, officers("edit reject withdraw share", verifier="reject share")),
    (
        "verified",
        offers.verified,
        officers(
            "change remark reopen reject withdraw share",
            verifier="reopen reject share",
            contact="change remark withdraw",  # who brought it; the others were entered by an officer
        ),
    ),
    ("rejected", offers.rejected, {}),
    ("withdrawn", withdrawn_offer, {}),
    ("expired", expired_offer, {}),
]
FINDINGS: list[Row] = [
    ("open", noticed, officers("answer uphold", verifier="answer uphold")),
    ("answered", judged(leads.answer_finding), officers("uphold", verifier="uphold")),
    ("upheld", judged(leads.uphold), {}),
    ("gone", gone, {}),
]


# --- checks -----------------------------------------------------------------------------------------------------
def check_handed_over(story: Story) -> Any:
    task = checks.asked(story)
    verification.hand_over(task, to=story.checker, by=checks.by_link(task), at=AT)
    return task


def outdated(story: Story) -> Any:
    task = checks.accepted(story)
    verification.outdate(task, by=CLOCK, at=AT)
    return task


def desk(verbs: str, **others: str) -> dict[str, str]:
    return officers(verbs, verifier=verbs, **others)


CHECKS: list[Row] = [
    ("proposed", checks.proposed, desk("offer cancel")),
    ("offered", checks.asked, desk("remind cancel", contact="take submit decline hand_over")),
    ("taken", checks.taken, desk("remind cancel", contact="submit decline hand_over")),
    ("submitted", checks.submitted, desk("accept return cancel")),
    ("accepted", checks.accepted, {}),
    ("returned", checks.returned, desk("remind cancel", contact="submit decline")),
    ("declined", checks.declined, desk("cancel open_again")),
    ("handed_over", check_handed_over, {}),
    ("cancelled", checks.cancelled, {}),
    ("outdated", outdated, {}),
]


# --- promises ---------------------------------------------------------------------------------------------------
def proposed_promise(story: Story) -> Any:
    line = story.line(1_000)
    by = story.officer
    return allocations.propose(story.lead(line), line, 1_000, author=by.user, by=by.by, at=AT)


def confirmed_promise(story: Story) -> Any:
    return story.promise(1_000)


def ordered(story: Story) -> Any:
    return story.draft().lines.get().allocation


def fulfilled_promise(story: Story) -> Any:
    return play.completed(story).lines.get().allocation


def dropped(story: Story) -> Any:
    return allocations.drop(proposed_promise(story), by=story.officer.by, at=AT)


def released(story: Story) -> Any:
    return allocations.release(story.promise(1_000), reason="fewer beds", by=story.officer.by, at=AT)


GIVING_BACK = "return_part return_all"
PROMISES: list[Row] = [
    ("proposed", proposed_promise, officers("confirm drop")),
    ("confirmed", confirmed_promise, officers("order lower release")),
    (
        "ordered",
        ordered,
        officers(
            f"{GIVING_BACK} promise_again fulfil",
            approver=GIVING_BACK,
            logistics=f"{GIVING_BACK} promise_again fulfil",
        ),
    ),
    ("fulfilled", fulfilled_promise, officers(GIVING_BACK, approver=GIVING_BACK, logistics=GIVING_BACK)),
    ("dropped", dropped, {}),
    ("released", released, officers("promise_again", logistics="promise_again")),
]

TABLES: dict[str, list[Row]] = {
    "procurement.supplyrequest": NEEDS,
    "procurement.inquiry": QUESTIONS,
    "procurement.supplier": COMPANIES,
    "procurement.certificate": PAPERS,
    "procurement.bankaccount": ACCOUNTS,
    "procurement.standing": STANDINGS,
    "procurement.interest": INTERESTS,
    "procurement.supplierlead": OFFERS,
    "procurement.finding": FINDINGS,
    "procurement.verificationtask": CHECKS,
    "procurement.allocation": PROMISES,
}
ROWS = [(label, *row) for label, table in TABLES.items() for row in table]


def powers(story: Story, person: str, thing: Any) -> Any:
    """The person's powers; the contact acts by the link to this one thing."""
    if person != "contact":
        return getattr(story, person).by
    contact = getattr(thing, "contact", None) or story.contact
    return powers_by_link(contact.user, contact, (thing._meta.label_lower, thing.pk))


@pytest.mark.parametrize(
    ("label", "status", "reach", "expected"),
    ROWS,
    ids=[f"{label}-{status}-{number}" for number, (label, status, *_rest) in enumerate(ROWS)],
)
def test_each_person_may_do_what_the_table_says_and_nothing_else(
    story: Story, label: str, status: str, reach: Reach, expected: dict[str, str]
) -> None:
    thing = reach(story)
    assert thing.status == status
    moves = Moves.registry[label]
    for person in (*PEOPLE, "contact"):
        by = powers(story, person, thing)
        assert open_verbs(moves, thing, by) == expected.get(person, ""), person
    for move in moves:
        if not move.starts and move.verb not in expected.get("stranger", "").split():
            by = story.stranger.by
            no = move.refusal(by, type(thing)._base_manager.get(pk=thing.pk))
            assert no is not None
            with refused(no.code, thing), move.on(thing, by=by, at=LATER, reason="I try"):
                pass


@pytest.mark.parametrize("label", sorted(TABLES))
def test_every_status_of_a_thing_stands_in_its_table(label: str) -> None:
    assert {status for status, *_rest in TABLES[label]} == set(Moves.registry[label].statuses.values)


def test_every_life_cycle_of_the_story_has_a_table() -> None:
    elsewhere = {
        "order",
        "payment",
        "shipment",
        "customslane",
        "customshold",
        "customspaper",
        "receipt",
        "lot",
    }
    told = {*TABLES, *(f"procurement.{name}" for name in elsewhere)}
    assert {label for label in Moves.registry if label.startswith("procurement.")} == told
