"""Rulebook entries on the dates and the number of a certificate. One entry for each code."""

from django.utils.translation import gettext_lazy as _

from procurement.rulebook.entries import BLOCKS, NOTES, WARNS, Entry

DAYS: tuple[Entry, ...] = (
    Entry(
        code="certificate_expired",
        looks_at=_("Whether the paper has ended, today or as of the day the goods come"),
        does=(BLOCKS, WARNS),
        ground="own",
        settled="show",
        sources=("own", "F29"),
    ),
    Entry(
        code="certificate_ends_on_the_way",
        looks_at=_("Whether it would end on the way, by the usual days of travel"),
        does=(WARNS,),
        ground="derived",
        settled="show",
        numbers=("by_air", "crowded"),
        sources=("customs",),
    ),
    Entry(
        code="certificate_no_end",
        looks_at=_("Papers whose kind ends and that name no end"),
        does=(NOTES,),
        ground="note",
        settled="issuer",
        sources=("memory",),
    ),
    Entry(
        code="certificate_long_ago",
        looks_at=_("Papers that name no end and are older than their kind holds"),
        does=(WARNS,),
        ground="derived",
        settled="issuer",
        sources=("memory",),
    ),
    Entry(
        code="certificate_future",
        looks_at=_("A day of issue that has not come"),
        does=(BLOCKS,),
        ground="own",
        settled="correct",
        sources=("own",),
    ),
    Entry(
        code="certificate_before_number",
        looks_at=_("A day of issue before the year in the number"),
        does=(BLOCKS,),
        ground="own",
        settled="correct",
        sources=("row",),
    ),
    Entry(
        code="certificate_number_future",
        looks_at=_("A year in the number that has not come"),
        does=(BLOCKS,),
        ground="own",
        settled="correct",
        sources=("row",),
    ),
    Entry(
        code="certificate_number_office",
        looks_at=_("Whether the office in the number gives such numbers"),
        does=(WARNS,),
        ground="honest",
        settled="issuer",
        sources=("row",),
    ),
    Entry(
        code="certificate_number_other_goods",
        looks_at=_("The product group in the number, beside the offered goods"),
        does=(WARNS,),
        ground="honest",
        settled="issuer",
        sources=("row",),
    ),
    Entry(
        code="certificate_holds_too_long",
        looks_at=_("Papers that are to hold longer than their kind does"),
        does=(WARNS,),
        ground="derived",
        settled="issuer",
        sources=("memory",),
    ),
    Entry(
        code="certificate_before_company",
        looks_at=_("A day of issue before the company was founded"),
        does=(WARNS,),
        ground="honest",
        settled="correct",
        sources=("own",),
    ),
)
