"""Entering and judging companies, certificates and accounts. The only writer of these rows; facts are shared. By noun."""

from procurement.suppliers.actions.accounts import (
    call_again,
    confirm_account,
    looked_at,
    propose_account,
    retire_account,
)
from procurement.suppliers.actions.certificates import amend, claim
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
from procurement.suppliers.actions.relying import decline_change, suggest_change

__all__ = [
    "Likely",
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
    "retire_account",
    "same_facts",
    "say",
    "settle_fact",
    "suggest_change",
    "take_back_fact",
    "take_back_look_up",
]
