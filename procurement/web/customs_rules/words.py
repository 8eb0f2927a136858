"""How a customs rule's standing is said: whether it blocks, why it only warns, what became of it."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.models.facts import Fact, Holds
from procurement.catalogue.rules.backing import Backing, Ground, ground_of
from procurement.catalogue.rules.papers import Doubt, Requirement
from workflow.errors import Words

UNCONFIRMED = _("not confirmed since %(year)s")

DOUBTS: Mapping[Doubt, Words] = {
    Doubt.WARNS: _("the rule asks for no more"),
    Doubt.MEMORY: _("from memory, without a source"),
    Doubt.DAYS: _("its days are from memory"),
    Doubt.WEAK: _("its source is weak"),
    Doubt.RECEIVER: _("who will use the goods is not stated"),
    Doubt.GOODS: _("the goods’ customs code or class is not sure"),
}


GROUNDS: Mapping[Ground, Words] = {
    Ground.OFFICIAL: _("An official text says so."),
    Ground.INDEPENDENT: _("No official text: independent sources say the same."),
}
PRACTICE = _(
    "Usual practice: neither an official text nor two independent sources say this, so it only warns."
)


def ground(row: Fact) -> Words:
    """What a row rests on: for a firm one which ground makes it so, else that it is usual practice; "" where nothing was read."""
    if not row.source_urls:
        return ""
    return GROUNDS.get(ground_of(row), PRACTICE) if row.is_firm else PRACTICE


def doubt(asked: Requirement) -> Words:
    """Why a paper only warns; "" for one that blocks."""
    if asked.doubt is Doubt.NONE:
        return ""
    if asked.doubt is Doubt.UNCONFIRMED:
        return UNCONFIRMED % {"year": asked.unconfirmed_since}
    return DOUBTS[asked.doubt]


def effect(blocks: bool) -> Words:
    """Blocks or warns."""
    return CustomsRule.Effect.BLOCKS.label if blocks else CustomsRule.Effect.WARNS.label


def standing(row: Fact, on: date) -> Words:
    """Whether a rule or a relief is in force on a day, and how sure that is."""
    held = row.holds_on(on)
    if held is Holds.YES:
        return _("in force") if Backing.of(row, on).firm else _("in force, not firm")
    if held is Holds.NO:
        return _("not in force")
    year = row.unconfirmed_since(on)
    return UNCONFIRMED % {"year": year} if year else _("not known whether in force")
