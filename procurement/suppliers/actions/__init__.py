"""Entering and judging companies, certificates and accounts. The only writer of these rows; facts are shared. By noun."""

from procurement.suppliers.actions.accounts import (
    call_again,
    confirm_account,
    looked_at,
    propose_account,
    retire_account,
)
from procurement.suppliers.actions.certificates import amend, claim
from procurement.suppliers.actions.changes import (
    PROPOSABLE,
    Proposable,
    accept_change,
    decline_change,
    propose_change,
    reopen_change,
    withdraw_change,
)
from procurement.suppliers.actions.companies import (
    add,
    alike,
    correct,
    judged,
    known_by_number,
    note_change,
    same_facts,
)
from procurement.suppliers.actions.facts import confirm_phone, say, settle_fact, take_back_fact
from procurement.suppliers.actions.issuer_checks import ask_issuer, confirm, mark
from procurement.suppliers.actions.judgements import declare_interest, end_interest, judge
from procurement.suppliers.actions.likely import Likely, enter, likely
from procurement.suppliers.actions.lookups import look_up, take_back_look_up
from procurement.suppliers.actions.merging import merge, part

COMPANY, CERTIFICATE, ACCOUNT = "procurement.supplier", "procurement.certificate", "procurement.bankaccount"
FACT, LOOK_UP = "procurement.companyfact", "procurement.lookup"
PROPOSABLE |= {
    (COMPANY, "correct"): Proposable(correct),
    (COMPANY, "merge"): Proposable(merge),
    (COMPANY, "part"): Proposable(part),
    (CERTIFICATE, "amend"): Proposable(amend),
    (CERTIFICATE, "confirm"): Proposable(confirm, me="looked_up_by"),
    (CERTIFICATE, "mark_unconfirmable"): Proposable(mark, "looked_up_by", {"status": "unconfirmable"}),
    (CERTIFICATE, "mark_altered"): Proposable(mark, "looked_up_by", {"status": "altered"}),
    (CERTIFICATE, "mark_wrong_scope"): Proposable(mark, "looked_up_by", {"status": "wrong_scope"}),
    (ACCOUNT, "confirm"): Proposable(confirm_account, "confirmed_by", reasoned=False),
    (ACCOUNT, "call_again"): Proposable(call_again, "confirmed_by", reasoned=False),
    (ACCOUNT, "retire"): Proposable(retire_account),
    (FACT, "settle"): Proposable(settle_fact, "settled_by"),
    (FACT, "take_back"): Proposable(take_back_fact),
    (LOOK_UP, "take_back"): Proposable(take_back_look_up),
}

__all__ = [
    "PROPOSABLE",
    "Likely",
    "Proposable",
    "accept_change",
    "add",
    "alike",
    "amend",
    "ask_issuer",
    "call_again",
    "claim",
    "confirm",
    "confirm_account",
    "confirm_phone",
    "correct",
    "declare_interest",
    "decline_change",
    "end_interest",
    "enter",
    "judge",
    "judged",
    "known_by_number",
    "likely",
    "look_up",
    "looked_at",
    "mark",
    "merge",
    "note_change",
    "part",
    "propose_account",
    "propose_change",
    "reopen_change",
    "retire_account",
    "same_facts",
    "say",
    "settle_fact",
    "take_back_fact",
    "take_back_look_up",
    "withdraw_change",
]
