"""Moves that send no notification, each with the reason.

A test fails for a move that is neither listed here nor in the notification table.

Each reason is a `MuteReason`. Tests check it against an item brought to the status that the move leads to
(tests/procurement/notifications/test_next_steps.py).
"""

from collections.abc import Iterator
from enum import Enum


class MuteReason(Enum):
    """Reason why a verb sends nothing."""

    SAME_PERSON_ACTS_NEXT = "the person who acted also takes the next step, or no step follows"
    SHOWN_ON_TODAY_PAGE = "the person who takes the next step finds the item on Today"
    ANNOUNCED_ELSEWHERE = "another entry written at the same time is announced: the one named behind the verb"
    STATUS_UNCHANGED = "the status of the item and the people who act on it stay the same"
    DONE_BY_PERIODIC_JOB = "the periodic job takes the next step, or took this one as the last"


# Verbs that send nothing, by reason: "<item>: <verb> ..."; `verb=label.verb` names the entry announced instead.
MUTED_VERBS_BY_REASON: dict[MuteReason, str] = {
    MuteReason.SAME_PERSON_ACTS_NEXT: """
        procurement.supplyrequest: draft post withdraw_change fulfil reopen
        procurement.unwantedgoods: add withdraw
        procurement.lettertemplate: add replace withdraw
        procurement.inquiry: propose record_phone_reply
        procurement.supplier: list
        procurement.certificate: claim
        procurement.bankaccount: confirm
        procurement.supplierfact: record select deselect retract
        procurement.registerlookup: record retract
        procurement.watchlist: upload retry discard keep withdraw
        procurement.watchlistmatch: dismiss confirm
        procurement.supplierstatus: set_status approve watch suspend ban
        procurement.interestdeclaration: declare declare_again end
        procurement.checkreuse: cancel
        procurement.supplierlead: draft
        procurement.finding: answer uphold
        procurement.manualrate: enter withdraw
        procurement.verificationtask: take
        procurement.allocationcriteria: fix
        procurement.allocation: propose discard order undo return_all reallocate fulfil
        procurement.allocationplan: create cancel accept
        procurement.order: draft confirm ready
        procurement.orderacknowledgement: withdraw close
        procurement.decisionmemo: freeze
        procurement.generateddocument: freeze
        procurement.auditfile: request rebuild discard
        procurement.payment: plan pay cancel
        procurement.shipment: plan pack close record_return
        procurement.documentsubmission: replace
        procurement.customsclearance: open file release
        procurement.customsdocument: require draft ready file accept new_version mark_not_required require_again
        procurement.goodsreceipt: reverse
        procurement.lot: condition
        procurement.distribution: distribute undo
        procurement.reliefclaim: claim claim_freely prove mark_unproven repay reopen
        procurement.thankyou: send skip resume
        procurement.webhookendpoint: add disable enable
        procurement.destruction: confirm discard
        procurement.referenceload: load
        partners.twinningagreement: suspend resume end renew undo_end
        partners.contact: stop resume
        partners.membership: join
        partners.invitation: accept revoke
        procurement.supplierchange: withdraw
        partners.correction: withdraw
        partners.dispute: settle
        partners.import: upload match start withdraw discard
        accounts.actionlink: issue prove revoke
        accounts.user: add edit change_email set_password confirm_address end_sessions shut_out stop_mail resume_mail choose_mail
        accounts.apitoken: issue revoke
        accounts.calendarfeed: issue revoke
    """,
    MuteReason.SHOWN_ON_TODAY_PAGE: """
        procurement.watchlist: propose_withdrawal
        procurement.watchlistmatch: raise propose_dismissal reject_dismissal reopen raise_again
        procurement.verificationtask: propose reopen
        procurement.order: offer
        procurement.payment: propose withdraw_proposal
        procurement.lot: quarantine
        procurement.thankyou: make_ready
        procurement.destruction: note
        partners.correction: reopen
        partners.dispute: dispute reopen
    """,
    MuteReason.ANNOUNCED_ELSEWHERE: """
        procurement.supplyrequest: clarify=procurement.inquiry.inform
        procurement.supplyrequest: withdraw=procurement.inquiry.cancel resume=procurement.inquiry.resume
        procurement.supplierlead: check=procurement.verificationtask.offer
        procurement.supplierlead: request_certificates=procurement.verificationtask.offer
        procurement.certificate: claim_again=procurement.finding.find suspect=procurement.finding.find
        procurement.verificationtask: outdate=procurement.supplierlead.reopen reuse=procurement.checkreuse.agree
        partners.twinningagreement: add=partners.twinningagreement.ask_to_confirm
    """,
    MuteReason.STATUS_UNCHANGED: """
        procurement.supplyrequest: edit reconfirm share
        procurement.inquiry: revise translate recompose
        procurement.certificate: look_up
        procurement.bankaccount: record_callback
        procurement.watchlistmatch: follow
        procurement.supplierlead: remark share extend
        procurement.finding: restate
        procurement.allocation: reduce return_part
        procurement.allocationplan: change_row
        procurement.order: edit share use_account reduce_quantity correct_confirmation
        procurement.payment: recalculate fall_due set_due record_early_request
        procurement.shipment: edit schedule review_documents estimate record_event flag_event unflag_event record_carton undo_carton
        procurement.shipment: reroute split merge plan_return destroy share unshare
        procurement.customsclearance: redirect declare
        procurement.customshold: answer
        procurement.customsdocument: restate number
        procurement.lot: add inspect override
        procurement.distribution: mark_informed
        procurement.reliefclaim: correct
        procurement.thankyou: choose
        procurement.webhookendpoint: reveal test edit rotate resend resend_failed
        partners.twinningagreement: confirm correct remove set_back
        partners.dispute: claim
        partners.import: answer
        partners.city: add correct set_limit set_need_approval set_offer_validity set_purchase_details remove set_back
        partners.organization: add correct
        partners.exchange: add correct remove set_back
    """,
    MuteReason.DONE_BY_PERIODIC_JOB: """
        procurement.certificate: pass_format
        procurement.watchlist: replace
        procurement.watchlistmatch: delist
        procurement.finding: resolve
        workflow.file: receive check pass reject skip_check
        *: attach
    """,
}


def muted_verbs() -> Iterator[tuple[str, list[str]]]:
    """Yield each kind of item with its silent verbs."""
    for why in MuteReason:
        yield from muted_verbs_for(why)


def muted_verbs_for(why: MuteReason) -> Iterator[tuple[str, list[str]]]:
    """Yield each kind of item with the verbs that are silent for one reason."""
    for line in MUTED_VERBS_BY_REASON[why].split("\n"):
        thing, colon, verbs = line.strip().partition(":")
        if colon:
            yield thing, [verb.partition("=")[0] for verb in verbs.split()]


def verbs_announced_elsewhere() -> Iterator[tuple[str, str, str, str]]:
    """Yield each verb that is silent because another entry is announced, with that entry.

    Each as (item, verb, item of the other, verb of the other).
    """
    for line in MUTED_VERBS_BY_REASON[MuteReason.ANNOUNCED_ELSEWHERE].split("\n"):
        thing, _colon, verbs = line.strip().partition(":")
        for verb in verbs.split():
            own, _equals, other = verb.partition("=")
            label, _dot, announced = other.rpartition(".")
            yield thing, own, label, announced
