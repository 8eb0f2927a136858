"""Entering and judging companies, certificates and accounts. The only writer of these rows; facts are shared. By noun."""

from procurement.suppliers.actions.accounts import confirm_account, propose_account, retire_account
from procurement.suppliers.actions.certificates import amend, claim, confirm, mark
from procurement.suppliers.actions.companies import (
    add,
    alike,
    correct,
    judged,
    known_by_number,
    merge,
    note_change,
    same_facts,
)
from procurement.suppliers.actions.judgements import declare_interest, end_interest, judge

__all__ = [
    "add",
    "alike",
    "amend",
    "claim",
    "confirm",
    "confirm_account",
    "correct",
    "declare_interest",
    "end_interest",
    "judge",
    "judged",
    "known_by_number",
    "mark",
    "merge",
    "note_change",
    "propose_account",
    "retire_account",
    "same_facts",
]
