"""Findings in words: one sentence for each code, filled with the finding's figures in the reader's language."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.catalogue.models import Use
from procurement.suppliers.models import Certificate
from workflow.errors import Words
from workflow.tongues import Figure, read

SENTENCES: dict[str, Words] = {
    "uscc_malformed": _("The company number %(number)s cannot be real: %(fault)s."),
    "uscc_missing": _("No company number is given."),
    "certificate_malformed": _("%(kind)s %(number)s cannot be real: %(why)s"),
    "certificate_worthless": _("%(kind)s proves nothing for these goods: %(why)s"),
    "certificate_elsewhere": _("The number %(number)s is also shown by another company (%(other)s)."),
    "certificate_expired": _("%(kind)s %(number)s ends on %(ends)s, before the goods would arrive."),
    "certificate_body": _("%(kind)s %(number)s: the notified body %(body)s does not hold. %(why)s"),
    "certificate_unsigned": _(
        "%(kind)s %(number)s names no notified body: a number alone proves nothing. Ask for the body’s name and number."
    ),
    "certificate_doubted": _("%(kind)s %(number)s was judged “%(status)s”."),
    "certificate_future": _("%(kind)s %(number)s is dated %(issued)s, a day that has not come yet."),
    "certificate_before_number": _(
        "%(kind)s %(number)s is dated %(issued)s, but its number was not given before %(year)s."
    ),
    "certificate_before_company": _(
        "%(kind)s %(number)s is dated %(issued)s, before the company was founded on %(founded)s."
    ),
    "certificate_holder": _(
        "%(kind)s %(number)s is in the name of %(holder)s, not of the company. Ask for their letter that it may sell these goods."
    ),
    "certificate_missing": _("No certificate was shown."),
    "certificate_modules": _(
        "Shown for modules %(modules)s only: protective equipment needs module B, and C2 or D for its making."
    ),
    "certificate_province": _(
        "%(kind)s %(number)s is of the province %(province)s, the maker is in another."
    ),
    "certificate_other_product": _("%(kind)s %(number)s is for other goods: %(products)s."),
    "certificate_other_standard": _("%(kind)s %(number)s speaks of %(standards)s, not of %(offered)s."),
    "file_elsewhere": _("The same file was shown for another company (%(others)s)."),
    "standard_below": _("%(offered)s does not meet %(asked)s: %(why)s"),
    "standard_neighbour": _("%(offered)s is comparable with %(asked)s, not equal to it: %(why)s"),
    "standard_unknown": _("The offer does not say which standard the goods meet."),
    "price_high": _(
        "%(price)s %(currency)s a piece is far above the middle of %(quotes)s quotes, %(median)s %(currency)s."
    ),
    "price_low": _(
        "%(price)s %(currency)s a piece is far below the middle of %(quotes)s quotes, %(median)s %(currency)s."
    ),
    "price_above_band": _(
        "%(price)s %(currency)s a piece is above twice the highest price known for these days, %(high)s."
    ),
    "price_four_times": _(
        "%(price)s %(currency)s a piece is above four times the highest price known for these days, %(high)s."
    ),
    "price_under_floor": _("%(price)s %(currency)s a piece is below what the material costs, %(floor)s."),
    "price_under_old_floor": _(
        "%(price)s %(currency)s a piece is below what the material cost until %(until)s, %(floor)s. "
        "Costs do not fall in a crisis; no figure is known for the day itself."
    ),
    "price_above_limit": _("%(price)s %(currency)s a piece is more than the need allows, %(limit)s."),
    "price_few": _("Too few quotes to judge the price: %(quotes)s. Cities they come from: %(cities)s."),
    "prepayment_high": _(
        "%(percent)s %% is asked before anything is shipped; %(most)s %% is the most that is usual."
    ),
    "free_mail": _("The company writes from a free address (%(domain)s)."),
    "duplicate_company": _("The company looks like %(others)s. Both have the same %(same)s."),
    "account_elsewhere": _("The account %(account)s is that of another company too (%(others)s)."),
    "account_holder": _("The account %(account)s is in the name of %(holder)s, not of the company."),
    "account_country": _("The account %(account)s is in %(country)s, the company in %(home)s."),
    "account_changed": _("Another account was named since: %(account)s. Call back before anything is paid."),
    "use_mismatch": _("The goods are declared for %(declared)s, the need is for %(needed)s."),
    "stock_implausible": _(
        "%(stock)s pieces in stock are more than %(days)s days of what is made in a day, %(capacity)s."
    ),
    "capacity_missing": _("A maker says neither what is in stock nor what is made in a day."),
    "capacity_young": _(
        "%(capacity)s pieces a day are a lot for a company founded on %(founded)s, less than a year before."
    ),
    "company_young": _("The company was founded on %(founded)s, less than half a year before the offer."),
    "chain_long": _("The offer came through %(links)s hands: %(chain)s."),
}
# What later stages find: they judge it and clear it, screening leaves it alone.
LATER: dict[str, Words] = {
    "customs_doubt": _("Customs may stop %(shipment)s: %(what)s. %(why)s"),
    "no_hand_over": _(
        "%(shipment)s is said to have left on %(departed)s, but no carrier has confirmed it took the goods."
    ),
    "parcels_short": _(
        "%(parcels)s parcels of %(shipment)s were handed to the carrier and have not arrived."
    ),
    "came_short": _(
        "Of %(shipment)s, %(missing)s pieces were missing and %(rejected)s were rejected at the door."
    ),
}

# Why a finding only warns, where it would block if its ground were firm.
UNSURE: dict[str, Words] = {
    "form": _("The form of these numbers is not known from a firm source."),
    "rule": _("The source of this rule is not firm."),
    "body": _("What is known of this body is not from an official list."),
    "band": _("The highest price of these days is not known from a firm source."),
    "maker": _("The number is that of an approval, and other brands of its maker may share it."),
    "company": _("The number is that of a company or its works: who sells for it may show its papers."),
    "laboratory": _("The number is that of the laboratory, which tests for many."),
    "body_number": _("The number is that of the notified body, which signs for many."),
    "same_holder": _("Both papers name the same holder: who sells for it may show them."),
}

# Figures that are codes, and their words.
LABELS: dict[str, dict[str, Words]] = {
    "fault": {
        "length": _("it must have 18 characters"),
        "characters": _("it has characters that no such number has"),
        "check_digit": _("its check digit is wrong"),
    },
    "declared": {choice.value: choice.label for choice in Use},
    "needed": {choice.value: choice.label for choice in Use},
    "status": {choice.value: choice.label for choice in Certificate.Status},
    "same": {
        "number": _("number"),
        "phone": pgettext_lazy("of a company", "phone"),
        "address": pgettext_lazy("of a company", "address"),
        "name": pgettext_lazy("of a company", "name"),
    },
}


def sentence(code: str, figures: dict[str, Any]) -> str:
    """A finding in words, in the reader's language."""
    return str((SENTENCES | LATER)[code]) % {name: _shown(name, value) for name, value in figures.items()}


def _shown(name: str, value: Any) -> Any:
    """A figure as the reader sees it: a text in three languages in theirs, a code by its label."""
    if isinstance(value, dict):
        return read(value)
    if isinstance(value, list):
        return str(_("; ")).join(str(_shown(name, one)) for one in value)
    if isinstance(value, int):
        return Figure(value)
    labels = LABELS.get(name, {})
    return labels.get(value, value)
