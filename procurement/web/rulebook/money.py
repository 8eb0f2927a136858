"""The rules on prices, terms and accounts. One entry a code: a new code fails its test until it is explained here."""

from django.utils.translation import gettext_lazy as _

from procurement.web.rulebook.entry import BLOCKS, NOTES, WARNS, Entry

PRICES: tuple[Entry, ...] = (
    Entry(
        code="price_high",
        looks_at=_("The price above others’ quotes, by the median"),
        does=(WARNS,),
        ground="honest",
        settled="price",
        numbers=(
            "quotes",
            "cities",
            "peer_days",
            "robust",
            "factor",
            "flat",
        ),
        sources=("iglewicz",),
    ),
    Entry(
        code="price_low",
        looks_at=_("The price below others’ quotes, by the median"),
        does=(WARNS,),
        ground="honest",
        settled="price",
        numbers=(
            "quotes",
            "cities",
            "peer_days",
            "robust",
            "factor",
            "flat",
        ),
        sources=("iglewicz",),
    ),
    Entry(
        code="price_above_band",
        looks_at=_("The price above a multiple of the highest that is known for these days"),
        does=(WARNS,),
        ground="honest",
        settled="price",
        numbers=("soft",),
        sources=(
            "row",
            "F45",
        ),
    ),
    Entry(
        code="price_four_times",
        looks_at=_("The price far above the highest that is known for these days"),
        does=(
            BLOCKS,
            WARNS,
        ),
        ground="published",
        settled="price",
        numbers=("hard",),
        sources=(
            "row",
            "F45",
        ),
    ),
    Entry(
        code="price_times_list",
        looks_at=_("The price as a multiple of the maker’s own list price"),
        does=(
            BLOCKS,
            WARNS,
        ),
        ground="published",
        settled="price",
        numbers=(
            "hard",
            "soft",
        ),
        sources=(
            "F24",
            "F25",
        ),
    ),
    Entry(
        code="price_under_floor",
        looks_at=_("The price below what the material costs"),
        does=(WARNS,),
        ground="derived",
        settled="sample",
        sources=(
            "row",
            "F39",
            "F55",
        ),
    ),
    Entry(
        code="price_under_old_floor",
        looks_at=_("The price below the last known cost of the material"),
        does=(WARNS,),
        ground="derived",
        settled="sample",
        sources=("row",),
    ),
    Entry(
        code="price_above_limit",
        looks_at=_("The price above what the need allows"),
        does=(WARNS,),
        ground="honest",
        settled="price",
        sources=("own",),
    ),
    Entry(
        code="price_few",
        looks_at=_("Whether there are enough quotes to judge by"),
        does=(NOTES,),
        ground="note",
        settled="nothing",
        numbers=(
            "quotes",
            "cities",
            "peer_days",
        ),
        sources=("ours",),
    ),
)
TERMS: tuple[Entry, ...] = (
    Entry(
        code="prepayment_high",
        looks_at=_("How much is asked before anything is shipped"),
        does=(WARNS,),
        ground="derived",
        settled="correct",
        numbers=("prepaid",),
        sources=(
            "F12",
            "F15",
            "memory",
        ),
    ),
    Entry(
        code="use_mismatch",
        looks_at=_("The use declared for export, beside the use that is needed"),
        does=(BLOCKS,),
        ground="own",
        settled="correct",
        sources=(
            "own",
            "F7",
            "F8",
        ),
    ),
    Entry(
        code="stock_implausible",
        looks_at=_("The stock, beside what is made in a day"),
        does=(WARNS,),
        ground="ours",
        settled="answer",
        numbers=("stock",),
        sources=(
            "F22",
            "F23",
        ),
    ),
    Entry(
        code="capacity_missing",
        looks_at=_("Whether a maker says what is in stock or made in a day"),
        does=(WARNS,),
        ground="open",
        settled="correct",
        sources=("F43",),
    ),
    Entry(
        code="capacity_young",
        looks_at=_("A great capacity of a young company"),
        does=(WARNS,),
        ground="ours",
        settled="answer",
        numbers=(
            "much",
            "a_year",
        ),
        sources=("ours",),
    ),
)
ACCOUNTS: tuple[Entry, ...] = (
    Entry(
        code="account_elsewhere",
        looks_at=_("Whether another company names the same account"),
        does=(BLOCKS,),
        ground="shared",
        settled="call",
        sources=(
            "F19",
            "F20",
        ),
    ),
    Entry(
        code="account_holder",
        looks_at=_("In whose name the account is"),
        does=(WARNS,),
        ground="honest",
        settled="answer",
        sources=(
            "F19",
            "F20",
        ),
    ),
    Entry(
        code="account_country",
        looks_at=_("Whether the account is in the company’s country"),
        does=(WARNS,),
        ground="honest",
        settled="answer",
        sources=(
            "F19",
            "F20",
        ),
    ),
    Entry(
        code="account_changed",
        looks_at=_("Whether another account was named since"),
        does=(BLOCKS,),
        ground="second",
        settled="second_call",
        numbers=("cooling",),
        sources=(
            "F43",
            "F44",
        ),
    ),
)
