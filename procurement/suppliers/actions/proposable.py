"""Registration of the actions on suppliers that another city must agree to.

`changes` applies them exactly as proposed.
"""

from procurement.suppliers.actions.bank_accounts import call_again, confirm_account, retire_account
from procurement.suppliers.actions.certificates import (
    amend_certificate,
    confirm_certificate,
    mark_certificate,
)
from procurement.suppliers.actions.changes import PROPOSABLE, Proposable
from procurement.suppliers.actions.facts import retract_fact, select_fact_value
from procurement.suppliers.actions.merging import merge_suppliers, unmerge_supplier
from procurement.suppliers.actions.register_lookups import retract_lookup
from procurement.suppliers.actions.suppliers import correct_supplier

COMPANY, CERTIFICATE, ACCOUNT = "procurement.supplier", "procurement.certificate", "procurement.bankaccount"
FACT, LOOK_UP = "procurement.supplierfact", "procurement.registerlookup"
PROPOSABLE |= {
    (COMPANY, "correct"): Proposable(correct_supplier),
    (COMPANY, "merge"): Proposable(merge_suppliers),
    (COMPANY, "part"): Proposable(unmerge_supplier),
    (CERTIFICATE, "amend"): Proposable(amend_certificate),
    (CERTIFICATE, "confirm"): Proposable(confirm_certificate, me="looked_up_by"),
    (CERTIFICATE, "mark_unconfirmable"): Proposable(
        mark_certificate, "looked_up_by", {"status": "unconfirmable"}
    ),
    (CERTIFICATE, "mark_altered"): Proposable(mark_certificate, "looked_up_by", {"status": "altered"}),
    (CERTIFICATE, "mark_wrong_scope"): Proposable(
        mark_certificate, "looked_up_by", {"status": "wrong_scope"}
    ),
    (ACCOUNT, "confirm"): Proposable(confirm_account, "confirmed_by", reasoned=False),
    (ACCOUNT, "call_again"): Proposable(call_again, "confirmed_by", reasoned=False),
    (ACCOUNT, "retire"): Proposable(retire_account),
    (FACT, "settle"): Proposable(select_fact_value, "settled_by"),
    (FACT, "take_back"): Proposable(retract_fact),
    (LOOK_UP, "take_back"): Proposable(retract_lookup),
}
