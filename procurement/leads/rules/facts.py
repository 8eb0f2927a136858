"""What an offer says: which facts its checks rest on, and how many pieces they make."""

from datetime import date

from procurement.requests.models import MOST

# Changing one of these after a lead was verified sends it back to checking.
VERIFIED_FACTS = frozenset(
    {
        "supplier",
        "product",
        "standard",
        "kind",
        "stock_quantity",
        "stock_place",
        "capacity_per_day",
        "ready_on",
        "available_until",
        "unit_price",
        "currency",
        "incoterm",
        "prepayment_percent",
        "declared_use",
        "referred_by",
    }
)


def supply(stock: int, capacity_per_day: int, ready_on: date | None, available_until: date | None) -> int:
    """Pieces a supplier has and can make: stock + capacity x whole days from `ready_on` to `available_until`, capped at 10^9."""
    days = max(0, (available_until - ready_on).days) if ready_on and available_until else 0
    return min(MOST, stock + capacity_per_day * days)
