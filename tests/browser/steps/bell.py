"""What reaches somebody who signs in: the bell and its page, mail as they chose it, and the days in their own calendar."""

from urllib.error import HTTPError
from urllib.request import urlopen

import icalendar
import vobject
from playwright.sync_api import Locator, expect

from tests.browser.seat import Seat, Words
from tests.browser.town import Town
from workflow.outbox import drawer


def choose(seat: Seat, ways: dict[Words, Words]) -> None:
    """How mail of each kind comes, from the page of notices."""
    seat.goes("/notices/")
    seat.presses("Choose the mail")
    for kind, way in ways.items():
        seat.ticks(way, group=kind)
    seat.presses("Save")
    seat.reads("Your choices are saved.")


def rings(seat: Seat, times: int) -> None:
    """So many are unread."""
    expect(bell(seat).locator(".count")).to_have_text(str(times))


def bell(seat: Seat) -> Locator:
    """It stands on every page."""
    return seat.page.locator("a.bell").locator("visible=true").first


def look(seat: Seat, *subjects: Words) -> None:
    """Each is told on the page behind the bell."""
    seat.press(bell(seat))
    seat.reads(*subjects)


def put_aside(seat: Seat, subject: Words) -> None:
    """One by opening its thing; the rest at once, which can be undone."""
    row = seat.page.get_by_role("listitem").filter(has_text=seat.word(subject))
    seat.presses(("Open", "a link"), within=row, whole=False)
    left = int(bell(seat).locator(".count").inner_text())
    seat.press(bell(seat))
    seat.presses("Mark all as read")
    seat.reads("All are marked as read.")
    expect(bell(seat).locator(".count")).to_have_count(0)
    seat.presses("Undo")
    rings(seat, left)


def mails(town: Town) -> list[str]:
    """What the mail to the officer is about, without the references, the newest first."""
    address = town.story.officer.user.email
    subjects = (str(mail["Subject"]) for mail in drawer.newest(0, 30) if address in str(mail["To"]))
    return [subject.rpartition(" · ")[2] for subject in subjects]


def subscribe(seat: Seat) -> str:
    """An address for one's calendar program, shown once."""
    seat.goes("/account/calendar/")
    seat.presses("Make an address")
    return seat.page.locator("#calendar-address").inner_text()


def read(address: str) -> dict[str, str]:
    """What two calendar programs read at the address, the same: what is due, by its key."""
    with urlopen(address, timeout=30) as answer:
        assert answer.headers.get_content_type() == "text/calendar"
        content = answer.read().decode()
    one = {str(event["UID"]): str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(content).events}
    other = {event.uid.value: event.summary.value for event in vobject.readOne(content).vevent_list}
    assert one == other
    return one


def withdraw(seat: Seat, address: str) -> None:
    """Ended: whoever holds the address reads no more."""
    seat.goes("/account/calendar/")
    seat.presses("End the address")
    try:
        urlopen(address, timeout=30)
    except HTTPError as refused:
        assert refused.code == 410
