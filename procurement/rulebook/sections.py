"""Sections of the rules page: its subjects, and the rules of each in reading order.

Each rule is defined in the module that applies it, for example in `procurement/leads/screening/`.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from procurement.leads.hooks import screening_rules
from procurement.leads.screening.rule_types import Rule
from procurement.orders.payments.rules.blocks import BANK_ACCOUNT_RULE
from procurement.orders.payments.rules.payments import DEPOSIT_RULE
from procurement.orders.rules.blockers import OFFERS_SOUGHT_RULE
from procurement.verification.rules.needed_checks import CHECK_RULES
from workflow.errors import LazyText


def _rules_with_codes(codes: str) -> tuple[Rule, ...]:
    """Return the rules of findings with these codes. Raises KeyError for a code without a rule."""
    rules = screening_rules.get()
    return tuple(rules[code] for code in codes.split())


SECTIONS: Mapping[str, tuple[LazyText, tuple[Rule, ...]]] = {
    "companies": (
        _("Supplier checks"),
        _rules_with_codes(
            "uscc_malformed number_malformed uscc_region uscc_no_business mark_other_country "
            "words_of_no_paper uscc_missing free_mail duplicate_company company_young chain_long "
            "maker_unconfirmed company_unregistered company_struck_off company_debts company_insolvent "
            "maker_unlicensed licence_ended not_on_list cut_from_list distributor_unknown lot_unknown "
            "made_fewer domain_young domain_owner looked_up_long_ago no_staff other_goods no_trade"
        ),
    ),
    "lists": (
        _("Sanctions and forced-labour lists"),
        _rules_with_codes("list_match list_confirmed"),
    ),
    "papers": (
        _("Standards and documents"),
        _rules_with_codes(
            "standard_below standard_ended standard_neighbour goods_other standard_unknown "
            "certificate_missing certificate_required certificate_malformed certificate_worthless "
            "certificate_elsewhere report_two_models certificate_importers certificate_class_one "
            "mark_class_one certificate_report_open certificate_unsigned certificate_body "
            "certificate_body_to_check certificate_other_module certificate_body_watched "
            "certificate_modules certificate_two_bodies certificate_declared_by certificate_too_low "
            "certificate_province certificate_holder certificate_not_lent certificate_holder_unread "
            "certificate_makers certificate_other_manufacturer certificate_other_product "
            "certificate_other_standard certificate_not_the_lines certificate_other_model "
            "certificate_expired certificate_ends_on_the_way certificate_no_end certificate_long_ago "
            "certificate_future certificate_before_number certificate_number_future "
            "certificate_number_office certificate_number_other_goods certificate_holds_too_long "
            "certificate_before_company file_elsewhere certificate_doubted issuer_denies "
            "issuer_asked_long_ago"
        ),
    ),
    "prices": (
        _("Prices"),
        _rules_with_codes(
            "price_high price_low price_above_band price_four_times price_times_list price_under_floor "
            "price_under_old_floor price_above_limit price_few"
        ),
    ),
    "terms": (
        _("Quantity and terms"),
        _rules_with_codes(
            "prepayment_high use_mismatch feature_differs counterfeit_sign stock_unproven "
            "stock_unconfirmed advance_stated advance_open payment_unstated advance_differs advance_denied "
            "flags_together use_stricter use_false receiver_unstated stock_implausible capacity_missing "
            "capacity_young"
        ),
    ),
    "accounts": (
        _("Supplier’s bank account"),
        _rules_with_codes("account_elsewhere account_holder account_country account_changed"),
    ),
    "later": (
        _("Problems that appear later"),
        _rules_with_codes(
            "account_after_contract payment_urgent reported_no customs_doubt paper_old declared_otherwise "
            "no_hand_over parcels_short came_short"
        ),
    ),
    "checks": (_("Required checks"), CHECK_RULES),
    "payments": (_("Orders and payments"), (DEPOSIT_RULE, BANK_ACCOUNT_RULE, OFFERS_SOUGHT_RULE)),
}
