"""Who may enter, correct and judge companies, their certificates and their accounts; and when two rows are one company. By noun."""

from procurement.catalogue.formats import uscc_fault
from procurement.suppliers.rules import (
    accounts,
    certificates,
    changes,
    companies,
    facts,
    issuer_checks,
    judgements,
    lookups,
    merging,
    numbers,
)
from procurement.suppliers.rules.accounts import ACCOUNT_MOVES, COOLING
from procurement.suppliers.rules.certificates import CERTIFICATE_MOVES
from procurement.suppliers.rules.changes import CHANGE_MOVES
from procurement.suppliers.rules.companies import SUPPLIER_MOVES
from procurement.suppliers.rules.comparing import address_key, name_key, number_key, phone_key
from procurement.suppliers.rules.facts import FACT_MOVES
from procurement.suppliers.rules.judgements import INTEREST_MOVES, STANDING_MOVES, uninvolved
from procurement.suppliers.rules.lookups import LOOK_UP_MOVES

__all__ = [
    "ACCOUNT_MOVES",
    "CERTIFICATE_MOVES",
    "CHANGE_MOVES",
    "COOLING",
    "FACT_MOVES",
    "INTEREST_MOVES",
    "LOOK_UP_MOVES",
    "STANDING_MOVES",
    "SUPPLIER_MOVES",
    "accounts",
    "address_key",
    "certificates",
    "changes",
    "companies",
    "facts",
    "issuer_checks",
    "judgements",
    "lookups",
    "merging",
    "name_key",
    "number_key",
    "numbers",
    "phone_key",
    "uninvolved",
    "uscc_fault",
]
