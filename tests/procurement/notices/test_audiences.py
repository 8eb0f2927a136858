"""To whom a message goes, and when they are there to read it."""

from accounts.actions.people import shut_out
from accounts.actors import CONSOLE
from accounts.models import Link
from procurement.leads.actions import offers
from procurement.notices import audiences
from procurement.notices.audiences import askers_of, askers_of_link, go_between
from tests import world
from tests.procurement.story import AT
from workflow.clock import real_now


class TestAudiences:
    def test_where_the_keeper_has_left_the_citys_officers_are_told(self, story, inquiry):
        other = story.second_officer
        assert audiences.keeper(inquiry) == [story.officer.user]
        shut_out(story.officer.user, reason="left", by=CONSOLE, at=AT, real_at=real_now())
        inquiry.refresh_from_db()
        assert audiences.keeper(inquiry) == [other.user]

    def test_logistics_or_else_the_officers_receive(self, story, inquiry):
        officer = story.officer
        assert audiences.logistics(inquiry) == [officer.user]
        assert audiences.logistics(inquiry) != [story.logistics.user]

    def test_the_go_between_is_the_partner_citys_officers_or_the_contact_who_was_asked(self, story, inquiry):
        through = world.city("foshan")
        inquiry.through_city = through
        world.member("administrator", through)  # who may not agree
        assert go_between(inquiry) == []
        officer = world.member("officer", through)
        assert go_between(inquiry) == [officer]
        assert audiences.introducer(inquiry) == []
        inquiry.introducer = world.contact(through, "Pan Li")
        assert go_between(inquiry) == []
        assert audiences.introducer(inquiry) == [inquiry.introducer.user]

    def test_who_waits_for_somebodys_answer(self, story, inquiry):
        looks_after = world.member("administrator", story.contact.city)
        assert set(askers_of(story.contact.user)) == {story.officer.user, looks_after}

    def test_who_is_told_of_a_link_to_the_wrong_person(self, story, inquiry):
        about = Link(user=story.contact.user, thing_label="procurement.inquiry", thing_id=inquiry.pk)
        assert askers_of_link(about) == [story.officer.user]
        own = Link(user=story.contact.user, thing_label="partners.contact", thing_id=story.contact.pk)
        assert askers_of_link(own) == [story.officer.user]

    def test_nobody_is_meant_where_nobody_is_named(self, story, inquiry):
        lead = offers.draft(story.city, author=story.officer.user, by=story.officer.by, at=AT, supplier=story.supplier,
                           product=story.line().product)  # fmt: skip
        assert audiences.contact(lead) == []
        assert audiences.broker(story.plan()) == []
