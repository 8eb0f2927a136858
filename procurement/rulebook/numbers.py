"""Numbers of the rules, each read from the constant that the rule itself uses, never typed here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from procurement.leads.queries import screening_data
from procurement.leads.queries.prices import PEER_DAYS
from procurement.leads.queries.required_certificates import FEWEST_DIGITS
from procurement.leads.screening import prices, seller_and_terms
from procurement.orders.payments.rules.account_changes import HURRY
from procurement.orders.payments.rules.payments import MOST_DEPOSIT
from procurement.orders.rules.blockers import ENOUGH_OFFERS
from procurement.sanctions.rules.scoring import POSSIBLE
from procurement.suppliers.rules.bank_accounts import COOLING
from procurement.suppliers.rules.certificates import FRESH_FOR
from procurement.suppliers.rules.register_lookups import LISTS_FRESH_FOR
from procurement.tracking.rules import HAND_OVER_WITHIN
from procurement.verification.rules import needed_checks
from workflow.errors import Words
from workflow.i18n import LocalizedCount


@dataclass(frozen=True)
class RuleNumber:
    """Number of a rule: its label, and the value of the constant."""

    label: Words
    value: int | Decimal | str

    @property
    def shown(self) -> str:
        """Value in the reader's number format."""
        if isinstance(self.value, Decimal):
            places = -int(self.value.as_tuple().exponent)
            return formats.number_format(self.value, decimal_pos=places, use_l10n=True)
        return str(LocalizedCount(self.value)) if isinstance(self.value, int) else self.value


NUMBERS: Mapping[str, RuleNumber] = {
    "free_mail": RuleNumber(
        _("Free addresses"),
        ", ".join(
            sorted([*seller_and_terms.FREE_MAIL, *(f"{name}.*" for name in seller_and_terms.FREE_FAMILIES)])
        ),
    ),
    "young": RuleNumber(_("Young for so many days"), seller_and_terms.YOUNG_DAYS),
    "usual_mask": RuleNumber(
        _("Usual maximum stock of masks and respirators at an established company"),
        seller_and_terms.USUAL_STOCK["mask"],
    ),
    "usual_other": RuleNumber(
        _("Pieces of other goods, where nothing else is known"), seller_and_terms.USUAL_STOCK[""]
    ),
    "young_share": RuleNumber(
        _("Usual share of that stock for a company in its first year: one in"), seller_and_terms.YOUNG_SHARE
    ),
    "chain": RuleNumber(_("Hands at most"), seller_and_terms.LONGEST_CHAIN),
    "alike": RuleNumber(_("Alike by so many percent or more"), POSSIBLE),
    "cooling": RuleNumber(
        _("Hours until an account that was called back is paid into"), COOLING // timedelta(hours=1)
    ),
    "hurry": RuleNumber(_("Days within which a second payment is in a hurry"), HURRY.days),
    "digits": RuleNumber(_("Digits that a number has at least"), FEWEST_DIGITS),
    "by_air": RuleNumber(
        _("Days by air from China that are counted where none are named"), screening_data.BY_AIR
    ),
    "crowded": RuleNumber(_("More days in the spring of 2020"), screening_data.AT_CROWDED_AIRPORTS),
    "fresh": RuleNumber(_("Days for which an answer counts"), FRESH_FOR.days),
    "fresh_list": RuleNumber(
        _("Days for which an answer of a list of goods or makers counts"), LISTS_FRESH_FOR.days
    ),
    "quotes": RuleNumber(_("Quotes at least"), prices.ENOUGH_QUOTES),
    "cities": RuleNumber(_("Cities they come from at least"), prices.ENOUGH_CITIES),
    "peer_days": RuleNumber(_("Days back that quotes count"), PEER_DAYS),
    "robust": RuleNumber(_("Robust score at most"), prices.ROBUST_LIMIT),
    "factor": RuleNumber(
        _("Factor of that score: the distance from the median, divided by the median of such distances"),
        prices.CONSISTENCY,
    ),
    "flat": RuleNumber(_("Share of the median at most, where the quotes are alike"), prices.FLAT_LIMIT),
    "soft": RuleNumber(_("Times the highest: it warns"), prices.SOFT_TIMES),
    "hard": RuleNumber(_("Times the highest: it blocks where the source is firm"), prices.HARD_TIMES),
    "prepaid": RuleNumber(_("Percent in advance at most"), seller_and_terms.MOST_PREPAID),
    "stock": RuleNumber(_("Days of making at most"), seller_and_terms.STOCK_DAYS),
    "much": RuleNumber(_("Pieces a day that are a lot"), seller_and_terms.MUCH_A_DAY),
    "a_year": RuleNumber(_("Days for which a company is young here"), seller_and_terms.YEAR_DAYS),
    "hand_over": RuleNumber(_("Hours without a hand-over"), HAND_OVER_WITHIN // timedelta(hours=1)),
    "visit": RuleNumber(_("Pieces from which somebody goes there"), needed_checks.VISIT_FROM),
    "known": RuleNumber(
        _("Pieces from which somebody goes to a maker the city has approved"), needed_checks.KNOWN_VISIT_FROM
    ),
    "tested": RuleNumber(_("Respirators from which a sample is tested"), needed_checks.SAMPLE_FROM),
    "deposit": RuleNumber(_("Percent before shipping at most"), MOST_DEPOSIT),
    "offers": RuleNumber(_("Offers sought at least"), ENOUGH_OFFERS),
}
