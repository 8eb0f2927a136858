"""What happens without a message, and why: what is neither here nor in the table fails a test.

Each reason is of a kind that a test holds against a world it plays (tests/procurement/notices/test_next_steps.py).
"""

from collections.abc import Iterator
from enum import Enum


class Why(Enum):
    """Why a verb sends nothing."""

    OWN = "the person who did it goes on with it, or no step follows"
    TODAY = "the person who goes on finds it on Today"
    BESIDE = "an entry beside it is announced: the one named behind the verb"
    KEEPS = "the thing stays where it is in its life, with the same people"
    MACHINE = "the machine goes on with it, or ends it"


# Verbs that send nothing, by reason. "<thing>: <verb> <verb> ..."; `verb=label.verb` names what is announced beside it.
SILENT: dict[Why, str] = {
    Why.OWN: """
        procurement.supplyrequest: draft post fulfil reopen
        procurement.inquiry: propose note_call
        procurement.supplier: list
        procurement.certificate: claim
        procurement.bankaccount: confirm
        procurement.companyfact: say settle unsettle take_back
        procurement.lookup: record take_back
        procurement.watchlist: upload try_again drop keep withdraw
        procurement.listmatch: clear confirm
        procurement.standing: judge approve watch suspend ban
        procurement.interest: declare declare_again end
        procurement.reuse: cancel
        procurement.supplierlead: draft change withdraw
        procurement.finding: answer uphold
        procurement.enteredrate: enter withdraw
        procurement.verificationtask: take
        procurement.criteria: fix
        procurement.allocation: propose confirm drop order release return_all promise_again fulfil
        procurement.order: draft confirm ready
        procurement.memo: freeze
        procurement.madepaper: freeze
        procurement.bundle: ask ask_again drop
        procurement.payment: plan pay cancel
        procurement.shipment: plan pack close hand_back
        procurement.paperversion: replace
        procurement.customslane: open file release
        procurement.customspaper: ask draft ready file accept new_version no_longer ask_again
        procurement.receipt: take_back
        procurement.lot: condition
        procurement.handout: hand_out take_back
        procurement.reliefclaim: claim claim_freely prove not_proven repay reopen
        procurement.thankspack: send leave take_up
        procurement.destruction: confirm drop
        procurement.referenceload: load
        partners.twinning: suspend resume end renew take_back
        partners.contact: stop resume
        partners.membership: join
        partners.invitation: accept revoke
        procurement.companychange: withdraw
        partners.correction: withdraw
        partners.dispute: settle
        partners.import: upload match start withdraw drop
        accounts.link: issue prove revoke
        accounts.user: add edit change_email set_password end_sessions shut_out stop_mail resume_mail choose_mail
        accounts.apitoken: issue revoke
        accounts.calendarfeed: issue revoke
    """,
    Why.TODAY: """
        procurement.watchlist: propose_withdrawal
        procurement.listmatch: raise propose_clearing turn_down reopen raise_again
        procurement.supplierlead: offer
        procurement.verificationtask: propose open_again
        procurement.order: offer
        procurement.payment: propose take_back
        procurement.lot: quarantine
        procurement.thankspack: make_ready
        procurement.destruction: note
        partners.correction: reopen
        partners.dispute: dispute reopen
    """,
    Why.BESIDE: """
        procurement.supplyrequest: withdraw=procurement.inquiry.cancel resume=procurement.inquiry.go_on
        procurement.supplierlead: check=procurement.verificationtask.offer
        procurement.certificate: claim_anew=procurement.finding.find suspect=procurement.finding.find
        procurement.verificationtask: outdate=procurement.supplierlead.reopen take_over=procurement.reuse.agree
        partners.twinning: twin=partners.twinning.ask_to_confirm
    """,
    Why.KEEPS: """
        procurement.supplyrequest: edit reconfirm share
        procurement.inquiry: revise
        procurement.certificate: look_up
        procurement.bankaccount: call_again
        procurement.listmatch: follow
        procurement.supplierlead: edit remark share
        procurement.finding: restate
        procurement.allocation: lower return_part
        procurement.order: edit share use_account shorten
        procurement.payment: reckon fall_due set_due urge
        procurement.shipment: edit schedule review_papers estimate hear call_wrong call_right see_carton forget_carton
        procurement.shipment: reroute split merge send_back destroy share unshare
        procurement.customslane: redirect declare
        procurement.customshold: answer
        procurement.customspaper: restate
        procurement.lot: add inspect override
        procurement.handout: tell
        procurement.reliefclaim: correct
        procurement.thankspack: choose
        partners.twinning: confirm correct remove set_back
        partners.dispute: claim
        partners.import: answer
        partners.city: add correct set_limit remove set_back
        partners.organisation: add correct
        partners.exchange: add correct remove set_back
    """,
    Why.MACHINE: """
        procurement.certificate: pass_format
        procurement.watchlist: replace
        procurement.listmatch: lapse
        procurement.finding: clear
        workflow.file: receive check pass reject leave
        *: attach
    """,
}


def silent() -> Iterator[tuple[str, list[str]]]:
    """Each thing with its silent verbs, as listed above."""
    for why in Why:
        yield from because(why)


def because(why: Why) -> Iterator[tuple[str, list[str]]]:
    """Each thing with the verbs that are silent for one reason."""
    for line in SILENT[why].split("\n"):
        thing, colon, verbs = line.strip().partition(":")
        if colon:
            yield thing, [verb.partition("=")[0] for verb in verbs.split()]


def beside() -> Iterator[tuple[str, str, str, str]]:
    """Thing and verb that are silent because another one is announced: that one's thing and verb."""
    for line in SILENT[Why.BESIDE].split("\n"):
        thing, _colon, verbs = line.strip().partition(":")
        for verb in verbs.split():
            own, _equals, other = verb.partition("=")
            label, _dot, announced = other.rpartition(".")
            yield thing, own, label, announced
