"""Rulebook entries on notified bodies and modules of European certificates. One entry for each code."""

from django.utils.translation import gettext_lazy as _

from procurement.rulebook.entries import BLOCKS, WARNS, Entry

BODIES: tuple[Entry, ...] = (
    Entry(
        code="certificate_unsigned",
        looks_at=_("Whether a paper with a module names its notified body"),
        does=(WARNS,),
        ground="open",
        settled="show",
        sources=("F33", "F34"),
    ),
    Entry(
        code="certificate_body",
        looks_at=_("The notified body: its act, scope and module, on the day of the paper"),
        does=(BLOCKS, WARNS),
        ground="published",
        settled="show",
        sources=("row", "F33", "F34"),
    ),
    Entry(
        code="certificate_body_to_check",
        looks_at=_("Bodies of which our list does not say enough, or that are not in it"),
        does=(WARNS,),
        ground="open",
        settled="nando",
        sources=("row",),
    ),
    Entry(
        code="certificate_other_module",
        looks_at=_("The module on the paper, beside that of its kind"),
        does=(WARNS,),
        ground="honest",
        settled="correct",
        sources=("row",),
    ),
    Entry(
        code="certificate_body_watched",
        looks_at=_("Bodies that may sign and that others warn of"),
        does=(WARNS,),
        ground="honest",
        settled="sample",
        sources=("F35", "F57"),
    ),
    Entry(
        code="certificate_modules",
        looks_at=_("Module B, and C2 or D beside it"),
        does=(WARNS,),
        ground="open",
        settled="show",
        sources=("row",),
    ),
    Entry(
        code="certificate_two_bodies",
        looks_at=_("Whether design and making are watched by the same body"),
        does=(WARNS,),
        ground="honest",
        settled="answer",
        sources=("row",),
    ),
)
