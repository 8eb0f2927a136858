"""When an order may be written, approved, placed, completed and ended, what is paid when, and what is printed of it. By noun."""

from procurement.orders.rules.bundles import BUNDLE_MOVES, KEPT
from procurement.orders.rules.gates import (
    above_limit,
    clear_of_lists,
    companies_of,
    leads_of,
    nothing_on_the_way,
    obstacles,
    passes_gates,
    settled,
    verifiers_of,
)
from procurement.orders.rules.memos import MEMO_MOVES
from procurement.orders.rules.orders import ORDER_MOVES
from procurement.orders.rules.payments import (
    MOST_DEPOSIT,
    PAYMENT_MOVES,
    USUAL,
    Share,
    amounts,
    holds_of,
    overpaid,
    payable,
    shares_hold,
)

__all__ = [
    "BUNDLE_MOVES",
    "KEPT",
    "MEMO_MOVES",
    "MOST_DEPOSIT",
    "ORDER_MOVES",
    "PAYMENT_MOVES",
    "USUAL",
    "Share",
    "above_limit",
    "amounts",
    "clear_of_lists",
    "companies_of",
    "holds_of",
    "leads_of",
    "nothing_on_the_way",
    "obstacles",
    "overpaid",
    "passes_gates",
    "payable",
    "settled",
    "shares_hold",
    "verifiers_of",
]
