"""Tests of the recipients of a message, and of the time when they can read it."""

from accounts.actions.people import deactivate
from accounts.actors import CONSOLE_ACTOR
from accounts.models import ActionLink
from procurement.leads.actions.leads import draft_lead
from procurement.notifications import audiences
from procurement.notifications.audiences import (
    officer_of_linked_item,
    partner_city_officers,
    people_waiting_for_person,
)
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from workflow.clock import real_now


class TestAudiences:
    def test_other_officers_of_the_city_are_notified_when_the_responsible_officer_has_left(
        self, story, inquiry
    ):
        other = story.second_officer
        assert audiences.responsible_officer(inquiry) == [story.officer.user]
        deactivate(story.officer.user, reason="left", by=CONSOLE_ACTOR, at=AT, real_at=real_now())
        inquiry.refresh_from_db()
        assert audiences.responsible_officer(inquiry) == [other.user]

    def test_logistics_messages_go_to_officers_when_no_logistics_member_exists(self, story, inquiry):
        officer = story.officer
        assert audiences.logistics_staff(inquiry) == [officer.user]
        assert audiences.logistics_staff(inquiry) != [story.logistics.user]

    def test_consent_messages_go_to_partner_city_officers_or_the_asked_contact(self, story, inquiry):
        through = cities.city("foshan")
        inquiry.through_city = through
        cities.member("administrator", through)  # may not agree
        assert partner_city_officers(inquiry) == []
        officer = cities.member("officer", through)
        assert partner_city_officers(inquiry) == [officer]
        assert audiences.introducing_contact(inquiry) == []
        inquiry.introducer = cities.contact(through, "Pan Li")
        assert partner_city_officers(inquiry) == []
        assert audiences.introducing_contact(inquiry) == [inquiry.introducer.user]

    def test_people_waiting_for_a_contact_are_the_officer_and_the_contacts_administrator(
        self, story, inquiry
    ):
        looks_after = cities.member("administrator", story.contact.city)
        assert set(people_waiting_for_person(story.contact.user)) == {story.officer.user, looks_after}

    def test_misdirected_link_is_reported_to_the_officer_who_asked(self, story, inquiry):
        about = ActionLink(user=story.contact.user, thing_label="procurement.inquiry", thing_id=inquiry.pk)
        assert officer_of_linked_item(about) == [story.officer.user]
        own = ActionLink(user=story.contact.user, thing_label="partners.contact", thing_id=story.contact.pk)
        assert officer_of_linked_item(own) == [story.officer.user]

    def test_offer_without_a_contact_and_shipment_without_a_broker_have_no_recipients(self, story, inquiry):
        lead = draft_lead(story.city, author=story.officer.user, by=story.officer.by, at=AT, supplier=story.supplier,
                           product=story.line().product)  # fmt: skip
        assert audiences.asked_contact(lead) == []
        assert audiences.customs_broker(story.plan()) == []
