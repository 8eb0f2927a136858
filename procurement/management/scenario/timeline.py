"""Timeline of the scenario: the order of its steps, with times in Vancouver.

The demo opens right after the last one.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.memberships.models import Membership
from procurement.management.scenario import people
from procurement.management.scenario.leads import (
    anyang_offers_plain_masks,
    burnaby_explains_findings,
    burnaby_rejects_stranger,
    guiyang_offers_donation,
    huaian_offers_donation_unasked,
    huaian_offers_false_certificate,
    lethbridge_upholds_finding,
    markham_rejects_offer,
    oakville_comments,
    stranger_offers_masks,
    wuhan_offers_overpriced,
    zhongshan_contact_offers_trader_goods,
    zhongshan_offers_masks,
)
from procurement.management.scenario.needs import (
    burnaby_asks_through_zhongshan,
    burnaby_lists_unwanted_goods,
    burnaby_posts_home_care_need,
    burnaby_posts_need,
    huaian_contact_declines,
    lethbridge_posts_need,
    lethbridge_sends_need_for_approval,
    markham_asks_zhongshan,
    markham_posts_need,
    markham_writes_letter_templates,
    oakville_posts_need,
    partners_are_asked,
    zhongshan_agrees_until_june,
)
from procurement.management.scenario.orders import (
    bank_account_is_entered,
    deposit_is_paid,
    deposit_is_proposed,
    donation_is_accepted,
    donation_is_offered,
    donation_is_ready,
    donation_is_thanked_for,
    maker_proposes_date,
    memo_is_created,
    purchase_is_approved,
    purchase_is_confirmed,
    purchase_is_placed,
    purchase_is_ready,
    purchase_is_written,
    second_order_is_submitted,
    second_payment_is_proposed,
)
from procurement.management.scenario.people import add_contacts, add_markham_contact
from procurement.management.scenario.shipments import (
    donation_arrives,
    donation_departs,
    donation_is_closed,
    donation_is_counted,
    donation_is_planned,
    donation_is_released,
    purchase_arrives,
    purchase_departs,
    purchase_is_held,
    purchase_is_packed,
    purchase_is_planned,
)
from procurement.management.scenario.state import ScenarioState, Scene, advance_clock_to, vancouver_time
from procurement.management.scenario.verification import (
    burnaby_opens_checks,
    burnaby_requests_trader_checks,
    burnaby_returns_report,
    burnaby_reviews_checks,
    burnaby_verifies_offer,
    colleague_accepts_visit,
    colleague_reports_visit,
    guiyang_submits_reports,
    oakville_opens_checks,
    trader_export_is_reported,
    trader_licence_is_reported,
    zhongshan_submits_again,
    zhongshan_submits_reports,
)
from procurement.management.scenario.watchlists import watchlist_is_uploaded
from workflow.clock import advance_clock, is_practice
from workflow.errors import Refused

TIMELINE: tuple[tuple[str, str, tuple[Scene, ...]], ...] = (
    (
        "2020-03-23 09:00",
        "The cities name who acts for them",
        (people.appoint_staff, add_contacts, add_markham_contact),
    ),
    ("2020-03-23 19:00", "The contacts abroad agree to be asked", (people.give_consents,)),
    ("2020-03-24 09:00", "Burnaby posts a need", (burnaby_posts_need,)),
    ("2020-03-24 11:00", "Markham and Lethbridge post", (markham_posts_need, lethbridge_posts_need)),
    ("2020-03-24 14:00", "Oakville posts", (oakville_posts_need,)),
    ("2020-03-25 09:00", "Their partners in China are asked", (partners_are_asked,)),
    ("2020-03-25 18:30", "Zhongshan and Guiyang answer", (zhongshan_offers_masks, guiyang_offers_donation)),
    (
        "2020-03-26 09:00",
        "Burnaby has both offers checked",
        (bank_account_is_entered, burnaby_opens_checks),
    ),
    ("2020-03-26 18:00", "Wuhan answers; Huai'an cannot", (wuhan_offers_overpriced, huaian_contact_declines)),
    ("2020-03-27 09:30", "Markham declines a price", (markham_rejects_offer,)),
    ("2020-03-27 19:00", "Reports come in", (zhongshan_submits_reports, guiyang_submits_reports)),
    ("2020-03-28 10:00", "Burnaby judges them", (burnaby_reviews_checks,)),
    ("2020-03-28 11:00", "A gift is offered", (donation_is_offered,)),
    ("2020-03-28 14:00", "The approver accepts it", (donation_is_accepted,)),
    ("2020-03-28 20:00", "A colleague takes the visit on", (colleague_accepts_visit,)),
    ("2020-03-29 17:00", "Anyang answers, late", (anyang_offers_plain_masks,)),
    ("2020-03-29 18:00", "A question is answered", (zhongshan_submits_again,)),
    ("2020-03-30 09:00", "The gift is planned", (donation_is_ready, donation_is_planned)),
    (
        "2020-03-30 19:00",
        "Huai'an answers; the visit is made",
        (huaian_offers_false_certificate, colleague_reports_visit),
    ),
    ("2020-03-31 09:00", "The maker is verified", (burnaby_verifies_offer, lethbridge_upholds_finding)),
    ("2020-03-31 11:00", "An order is written", (purchase_is_written,)),
    ("2020-03-31 12:00", "The gift departs", (donation_departs,)),
    (
        "2020-03-31 15:00",
        "A second person approves the order",
        (purchase_is_approved, memo_is_created),
    ),
    ("2020-04-01 10:00", "It is placed, the account is confirmed", (purchase_is_placed,)),
    ("2020-04-01 20:00", "The maker proposes a date by link", (maker_proposes_date,)),
    ("2020-04-02 09:00", "Burnaby accepts it", (purchase_is_confirmed,)),
    ("2020-04-02 10:00", "The gift arrives", (donation_arrives,)),
    ("2020-04-03 11:00", "The deposit is proposed", (deposit_is_proposed,)),
    ("2020-04-03 14:00", "A second person pays it", (deposit_is_paid,)),
    ("2020-04-03 15:00", "The gift is counted: two cartons damaged", (donation_is_counted,)),
    ("2020-04-06 09:00", "Its lot is inspected and released", (donation_is_released,)),
    ("2020-04-06 11:00", "The purchase is planned", (purchase_is_planned,)),
    ("2020-04-06 15:00", "The gift is closed", (donation_is_closed, donation_is_thanked_for)),
    ("2020-04-07 18:00", "Zhongshan names a trader", (zhongshan_contact_offers_trader_goods,)),
    ("2020-04-08 10:00", "The goods are packed", (purchase_is_ready, purchase_is_packed)),
    (
        "2020-04-08 14:00",
        "Burnaby explains three findings",
        (burnaby_explains_findings, burnaby_lists_unwanted_goods),
    ),
    ("2020-04-09 09:00", "A practice list of sanctions is uploaded", (watchlist_is_uploaded,)),
    ("2020-04-09 10:00", "A stranger offers", (stranger_offers_masks,)),
    # 09:30 on Friday in Zhongshan, so the check's reminders fall on Monday, Tuesday and Thursday morning.
    ("2020-04-09 18:30", "The trader is checked", (burnaby_requests_trader_checks,)),
    ("2020-04-09 19:00", "Its letters go out while they are at work", ()),
    ("2020-04-10 10:00", "The stranger is seen through", (burnaby_rejects_stranger,)),
    ("2020-04-10 18:00", "The purchase departs", (purchase_departs,)),
    ("2020-04-12 18:00", "A Monday morning in China, with reminders", ()),
    ("2020-04-13 09:00", "It arrives", (purchase_arrives, second_payment_is_proposed)),
    ("2020-04-13 18:00", "A report on the trader", (trader_export_is_reported,)),
    ("2020-04-13 20:00", "More reminders in their morning", ()),
    ("2020-04-14 11:00", "Customs holds the purchase", (purchase_is_held,)),
    (
        "2020-04-14 15:00",
        "Oakville has a paper checked",
        (oakville_opens_checks, oakville_comments),
    ),
    (
        "2020-04-14 16:00",
        "Markham asks Zhongshan",
        (markham_asks_zhongshan, markham_writes_letter_templates),
    ),
    ("2020-04-14 18:00", "Another report on the trader", (trader_licence_is_reported,)),
    (
        "2020-04-15 14:00",
        "It goes back with a question; Zhongshan may introduce Markham",
        (burnaby_returns_report, burnaby_asks_through_zhongshan),
    ),
    (
        "2020-04-15 16:00",
        "More is ordered; a need waits for approval",
        (second_order_is_submitted, lethbridge_sends_need_for_approval),
    ),
    ("2020-04-15 17:00", "Home care needs masks, too", (burnaby_posts_home_care_need,)),
    (
        "2020-04-15 18:00",
        "Huai'an offers a gift unasked; Zhongshan agrees",
        (huaian_offers_donation_unasked, zhongshan_agrees_until_june),
    ),
    ("2020-04-15 19:00", "The third reminder: now someone phones", ()),
    ("2020-04-16 08:45", "A quarter to nine: the night's mail is read", ()),
)
PRACTICE_OPENS_AT = vancouver_time("2020-04-16 09:00")


def is_played() -> bool:
    """Return True if the scenario was played on this site: the role that it grants first exists."""
    return Membership.objects.filter(user__email="officer@burnaby.example").exists()


@transaction.atomic
def play_scenario(say: Callable[[str], object]) -> ScenarioState:
    """Play all steps at their times, and leave the practice clock at 09:00 on 16 April 2020.

    Runs in one transaction. `say` receives one line per time. Refuses a real site and a second run.
    """
    if not is_practice():
        raise Refused("not_practice", _("The scenario can run only on a practice site."))
    if is_played():
        raise Refused("played_already", _("The scenario has already been run on this site."))
    scenario = ScenarioState()
    for when, words, scenes in TIMELINE:
        advance_clock_to(when)
        say(f"{when}  {words}")
        for scene in scenes:
            scene(scenario)
    advance_clock(PRACTICE_OPENS_AT)
    return scenario
