"""Rulebook entries on required checks, orders and payments, in the words of the rules themselves."""

from django.utils.translation import gettext_lazy as _

from procurement.rulebook.entries import Entry
from procurement.verification.models.tasks import Check
from procurement.verification.rules.needed_checks import WHY

# For each kind of check, the reasons that require it and the numbers in them.
REASONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Check.BUSINESS_LICENCE: (("always",), ()),
    Check.CERTIFICATE: (("claims_certificate",), ()),
    Check.VISIT: (("many_pieces", "trader", "watched"), ("visit", "known")),
    Check.SAMPLE: (("filter", "too_cheap"), ("tested",)),
    Check.PRICE: (("price_stands_out",), ()),
    Check.EXPORT: (("export_rules",), ()),
    Check.BANK: (("much_money",), ("prepaid",)),
}
CHECKS: tuple[Entry, ...] = tuple(
    Entry(
        code=f"check_{check}",
        looks_at=Check(check).label,
        ground="asks",
        settled="checked",
        numbers=numbers,
        sources=("ours",),
        more=[WHY[reason] for reason in reasons],
    )
    for check, (reasons, numbers) in REASONS.items()
)
PAYMENTS: tuple[Entry, ...] = (
    Entry(
        code="deposit",
        looks_at=_("How much of an order is paid before shipping"),
        ground="refuses",
        settled="written",
        numbers=("deposit",),
        sources=("F12", "F15", "memory"),
    ),
    Entry(
        code="account",
        looks_at=_("Whether a second person called back about the account, and whether it has cooled"),
        ground="holds",
        settled="call",
        numbers=("cooling",),
        sources=("F43", "F44"),
    ),
    Entry(
        code="offers_sought",
        looks_at=_("How many offers were sought before the order"),
        ground="reason",
        settled="written",
        numbers=("offers",),
        sources=("ours",),
    ),
)
