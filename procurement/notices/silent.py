"""What happens without a message, and why: what is neither here nor in table.py fails a test."""

from collections.abc import Iterator

# Verbs that send nothing, by reason. "<thing>: <verb> <verb> ..."
SILENT: dict[str, str] = {
    "what somebody does at the desk is seen on the page": """
        procurement.supplyrequest: draft edit post reconfirm share fulfil reopen
        procurement.inquiry: propose revise note_call
        procurement.supplier: list
        procurement.certificate: claim claim_anew pass_format suspect
        procurement.certificate: look_up
        procurement.bankaccount: confirm call_again
        procurement.companyfact: say settle unsettle take_back
        procurement.lookup: record take_back
        procurement.watchlist: upload come_in_force fail try_again replace drop propose_withdrawal keep withdraw
        procurement.listmatch: raise propose_clearing clear turn_down confirm reopen raise_again follow lapse
        procurement.standing: judge approve watch suspend ban
        procurement.interest: declare declare_again end
        procurement.reuse: cancel
        procurement.supplierlead: draft edit change remark withdraw share
        procurement.finding: answer uphold
        procurement.enteredrate: enter withdraw
        procurement.verificationtask: propose take open_again
        procurement.criteria: fix
        procurement.allocation: propose confirm drop order lower release return_part return_all promise_again fulfil
        procurement.order: draft offer edit share use_account override confirm shorten ready complete cancel
        procurement.memo: freeze
        procurement.madepaper: freeze
        procurement.bundle: ask ask_again finish fail drop
        procurement.payment: plan reckon fall_due set_due urge propose take_back pay cancel
        procurement.shipment: plan edit schedule review_papers pack estimate hear call_wrong call_right see_carton
        procurement.shipment: forget_carton reroute split merge close cancel
        procurement.papercall: finish
        procurement.paperversion: replace
        procurement.shipment: hand_back send_back destroy share unshare
        procurement.customslane: open redirect file declare release
        procurement.customshold: answer
        procurement.customspaper: ask draft ready file accept new_version no_longer ask_again restate
        procurement.receipt: take_back
        procurement.differencecase: settle drop take_back
        procurement.lot: quarantine add inspect override condition
        procurement.handout: hand_out tell take_back
        procurement.reliefclaim: claim claim_freely correct prove not_proven repay reopen
        procurement.thankspack: make_ready choose send leave take_up
        procurement.destruction: note confirm drop
        procurement.referenceload: load
    """,
    "it comes with another entry that is announced": """
        procurement.supplierlead: offer check
        procurement.finding: raise_again restate clear
        procurement.verificationtask: outdate take_over
    """,
    "withdrawing a need ends its questions, taking offers again takes them up, and those are announced": """
        procurement.supplyrequest: withdraw resume
    """,
    "it is the person's own doing, or seen by those who look after people": """
        accounts.link: issue prove revoke
        accounts.user: add edit change_email set_password end_sessions shut_out stop_mail resume_mail choose_mail
        accounts.apitoken: issue revoke
        accounts.calendarfeed: issue revoke
        partners.contact: stop resume
        partners.membership: grant join end
        partners.invitation: accept revoke
    """,
    "the register is read on its pages": """
        partners.city: add correct set_limit remove set_back
        partners.organisation: add correct
        partners.twinning: twin confirm correct suspend resume end renew take_back remove set_back
        partners.exchange: add correct remove set_back
        partners.import: upload match check answer start finish fail withdraw take_back drop
        partners.dispute: dispute claim settle reopen
    """,
    "its proposer did it themselves, or sees on its page that it is decided again, and is told of the new decision": """
        partners.correction: withdraw reopen
    """,
    "one city of several agreed, or its proposer took it back, and each sees it on its page": """
        procurement.companychange: agree reopen withdraw
    """,
    "whoever stands in for an approver finds each order that waits on Today": """
        partners.delegation: delegate
    """,
    "whoever adds a file sees what became of it": """
        workflow.file: receive check pass reject leave
        *: attach
    """,
}


def silent() -> Iterator[tuple[str, list[str]]]:
    """Each thing with its silent verbs, as listed above."""
    for lines in SILENT.values():
        for line in lines.split("\n"):
            thing, colon, verbs = line.strip().partition(":")
            if colon:
                yield thing, verbs.split()
