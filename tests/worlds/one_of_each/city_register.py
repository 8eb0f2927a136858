"""Rows of the register and of memberships: correction, dispute, exchange, delegation and invitation."""

from datetime import date

from accounts.actors import CONSOLE_ACTOR
from partners.cities.actions import set_purchase_details
from partners.corrections.actions import propose_correction
from partners.disputes.actions import add_claim
from partners.memberships.actions import delegate_approvals, invite_member
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.marked_city import MarkedCity


def play_register(story: MarkedCity) -> None:
    """Add a correction, a dispute and an exchange to the register."""
    things, agreement = story.things, story.things["agreement"]
    things |= {"contact": story.contact, "organization": story.contact.organization}
    things |= dict.fromkeys(("city", "city people", "city limits"), story.city)
    words = story.texts("city limits", "registration_number", "purchase_conditions")
    set_purchase_details(story.city, **words, by=CONSOLE_ACTOR, at=AT)
    things["twin"] = cities.city("zhongshan")
    things["correction"] = propose_correction(
        agreement,
        "signed",
        "2009",
        source_url="https://register.example/minutes",
        why=story.say("correction"),
        **story.as_officer,
    )
    things["dispute"] = add_claim(
        agreement, "kind", "friendship", source="A list", by=CONSOLE_ACTOR, at=AT
    ).dispute
    things["exchange"] = cities.exchange(things["twin"], story.city)


def play_members(story: MarkedCity) -> None:
    """Delegate approvals to the observer and invite a member."""
    things, observer = story.things, story.observer.user
    things["membership"] = observer.memberships.get()
    days = {"starts_on": date(2020, 6, 1), "ends_on": date(2020, 6, 9)}
    reason = story.say("delegation")
    things["delegation"] = delegate_approvals(
        story.city, observer, **days, reason=reason, by=story.approver.by, at=AT
    )
    things["invitation"] = invite_member(
        city=story.city,
        email=f"invited@{story.city.slug}.example",
        name=story.say("invitation"),
        role="observer",
        by=CONSOLE_ACTOR,
        at=AT,
        real_at=AT,
    )
