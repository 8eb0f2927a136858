"""The pages of contacts, who have no account: links, answers, reports and their own page."""

from collections.abc import Iterator

from django.urls import reverse

from tests.browser.pages.visit import CONTACT, NOBODY, Visit
from tests.worlds.browsed_pages import World


def visits(world: World) -> Iterator[Visit]:
    """Yield the visits to links and to the pages behind them."""
    for name, status in (
        ("inquiry", 200),
        ("open check", 200),
        ("invited", 200),
        ("contact", 200),
        ("open discrepancy", 200),
        ("introduced inquiry", 200),
        ("expired", 410),
    ):
        yield Visit("link", NOBODY, reverse("link", args=[world.tokens[name]]), status)
    yield Visit("link", NOBODY, reverse("link", args=["not-a-token"]), 404)
    token = world.tokens["inquiry"]
    for status in (200, 422):
        yield Visit(
            "link_not_for_me", NOBODY, reverse("link_not_for_me", args=[token]), status, sent=status == 422
        )
        yield Visit(
            "join", NOBODY, reverse("join", args=[world.tokens["invitation"]]), status, sent=status == 422
        )
    yield Visit("join", NOBODY, reverse("join", args=["not-a-token"]), 410)
    yield Visit("stop_mail", NOBODY, reverse("stop_mail", args=[world.tokens["stop"]]))
    yield Visit("stop_kind", NOBODY, reverse("stop_kind", args=[world.tokens["stop kind"]]))
    question, answered = world.things["inquiry"].reference, world.things["answered inquiry"].reference
    check, reported = world.things["open check"].reference, world.things["reported check"].reference
    for status in (200, 422):
        yield Visit(
            "portal_inquiry", CONTACT, reverse("portal_inquiry", args=[question]), status, sent=status == 422
        )
        yield Visit(
            "portal_check", CONTACT, reverse("portal_check", args=[check]), status, sent=status == 422
        )
        yield Visit(
            "portal_phone", CONTACT, reverse("portal_phone", args=[check]), status, sent=status == 422
        )
    case = reverse("portal_discrepancy", args=[world.things["open discrepancy"].reference])
    for status in (200, 422):
        yield Visit("portal_discrepancy", CONTACT, case, status, sent=status == 422)
    yield from _order_visits(world)
    between = world.things["introduced inquiry"].reference
    yield Visit("portal_introduction", CONTACT, reverse("portal_introduction", args=[between]))
    yield Visit("portal_refuse_introduction", CONTACT, reverse("portal_refuse_introduction", args=[between]))
    yield Visit("portal_inquiry", NOBODY, reverse("portal_inquiry", args=[question]), 403)
    yield Visit("portal_inquiry", CONTACT, reverse("portal_inquiry", args=[answered]))
    yield Visit(
        "portal_inquiry_receipt",
        CONTACT,
        reverse("portal_inquiry_receipt", args=[answered, world.things["answer"].reference]),
    )
    offer = [answered, world.things["answer"].reference]
    yield Visit("portal_offer", CONTACT, reverse("portal_offer", args=offer))
    yield Visit("portal_withdraw_offer", CONTACT, reverse("portal_withdraw_offer", args=offer))
    yield Visit("portal_tell_about_offer", CONTACT, reverse("portal_tell_about_offer", args=offer), 422)
    yield Visit("portal_extend_offer", CONTACT, reverse("portal_extend_offer", args=offer), 422)
    yield Visit("portal_check", CONTACT, reverse("portal_check", args=[reported]))
    for name, reference in (
        ("portal_decline_inquiry", question),
        ("portal_inquiry_colleague", question),
        ("portal_question", question),
        ("portal_decline_check", check),
        ("portal_check_colleague", check),
    ):
        yield Visit(name, CONTACT, reverse(name, args=[reference]))
    invited = world.things["invited"].pk
    for status in (200, 422):
        yield Visit("agree", CONTACT, reverse("agree", args=[invited]), status, sent=status == 422)
    yield Visit("agree", CONTACT, reverse("agree", args=[world.things["contact"].pk]))  # agreed already
    for nothing_asked in (False, True):
        whose = invited if nothing_asked else world.things["contact"].pk
        yield Visit("my_requests", CONTACT, reverse("my_requests", args=[whose]))
    mine = [world.things["contact"].pk, "maker"]
    yield Visit("my_unsolicited_offer", CONTACT, reverse("my_unsolicited_offer", args=mine))
    unasked = [world.things["contact"].pk, world.things["lead"].reference]
    yield Visit("my_offer", CONTACT, reverse("my_offer", args=unasked), 403)  # a part of it is ordered
    yield Visit("my_withdraw_offer", CONTACT, reverse("my_withdraw_offer", args=unasked), 422)
    yield Visit("my_tell_about_offer", CONTACT, reverse("my_tell_about_offer", args=unasked))
    yield Visit("my_extend_offer", CONTACT, reverse("my_extend_offer", args=unasked), 422)
    yield Visit("my_details", CONTACT, reverse("my_details", args=[invited]))  # asks for the six-digit code
    yield Visit("my_details", CONTACT, reverse("my_details", args=[world.things["contact"].pk]))


def _order_visits(world: World) -> Iterator[Visit]:
    """Yield the visits to a purchase order behind the link of its supplier."""
    sent = world.things["acknowledgement"].reference
    yield Visit("portal_order", CONTACT, reverse("portal_order", args=[sent]))
    yield Visit("portal_order", NOBODY, reverse("portal_order", args=[sent]), 403)
    for verb in ("confirm", "propose", "decline"):
        yield Visit(
            "portal_order_answer", CONTACT, reverse("portal_order_answer", args=[sent, verb]), 422, sent=True
        )
