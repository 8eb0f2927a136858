"""Registration of the moves on suppliers that a city may propose to the other cities concerned.

Once these agree, the module `changes` makes the move exactly as it was proposed.
"""

from procurement.suppliers.actions.changes import PROPOSABLE_MOVES
from procurement.suppliers.rules import bank_accounts, certificates, facts, register_lookups, suppliers

PROPOSABLE_MOVES |= {
    move: {}
    for move in (
        suppliers.CORRECT,
        suppliers.MERGE,
        suppliers.UNMERGE,
        certificates.AMEND,
        certificates.CONFIRM_WITH_ISSUER,
        bank_accounts.CONFIRM_ACCOUNT,
        bank_accounts.RECORD_CALLBACK,
        bank_accounts.RETIRE_ACCOUNT,
        facts.SELECT_FACT_VALUE,
        facts.RETRACT,
        register_lookups.RETRACT,
    )
}
PROPOSABLE_MOVES |= {
    move: {"status": move.target}
    for move in (certificates.MARK_UNCONFIRMABLE, certificates.MARK_ALTERED, certificates.MARK_WRONG_SCOPE)
}
