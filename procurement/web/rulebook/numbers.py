"""The numbers of the rules, each read from the constant that the rule itself uses; never written here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from procurement.leads import gathering
from procurement.leads.gathering.needed import FEWEST_DIGITS
from procurement.leads.gathering.prices import PEER_DAYS
from procurement.leads.screening import offers, prices
from procurement.lists.rules.scoring import POSSIBLE
from procurement.orders.rules.accounts import HURRY
from procurement.orders.rules.gates import ENOUGH_OFFERS
from procurement.orders.rules.payments import MOST_DEPOSIT
from procurement.shipments.rules.tracking.steps import HAND_OVER_WITHIN
from procurement.suppliers.rules.accounts import COOLING
from procurement.suppliers.rules.issuer_checks import FRESH_FOR
from procurement.suppliers.rules.lookups import LISTS_FRESH_FOR
from procurement.verification.rules import needed
from workflow.errors import Words
from workflow.tongues import Figure


@dataclass(frozen=True)
class Number:
    """One number of a rule: what it counts, and the constant's own value."""

    label: Words
    value: int | Decimal | str

    @property
    def shown(self) -> str:
        """The value as its reader writes it."""
        if isinstance(self.value, Decimal):
            places = -int(self.value.as_tuple().exponent)
            return formats.number_format(self.value, decimal_pos=places, use_l10n=True)
        return str(Figure(self.value)) if isinstance(self.value, int) else self.value


NUMBERS: Mapping[str, Number] = {
    "free_mail": Number(
        _("Free addresses"),
        ", ".join(sorted([*offers.FREE_MAIL, *(f"{name}.*" for name in offers.FREE_FAMILIES)])),
    ),
    "young": Number(_("Young for so many days"), offers.YOUNG_DAYS),
    "usual_mask": Number(
        _("Usual maximum stock of masks and respirators at an established company"),
        offers.USUAL_STOCK["mask"],
    ),
    "usual_other": Number(_("Pieces of other goods, where nothing else is known"), offers.USUAL_STOCK[""]),
    "young_share": Number(
        _("Usual share of that stock for a company in its first year: one in"), offers.YOUNG_SHARE
    ),
    "chain": Number(_("Hands at most"), offers.LONGEST_CHAIN),
    "alike": Number(_("Alike by so many percent or more"), POSSIBLE),
    "cooling": Number(
        _("Hours until an account that was called back is paid into"), COOLING // timedelta(hours=1)
    ),
    "hurry": Number(_("Days within which a second payment is in a hurry"), HURRY.days),
    "digits": Number(_("Digits that a number has at least"), FEWEST_DIGITS),
    "by_air": Number(_("Days by air from China that are counted where none are named"), gathering.BY_AIR),
    "crowded": Number(_("More days in the spring of 2020"), gathering.AT_CROWDED_AIRPORTS),
    "fresh": Number(_("Days for which an answer counts"), FRESH_FOR.days),
    "fresh_list": Number(
        _("Days for which an answer of a list of goods or makers counts"), LISTS_FRESH_FOR.days
    ),
    "quotes": Number(_("Quotes at least"), prices.ENOUGH_QUOTES),
    "cities": Number(_("Cities they come from at least"), prices.ENOUGH_CITIES),
    "peer_days": Number(_("Days back that quotes count"), PEER_DAYS),
    "robust": Number(_("Robust score at most"), prices.ROBUST_LIMIT),
    "factor": Number(
        _("Factor of that score: the distance from the median, divided by the median of such distances"),
        prices.CONSISTENCY,
    ),
    "flat": Number(_("Share of the median at most, where the quotes are alike"), prices.FLAT_LIMIT),
    "soft": Number(_("Times the highest: it warns"), prices.SOFT_TIMES),
    "hard": Number(_("Times the highest: it blocks where the source is firm"), prices.HARD_TIMES),
    "prepaid": Number(_("Percent in advance at most"), offers.MOST_PREPAID),
    "stock": Number(_("Days of making at most"), offers.STOCK_DAYS),
    "much": Number(_("Pieces a day that are a lot"), offers.MUCH_A_DAY),
    "a_year": Number(_("Days for which a company is young here"), offers.A_YEAR),
    "hand_over": Number(_("Hours without a hand-over"), HAND_OVER_WITHIN // timedelta(hours=1)),
    "visit": Number(_("Pieces from which somebody goes there"), needed.VISIT_FROM),
    "known": Number(
        _("Pieces from which somebody goes to a maker the city has approved"), needed.KNOWN_VISIT_FROM
    ),
    "tested": Number(_("Respirators from which a sample is tested"), needed.SAMPLE_FROM),
    "deposit": Number(_("Percent before shipping at most"), MOST_DEPOSIT),
    "offers": Number(_("Offers sought at least"), ENOUGH_OFFERS),
}
