"""The order of the scenes: when, in Vancouver's time, what happens, and who plays it. The demo opens right after the last."""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.models import Membership
from procurement.management.scenario import buying, cast, checks, leads, lists, needs, shipping
from procurement.management.scenario.stage import Scene, Stage, go_on, moment
from workflow import clock
from workflow.errors import Refused

SCRIPT: tuple[tuple[str, str, tuple[Scene, ...]], ...] = (
    ("2020-03-23 09:00", "The cities name who acts for them", (cast.enter, cast.name_contacts)),
    ("2020-03-23 19:00", "The contacts abroad agree to be asked", (cast.agree,)),
    ("2020-03-24 09:00", "Burnaby posts a need", (needs.burnaby_posts,)),
    ("2020-03-24 11:00", "Markham and Lethbridge post", (needs.markham_posts, needs.lethbridge_posts)),
    ("2020-03-24 14:00", "Oakville posts", (needs.oakville_posts,)),
    ("2020-03-25 09:00", "Their partners in China are asked", (needs.partners_are_asked,)),
    ("2020-03-25 18:30", "Zhongshan and Guiyang answer", (leads.zhongshan_answers, leads.guiyang_gives)),
    (
        "2020-03-26 09:00",
        "Burnaby has both offers checked",
        (buying.account_is_entered, checks.burnaby_opens_checks),
    ),
    ("2020-03-26 18:00", "Wuhan answers; Huai'an cannot", (leads.wuhan_answers, needs.one_cannot)),
    ("2020-03-27 09:30", "Markham declines a price", (leads.markham_declines,)),
    ("2020-03-27 19:00", "Reports come in", (checks.zhongshan_reports, checks.guiyang_reports)),
    ("2020-03-28 10:00", "Burnaby judges them", (checks.burnaby_judges,)),
    ("2020-03-28 11:00", "A gift is offered", (buying.gift_is_offered,)),
    ("2020-03-28 14:00", "The approver accepts it", (buying.gift_is_accepted,)),
    ("2020-03-28 20:00", "A colleague takes the visit on", (checks.liang_goes_there,)),
    ("2020-03-29 17:00", "Anyang answers, late", (leads.anyang_answers,)),
    ("2020-03-29 18:00", "A question is answered", (checks.zhongshan_answers_the_question,)),
    ("2020-03-30 09:00", "The gift is planned", (buying.gift_is_ready, shipping.gift_is_planned)),
    ("2020-03-30 19:00", "Huai'an answers; the visit is made", (leads.huaian_answers, checks.liang_reports)),
    ("2020-03-31 09:00", "The maker is verified", (checks.burnaby_verifies, leads.lethbridge_upholds)),
    ("2020-03-31 11:00", "An order is written", (buying.purchase_is_written,)),
    ("2020-03-31 12:00", "The gift departs", (shipping.gift_departs,)),
    (
        "2020-03-31 15:00",
        "A second person approves the order",
        (buying.purchase_is_approved, buying.memo_is_made),
    ),
    ("2020-04-01 10:00", "It is placed, the account is confirmed", (buying.purchase_is_placed,)),
    ("2020-04-01 20:00", "The maker confirms", (buying.purchase_is_confirmed,)),
    ("2020-04-02 10:00", "The gift arrives", (shipping.gift_arrives,)),
    ("2020-04-03 11:00", "The deposit is proposed", (buying.deposit_is_proposed,)),
    ("2020-04-03 14:00", "A second person pays it", (buying.deposit_is_paid,)),
    ("2020-04-03 15:00", "The gift is counted: two cartons damaged", (shipping.gift_is_counted,)),
    ("2020-04-06 09:00", "Its lot is inspected and released", (shipping.gift_is_released,)),
    ("2020-04-06 11:00", "The purchase is planned", (shipping.purchase_is_planned,)),
    ("2020-04-06 15:00", "The gift is closed", (shipping.gift_is_closed, buying.gift_is_thanked_for)),
    ("2020-04-07 18:00", "Zhongshan names a trader", (leads.zhongshan_names_a_trader,)),
    ("2020-04-08 10:00", "The goods are packed", (buying.purchase_is_ready, shipping.purchase_is_packed)),
    ("2020-04-08 14:00", "Burnaby explains three findings", (leads.burnaby_explains,)),
    ("2020-04-09 09:00", "A practice list of sanctions is uploaded", (lists.a_list_is_uploaded,)),
    ("2020-04-09 10:00", "A stranger offers", (leads.a_stranger_writes,)),
    # Half past nine on a Friday in Zhongshan: the three reminders of this check fall on its Monday, Tuesday and Thursday mornings.
    ("2020-04-09 18:30", "The trader is checked", (checks.burnaby_checks_the_trader,)),
    ("2020-04-09 19:00", "Its letters go out while they are at work", ()),
    ("2020-04-10 10:00", "The stranger is seen through", (leads.burnaby_sees_through_it,)),
    ("2020-04-10 18:00", "The purchase departs", (shipping.purchase_departs,)),
    ("2020-04-12 18:00", "A Monday morning in China, with reminders", ()),
    ("2020-04-13 09:00", "It arrives", (shipping.purchase_arrives, buying.second_payment_is_proposed)),
    ("2020-04-13 18:00", "A report on the trader", (checks.export_of_the_trader,)),
    ("2020-04-13 20:00", "More reminders in their morning", ()),
    ("2020-04-14 11:00", "Customs holds the purchase", (shipping.purchase_is_held,)),
    (
        "2020-04-14 15:00",
        "Oakville has a paper checked",
        (checks.oakville_opens_checks, leads.oakville_wonders),
    ),
    ("2020-04-14 16:00", "Markham asks Zhongshan", (needs.markham_asks_zhongshan,)),
    ("2020-04-14 18:00", "Another report on the trader", (checks.licence_of_the_trader,)),
    ("2020-04-15 14:00", "It goes back with a question", (checks.burnaby_asks_back,)),
    ("2020-04-15 16:00", "More is ordered", (buying.more_is_ordered,)),
    ("2020-04-15 19:00", "The third reminder: now somebody phones", ()),
    ("2020-04-16 08:45", "A quarter to nine: the night's mail is read", ()),
)
OPENS_AT = moment("2020-04-16 09:00")


def played() -> bool:
    """Whether the story was played here already: its first role is given out before anything else."""
    return Membership.objects.filter(user__email="officer@burnaby.example").exists()


@transaction.atomic
def rehearse(say: Callable[[str], object]) -> Stage:
    """Play the scenes one after the other, each at its time by the practice clock, and leave the clock at 09:00 of 16 April 2020.

    The whole story or nothing of it. `say` is told each scene. Refuses a real instance, and to play twice.
    """
    if not clock.is_practice():
        raise Refused("not_practice", _("The scenario is played on a practice instance only."))
    if played():
        raise Refused("played_already", _("The scenario has been played here."))
    stage = Stage()
    for when, words, scenes in SCRIPT:
        go_on(when)
        say(f"{when}  {words}")
        for scene in scenes:
            scene(stage)
    clock.move_on(OPENS_AT)
    return stage
