"""Screening rules on payment terms: size of the advance, contradictory wording, and combined warning signs."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import WARN, FindingData, OfferData
from procurement.leads.screening.rule_types import RuleNumber, ScreeningRule
from procurement.leads.screening.seller import is_free_mail

MAX_PREPAID_PERCENT = 30  # percent

MAX_PREPAID_PERCENT_NUMBER = RuleNumber(_("Maximum advance payment (percent)"), MAX_PREPAID_PERCENT)


def screen_payment_terms(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on the advance payment."""
    yield from _screen_entered_advance(offer)
    yield from _screen_stated_advance(offer)


PREPAYMENT_HIGH = ScreeningRule(
    code="prepayment_high",
    severities=(WARN,),
    description=_("Share requested before shipment"),
    message=_("%(percent)s%% is requested before shipment; the usual maximum is %(most)s%%."),
    rationale=rationales.DERIVED_FIGURE,
    remedy=remedies.CORRECT_FACT,
    numbers=(MAX_PREPAID_PERCENT_NUMBER,),
    sources=(sources.TANGO_PREPAYMENT, sources.PHAC_ADVANCE_LOSSES, sources.FIGURE_FROM_MEMORY),
)


def _screen_entered_advance(offer: OfferData) -> Iterator[FindingData]:
    if offer.prepayment_percent is not None and offer.prepayment_percent > MAX_PREPAID_PERCENT:
        yield PREPAYMENT_HIGH.finding(percent=offer.prepayment_percent, most=MAX_PREPAID_PERCENT)


ADVANCE_STATED = ScreeningRule(
    code="advance_stated",
    severities=(WARN,),
    description=_("Advance payment mentioned in the payment terms, but no percentage entered"),
    message=_(
        "The payment terms (“%(terms)s”) ask for %(percent)s%% in advance, but the percentage has "
        "not been entered. Ask the seller and enter it."
    ),
    rationale=rationales.DERIVED_FIGURE,
    remedy=remedies.CORRECT_FACT,
    numbers=(MAX_PREPAID_PERCENT_NUMBER,),
    sources=(sources.TANGO_PREPAYMENT, sources.PHAC_ADVANCE_LOSSES, sources.FIGURE_FROM_MEMORY),
)
ADVANCE_UNCLEAR = ScreeningRule(
    code="advance_open",
    severities=(WARN,),
    description=_("Advance payment mentioned in the payment terms, without an amount"),
    message=_(
        "The payment terms (“%(terms)s”) mention an advance payment but not its amount. Ask the "
        "seller and enter the percentage."
    ),
    rationale=rationales.STILL_MISSING,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.TANGO_PREPAYMENT, sources.PHAC_ADVANCE_LOSSES),
)
PAYMENT_UNSTATED = ScreeningRule(
    code="payment_unstated",
    severities=(WARN,),
    description=_("Payment terms that ask for the full price without saying when it is due"),
    message=_(
        "The payment terms (“%(terms)s”) ask for the full price but do not say when it is due. Ask the "
        "seller, and enter the percentage requested in advance."
    ),
    rationale=rationales.STILL_MISSING,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.TANGO_PREPAYMENT, sources.PHAC_ADVANCE_LOSSES),
)
ADVANCE_DIFFERS = ScreeningRule(
    code="advance_differs",
    severities=(WARN,),
    description=_("Payment terms compared with the percentage entered"),
    message=_(
        "The payment terms (“%(terms)s”) ask for %(said)s%% in advance, but the offer says "
        "%(percent)s%%. Ask the seller which is right, and correct the other."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.OFFER_TEXT,),
)
ADVANCE_DENIED = ScreeningRule(
    code="advance_denied",
    severities=(WARN,),
    description=_(
        "Advance payment mentioned in the payment terms, although the offer says none is requested"
    ),
    message=_(
        "The payment terms (“%(terms)s”) mention an advance payment, but the offer says none is "
        "requested. Ask the seller which is right, and correct the other."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.OFFER_TEXT,),
)


def _screen_stated_advance(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on the advance in the seller's words, compared with the percentage entered."""
    said, field, terms = offer.stated_advance_percent, offer.prepayment_percent, offer.payment_terms
    if field is None:
        if offer.mentions_advance and (said is None or said > MAX_PREPAID_PERCENT):
            rule = ADVANCE_UNCLEAR if said is None else ADVANCE_STATED
            yield rule.finding(terms=terms, percent=said)
        elif offer.full_payment_time_unstated:
            yield PAYMENT_UNSTATED.finding(terms=terms)
    elif said is not None and said != field:
        yield ADVANCE_DIFFERS.finding(terms=terms, said=said, percent=field)
    elif offer.mentions_advance and not field:
        yield ADVANCE_DENIED.finding(terms=terms)


COMBINED_RED_FLAGS = ScreeningRule(
    code="flags_together",
    severities=(WARN,),
    description=_("Free email address or pressure to pay immediately, combined with a large advance payment"),
    message=_(
        "Several warning signs occur together: %(flags)s. Pay nothing in advance until the "
        "manufacturer confirms the seller. A second approver must decide on the order."
    ),
    rationale=rationales.FRAUD_ALERT_ADVICE,
    remedy=remedies.SECOND_APPROVER,
    numbers=(MAX_PREPAID_PERCENT_NUMBER,),
    sources=(sources.FBI_ADVANCE_FEE_ALERT, sources.FBI_HOSPITAL_ALERT),
)


def screen_combined_flags(offer: OfferData) -> Iterator[FindingData]:
    """Yield a finding for red flags that weigh more together: large advance with haste or free mail.

    A second approver then decides on the order.
    """
    most = max(offer.prepayment_percent or 0, offer.stated_advance_percent or 0)
    if most <= MAX_PREPAID_PERCENT and not (
        offer.mentions_advance and offer.stated_advance_percent is None and not offer.prepayment_percent
    ):
        return
    flags = [
        flag
        for flag, there in (("free_mail", is_free_mail(offer.email)), ("pressed", offer.presses_for_payment))
        if there
    ]
    if flags:
        yield COMBINED_RED_FLAGS.finding(flags=[*flags, "advance"])
