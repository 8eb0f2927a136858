"""The rules on who offers. One entry a code: a new code fails its test until it is explained here."""

from django.utils.translation import gettext_lazy as _

from procurement.web.rulebook.entry import BLOCKS, NOTES, WARNS, Entry

COMPANIES: tuple[Entry, ...] = (
    Entry(
        code="uscc_malformed",
        looks_at=_("The form and the check digit of a Chinese company number"),
        does=(BLOCKS,),
        ground="published",
        settled="correct",
        sources=("gb",),
    ),
    Entry(
        code="number_malformed",
        looks_at=_("The form of a company number of another country"),
        does=(WARNS,),
        ground="derived",
        settled="correct",
        sources=("stdnum",),
    ),
    Entry(
        code="uscc_missing",
        looks_at=_("Whether a company in China gives its company number"),
        does=(WARNS,),
        ground="open",
        settled="correct",
        sources=(
            "F26",
            "F27",
        ),
    ),
    Entry(
        code="free_mail",
        looks_at=_("Whether the company writes from a free address"),
        does=(NOTES,),
        ground="advice",
        settled="nothing",
        numbers=("free_mail",),
        sources=(
            "F43",
            "F44",
        ),
    ),
    Entry(
        code="duplicate_company",
        looks_at=_("Whether another company has the same number, phone, address or name"),
        does=(WARNS,),
        ground="honest",
        settled="merge",
        sources=("F20",),
    ),
    Entry(
        code="company_young",
        looks_at=_("The age of the company"),
        does=(WARNS,),
        ground="ours",
        settled="answer",
        numbers=("young",),
        sources=(
            "F26",
            "F27",
        ),
    ),
    Entry(
        code="chain_long",
        looks_at=_("Through how many hands the offer came"),
        does=(WARNS,),
        ground="ours",
        settled="answer",
        numbers=("chain",),
        sources=(
            "F22",
            "F23",
        ),
    ),
    Entry(
        code="maker_unconfirmed",
        looks_at=_("Whether the maker was asked about the seller, where many hands lie between"),
        does=(WARNS,),
        ground="advice",
        settled="ask_maker",
        numbers=("chain",),
        sources=(
            "F43",
            "F44",
        ),
    ),
    Entry(
        code="company_unregistered",
        looks_at=_("Whether the company stands in the company register"),
        does=(
            BLOCKS,
            WARNS,
        ),
        ground="official",
        settled="look",
        sources=(
            "F26",
            "F27",
        ),
    ),
    Entry(
        code="company_struck_off",
        looks_at=_("Whether its registration has ended"),
        does=(
            BLOCKS,
            WARNS,
        ),
        ground="official",
        settled="look",
        sources=(
            "F26",
            "F27",
        ),
    ),
    Entry(
        code="company_debts",
        looks_at=_("Debts before a court, of the company or of who owns it"),
        does=(WARNS,),
        ground="honest",
        settled="look",
        sources=(
            "F5",
            "F6",
        ),
    ),
    Entry(
        code="company_insolvent",
        looks_at=_("The insolvency register"),
        does=(
            BLOCKS,
            WARNS,
        ),
        ground="official",
        settled="look",
        sources=(
            "F26",
            "F27",
        ),
    ),
    Entry(
        code="maker_unlicensed",
        looks_at=_("Whether the maker has the licence to make these goods"),
        does=(
            BLOCKS,
            WARNS,
        ),
        ground="official",
        settled="look",
        sources=(
            "F2",
            "F4",
        ),
    ),
    Entry(
        code="licence_ended",
        looks_at=_("Whether that licence has ended"),
        does=(
            BLOCKS,
            WARNS,
        ),
        ground="official",
        settled="look",
        sources=(
            "F2",
            "F4",
        ),
    ),
    Entry(
        code="not_on_list",
        looks_at=_("Whether the goods stand on the authority’s list"),
        does=(
            BLOCKS,
            WARNS,
        ),
        ground="official",
        settled="look",
        sources=(
            "F41",
            "F28",
        ),
    ),
    Entry(
        code="cut_from_list",
        looks_at=_("Whether they were cut from that list"),
        does=(
            BLOCKS,
            WARNS,
        ),
        ground="official",
        settled="look",
        sources=(
            "F28",
            "F30",
        ),
    ),
    Entry(
        code="distributor_unknown",
        looks_at=_("Whether the maker knows the distributor"),
        does=(WARNS,),
        ground="word",
        settled="ask_maker",
        sources=(
            "F24",
            "F25",
        ),
    ),
    Entry(
        code="lot_unknown",
        looks_at=_("Whether the maker says that the lot is its own"),
        does=(WARNS,),
        ground="word",
        settled="ask_maker",
        sources=("F43",),
    ),
    Entry(
        code="made_fewer",
        looks_at=_("How many pieces exist, by the maker’s word, beside how many are offered"),
        does=(WARNS,),
        ground="word",
        settled="ask_maker",
        sources=(
            "F22",
            "F23",
        ),
    ),
    Entry(
        code="domain_young",
        looks_at=_("The age of the web domain"),
        does=(WARNS,),
        ground="advice",
        settled="look",
        numbers=("young",),
        sources=(
            "F19",
            "F20",
        ),
    ),
    Entry(
        code="domain_owner",
        looks_at=_("Who registered the web domain"),
        does=(WARNS,),
        ground="advice",
        settled="look",
        sources=(
            "F19",
            "F20",
        ),
    ),
    Entry(
        code="no_staff",
        looks_at=_("Whether the company has staff and is at work"),
        does=(WARNS,),
        ground="word",
        settled="look",
        sources=(
            "F26",
            "F27",
        ),
    ),
    Entry(
        code="other_goods",
        looks_at=_("What the company dealt in before"),
        does=(WARNS,),
        ground="word",
        settled="look",
        sources=(
            "F11",
            "F13",
        ),
    ),
    Entry(
        code="no_trade",
        looks_at=_("Whether it traded at all"),
        does=(WARNS,),
        ground="word",
        settled="look",
        sources=(
            "F5",
            "F6",
        ),
    ),
)
