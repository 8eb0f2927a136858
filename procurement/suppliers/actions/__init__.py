"""Entering and judging companies, certificates and accounts. The only writer of these rows; facts are shared. By noun."""

from procurement.suppliers.actions.accounts import call_again, confirm_account, retire_account
from procurement.suppliers.actions.certificates import amend
from procurement.suppliers.actions.changes import PROPOSABLE, Proposable
from procurement.suppliers.actions.companies import correct
from procurement.suppliers.actions.facts import settle_fact, take_back_fact
from procurement.suppliers.actions.issuer_checks import confirm, mark
from procurement.suppliers.actions.lookups import take_back_look_up
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
