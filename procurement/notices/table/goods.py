"""The notices about orders, shipments, customs and what arrives."""

from django.utils.translation import gettext_lazy as _

from procurement.notices import audiences
from procurement.notices.audiences import (
    asked_for_papers,
    keeper_of_call,
    keeper_of_lead,
    keepers_of_lot,
    officers_and_broker,
)
from procurement.notices.notice import (
    CASE_ENDS,
    Notice,
    all_settled,
    an_order_goes_on,
    answer,
    arrived_safe,
    at_once,
    came_short,
    differs_still,
    first_of_gift,
    first_of_purchase,
    first_released,
    had_to_bring_more,
    has_missing,
    has_papers,
    is_gift,
    is_held_no_more,
    is_needed_again,
    is_safe,
    is_their_broker,
    last_settled,
    letter,
    no_link,
    not_thanked_yet,
    of_its_call,
    own_page,
    reached_them,
    staff,
    thanks_for_safe_goods,
    third,
    waits_for_papers,
)

BOUGHT = ("placed", "confirmed", "ready", "completed", "thanked")
UNDER_WAY = ("planned", "packed", "departed", "arrived")
CASE = ("open", "answered", "settled", "dropped")  # a letter tells of several, and stands while one does

ABOUT_GOODS: dict[tuple[str, str], tuple[Notice, ...]] = {
    # --- an order or a gift -------------------------------------------------------------------------------------
    ("procurement.order", "submit"): (
        staff(
            audiences.deciders,
            _("An order waits for your decision"),
            _("%(who)s asks you to approve %(thing)s. The page shows what it rests on."),
            "awaiting_approval",
        ),
    ),
    ("procurement.order", "approve"): (
        staff(audiences.keeper, _("Approved"), _("%(thing)s is approved and can be placed."), "approved"),
    ),
    ("procurement.order", "place"): (letter(audiences.contact, "order_placed", *BOUGHT, link=own_page),),
    ("procurement.order", "accept"): (
        letter(audiences.contact, "gift_accepted", "accepted", "ready", link=own_page),
    ),
    ("procurement.order", "decline"): (
        letter(audiences.contact, "gift_declined", "declined", link=own_page),
    ),
    ("procurement.order", "thank"): (
        letter(
            audiences.contact,
            "gift_thanks",
            "thanked",
            link=own_page,
            holds=not_thanked_yet,
            still=arrived_safe,
        ),
    ),
    ("procurement.order", "complete"): (
        staff(
            audiences.keeper,
            _("A gift is complete"),
            _("Every piece of %(thing)s is settled. Thank the giver, and say on its page that you did."),
            "completed",
            holds=is_gift,
        ),
    ),
    ("procurement.order", "cancel"): (
        letter(audiences.contact, "order_cancelled", "cancelled", link=own_page, holds=reached_them),
        staff(audiences.keeper, _("An order is cancelled"), _("%(who)s cancelled %(thing)s."), "cancelled"),
    ),
    ("procurement.order", "override"): (
        staff(
            audiences.keeper,
            _("What stood in the way is decided"),
            _("%(who)s decided to order in spite of it: %(thing)s. %(reason)s"),
            "draft",
            "awaiting_approval",
            "approved",
            "offered",
        ),
    ),
    ("procurement.order", "return"): (
        staff(audiences.keeper, _("Returned"), _("%(thing)s came back: %(reason)s"), "draft"),
    ),
    ("procurement.order", "lose"): (
        letter(audiences.contact, "order_lost", "lost", link=own_page, holds=reached_them),
        staff(
            audiences.officers,
            _("An order is lost"),
            _("%(thing)s will not arrive. What it covered is open again. %(reason)s"),
            "lost",
        ),
    ),
    ("procurement.bundle", "finish"): (
        staff(
            audiences.asker,
            _("The papers are ready"),
            _("The papers of an order are in one file: %(thing)s."),
            "ready",
        ),
    ),
    ("procurement.bundle", "fail"): (
        staff(
            audiences.asker,
            _("The papers were not put together"),
            _("%(thing)s could not be made. Its page says why."),
            "failed",
        ),
    ),
    # --- goods on their way -------------------------------------------------------------------------------------
    ("procurement.shipment", "assign_broker"): (
        staff(
            audiences.broker,
            _("Papers to clear"),
            _(
                "%(city)s asks you to clear %(thing)s. The page shows which papers are there and which are missing."
            ),
            *UNDER_WAY,
            still=is_their_broker,
        ),
    ),
    ("procurement.shipment", "depart"): (
        letter(audiences.contact, "goods_departed", "departed", link=own_page),
    ),
    ("procurement.shipment", "arrive"): (
        staff(
            audiences.logistics,
            _("Arrived in the country"),
            _("%(thing)s has arrived. Customs comes next."),
            "arrived",
        ),
    ),
    ("procurement.shipment", "deliver"): (
        letter(audiences.contact, "goods_delivered", "delivered", link=own_page),
    ),
    ("procurement.thanksnote", "send"): (
        letter(audiences.contact, "pack_thanks", "sent", link=own_page, still=thanks_for_safe_goods),
    ),
    ("procurement.reliefclaim", "remind"): (
        staff(
            audiences.dock,
            _("The end use of relieved goods has to be shown"),
            _(
                "%(thing)s: show where the goods went before the deadline, or the duty has to be paid after all."
            ),
            "open",
        ),
    ),
    ("procurement.shipment", "cancel"): (
        staff(
            audiences.broker,
            _("A shipment is cancelled"),
            _("%(city)s cancelled %(thing)s. There is nothing to clear."),
            "cancelled",
        ),
        letter(asked_for_papers, "papers_off", "cancelled"),
    ),
    ("procurement.shipment", "lose"): (
        letter(audiences.contact, "goods_lost", "lost", link=own_page, holds=an_order_goes_on),
        staff(
            officers_and_broker,
            _("A shipment is lost"),
            _("%(thing)s is given up as lost. %(reason)s"),
            "lost",
        ),
        letter(asked_for_papers, "papers_off", "lost"),
    ),
    ("procurement.customshold", "hold"): (
        staff(
            audiences.clearers,
            _("Held by customs"),
            _("Customs holds a shipment (%(thing)s). See what it asks. As written by %(who)s: %(held_for)s"),
            "held",
        ),
    ),
    ("procurement.customshold", "end"): (
        staff(
            audiences.clearers,
            _("The hold has ended"),
            _("Customs no longer holds the shipment (%(thing)s). It was held for this: %(held_for)s"),
            "ended",
            still=is_held_no_more,
        ),
    ),
    ("procurement.customspaper", "query"): (
        staff(
            audiences.clearers,
            _("Customs asks about a paper"),
            _("%(thing)s was queried. %(reason)s"),
            "queried",
        ),
    ),
    ("procurement.customspaper", "refuse"): (
        staff(
            audiences.clearers,
            _("Customs refused a paper"),
            _("%(thing)s needs a new version. %(reason)s"),
            "refused",
        ),
    ),
    # --- papers that come in by link ----------------------------------------------------------------------------
    ("procurement.customslane", "whole"): (
        staff(
            audiences.broker,
            _("All papers are there"),
            _("The papers for %(thing)s are all in hand: %(papers)s. The page shows them with their files."),
            "open",
            "filed",
        ),
    ),
    ("procurement.papercall", "ask"): (
        letter(audiences.person, "papers_asked", "asked", link=answer, still=has_missing),
    ),
    ("procurement.papercall", "remind"): (
        letter(audiences.person, "papers_reminder", "asked", link=answer, still=waits_for_papers),
        staff(
            audiences.keeper,
            _("Three reminders for papers went unanswered"),
            _("%(thing)s: nobody handed in what was asked for. Phone them, or ask somebody else."),
            "asked",
            holds=third,
        ),
    ),
    ("procurement.papercall", "finish"): (
        letter(audiences.person, "papers_done", "done", holds=had_to_bring_more),
    ),
    ("procurement.papercall", "ask_again"): (
        letter(audiences.person, "papers_needed", "asked", link=answer, still=has_missing),
    ),
    ("procurement.papercall", "tell"): (
        letter(audiences.person, "papers_whole", "asked", "done", link=answer, still=has_papers),
    ),
    ("procurement.papercall", "withdraw"): (letter(audiences.person, "papers_no_more", "withdrawn"),),
    ("procurement.papercall", "cannot"): (
        staff(
            audiences.keeper,
            _("A paper cannot be had"),
            _("%(who)s cannot get a paper that was asked for (%(thing)s). %(reason)s"),
            "asked",
            "done",
        ),
    ),
    ("procurement.paperversion", "receive"): (
        staff(
            keeper_of_call,
            _("A paper came in"),
            _("%(who)s handed in: %(thing)s. Take it, or give it back and say why."),
            "received",
        ),
    ),
    ("procurement.paperversion", "take"): (
        letter(audiences.bringer, "paper_taken", "taken", link=of_its_call),
    ),
    ("procurement.paperversion", "give_back"): (
        letter(audiences.bringer, "paper_given_back", "given_back", link=of_its_call, still=is_needed_again),
    ),
    ("procurement.receipt", "record"): (
        staff(
            audiences.officers,
            _("Not everything came as sent"),
            _(
                "Counting %(thing)s found a difference. The page shows what was rejected, missing or too many."
            ),
            "recorded",
            holds=came_short,
        ),
    ),
    ("procurement.differencecase", "open"): (
        letter(
            audiences.contact,
            "goods_differ",
            *CASE,
            link=answer,
            holds=first_of_purchase,
            still=differs_still,
        ),
        letter(
            audiences.contact, "goods_short", *CASE, link=own_page, holds=first_of_gift, still=differs_still
        ),
    ),
    ("procurement.differencecase", "answer"): (
        staff(
            keeper_of_lead,
            _("The sender answers"),
            _("%(contact)s says something about %(thing)s. Read it, and settle the case."),
            "answered",
        ),
    ),
    **{
        ("procurement.differencecase", verb): (
            letter(audiences.contact, "goods_settled", link=own_page, holds=last_settled, still=all_settled),
        )
        for verb in CASE_ENDS
    },
    ("procurement.lot", "release"): (
        letter(
            audiences.contact,
            "goods_released",
            "released",
            link=own_page,
            holds=first_released,
            still=is_safe,
        ),
    ),
    ("procurement.lot", "refuse"): (
        staff(keepers_of_lot, _("A lot is refused"), _("%(thing)s may not be used. %(reason)s"), "refused"),
    ),
    ("procurement.lot", "recall"): (
        staff(
            keepers_of_lot,
            _("A lot is recalled"),
            _("Take %(thing)s out of every ward now. %(reason)s"),
            "recalled",
            receipt=True,
        ),
    ),
    ("procurement.handout", "call_back"): (
        at_once(audiences.person, "lot_recalled", "handed_out", link=no_link),
    ),
    ("procurement.lot", "warn"): (
        staff(
            keepers_of_lot,
            _("The same lot was recalled elsewhere"),
            _(
                "A lot of the same number by the same company was recalled. Keep %(thing)s back until you have looked at it again."
            ),
            "quarantined",
            "released",
            "conditional",
        ),
    ),
}
