"""Inquiries in each state, and the letter of thanks for one."""

from datetime import timedelta

from procurement.outreach.actions.inquiries import (
    ask_partner_city,
    draft_inquiry,
    give_consent,
    save_thank_you_letters,
    send_inquiry,
)
from procurement.outreach.letter_pdf import LetterHead, new_sent_letter, new_verification_code
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.models.letters import SentLetter
from procurement.outreach.rules.people import partner_city_officers
from tests.worlds import cities
from tests.worlds.cities import powers_by_link_to, powers_for
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.marked_city import MarkedCity
from workflow.journal.models import Entry


def play_inquiries(story: MarkedCity) -> None:
    """Send an inquiry, keep one as a draft, and send three through other cities, one with a consent until a day."""
    things = story.things
    inquiry = story.inquiry("inquiry", story.contact, **story.texts("inquiry", "chosen_because"))
    things["inquiry"] = things["question to them"] = send_inquiry(inquiry, **story.by_officer)
    things["thanks"] = thank_you_letter(inquiry)
    things["colleague"] = cities.contact("zhongshan", "Chen Fang")
    things["unsent inquiry"] = story.inquiry("unsent inquiry", things["colleague"])
    play_consent(story)
    cities.member("officer", cities.city("zhongshan"))  # may agree that the contact is asked
    cities.contact("wuhan", "Ding Lan")  # may agree by link, because her city has no users
    for name, contact, through in (
        ("second inquiry", "He Min", "zhongshan"),
        ("introduced inquiry", "Pan Li", "wuhan"),
    ):
        asked = story.inquiry(name, cities.contact("foshan", contact), through_city=cities.city(through))
        things[name] = ask_partner_city(asked, **story.by_officer)


def play_consent(story: MarkedCity) -> None:
    """Let Zhongshan agree until a day: its contact if it has no officer yet, else an officer."""
    zhongshan = cities.city("zhongshan")
    asked = draft_inquiry(
        story.things["need"], cities.contact("foshan", "Guan Ning"), through_city=zhongshan, subject="Masks",
        body="Can you help?", **story.as_officer,
    )  # fmt: skip
    ask_partner_city(asked, **story.by_officer)
    if asked.introducer is None:
        by = powers_for(partner_city_officers(asked)[0])
    else:  # of the contacts without other inquiries, the colleague is asked
        asked.introducer = story.things["colleague"]
        asked.save()
        by = powers_by_link_to(asked.introducer, asked)
    give_consent(asked, until=AT.date() + timedelta(days=60), by=by, at=AT)
    story.things["consent"] = asked.period_consent


def thank_you_letter(inquiry: Inquiry) -> SentLetter:
    """Store a thank-you letter about an inquiry, as the periodic job does with its mail."""
    entry, code = Entry.objects.about(inquiry).get(verb="send"), new_verification_code()
    head = LetterHead(f"{inquiry.reference}-T1", inquiry.city, inquiry.contact, AT)
    said = head.build_content([("en", "Thank you", "Thank you for your help.")], {"en": "Masks"}, code)
    save_thank_you_letters([new_sent_letter(said, code=code, at=AT, entry=entry, contact=inquiry.contact)])
    return SentLetter.objects.get(code=code)
