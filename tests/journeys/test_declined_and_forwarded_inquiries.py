"""A contact declines, another passes the inquiry on, and the holder of an expired link gets a new one.

The new link goes only to the address known before.
"""

from datetime import timedelta

import pytest

from procurement.outreach.models.inquiries import Inquiry
from tests.browsing import Browser
from tests.journeys import steps
from tests.journeys.people_and_ticks import PartnerContact, Town, chinese_text, mails_to, move_clock_to
from workflow import clock

pytestmark = pytest.mark.usefixtures("journey")
DAYS_A_LINK_LIVES = 31


@pytest.mark.every_way
def test_inquiry_is_declined_forwarded_and_reached_by_renewed_link(time_machine):
    town = Town()
    li_wei, chen_jing, zhao_min = (
        PartnerContact("Li Wei"),
        PartnerContact("Chen Jing"),
        PartnerContact("Zhao Min"),
    )
    need = steps.post_a_need(town)
    for helper in (li_wei, chen_jing):
        letter = town.officer.open(f"{need.get_absolute_url()}ask/{helper.contact.pk}/")
        letter.press("Send request")
    move_clock_to("2020-04-17T01:00")

    # Li Wei declines with a short message and gets no reminder.
    li_wei.opens().follow(chinese_text("I cannot help")).press(
        chinese_text("Tell the city"), remark="最近都在支援武汉，抱歉。"
    )
    assert "最近都在支援武汉，抱歉。" in town.officer.open(_asked(li_wei))

    # Chen Jing passes the inquiry on to the right person, who gets a letter of her own.
    ask = chen_jing.opens().follow(chinese_text("Please ask my colleague"))
    ask.press(chinese_text("Pass on to colleague"), to=str(zhao_min.contact.pk), remark="她负责物资。")
    move_clock_to("2020-04-20T01:00")  # no mail goes out on a weekend
    onward = _asked(zhao_min)
    assert onward.status == "sent"
    assert zhao_min.opens().at == f"/a/{onward.reference}/"

    # Days later only the contact asked last gets reminders; the officer was notified of the other answers at once.
    move_clock_to("2020-04-24T02:00")
    assert [len(one.mails()) for one in (li_wei, chen_jing)] == [1, 1]
    assert len(zhao_min.mails()) >= 2
    assert mails_to(town.officer_person)

    # The officer confirms the need, which would otherwise take no offers from 15 May.
    town.officer.open(f"{need.get_absolute_url()}reconfirm/").press("Confirm need", until="2020-06-14")

    # Her link has expired and offers a new one, to her own address only.
    old = zhao_min.link()
    time_machine.move_to(clock.real_now() + timedelta(days=DAYS_A_LINK_LIVES))
    closed = Browser().open(old)
    assert closed.status == 410
    assert zhao_min.contact.user.email not in closed.text
    before = len(zhao_min.mails())
    closed.press(chinese_text("Send me a new link"))
    move_clock_to("2020-05-26T02:00")
    assert len(zhao_min.mails()) > before
    steps.offer(zhao_min.opens())
    onward.refresh_from_db()
    assert onward.status == "answered"


def _asked(helper: PartnerContact) -> Inquiry:
    return Inquiry.objects.get(contact=helper.contact)
