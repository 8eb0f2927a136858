"""Steps around notifications: their page, the choice of mail, and the calendar subscription."""

from urllib.error import HTTPError
from urllib.request import urlopen

import icalendar
import vobject
from playwright.sync_api import Locator, expect

from tests.browser.city_browsers import Cities
from tests.browser.translated_browser import Seat, Words
from workflow.outbox.file_backend import newest_mails


def choose_mail(seat: Seat, ways: dict[Words, Words]) -> None:
    """Choose how mail of each kind comes, from the page of notifications."""
    seat.goes("/notifications/")
    seat.presses("Email settings")
    for kind, way in ways.items():
        seat.ticks(way, group=kind)
    seat.presses("Save")
    seat.reads("Your choices have been saved.")


def check_unread_count(seat: Seat, times: int) -> None:
    """Check the number of unread notifications."""
    expect(bell(seat).locator(".count")).to_have_text(str(times))


def bell(seat: Seat) -> Locator:
    """Return the icon of the notifications, which is on every page."""
    return seat.page.locator("a.bell").locator("visible=true").first


def check_subjects(seat: Seat, *subjects: Words) -> None:
    """Check that the page of notifications shows these subjects."""
    seat.press(bell(seat))
    seat.reads(*subjects)


def read_and_restore(seat: Seat, subject: Words) -> None:
    """Read one notification by opening its object, mark the rest as read, and undo that."""
    row = seat.page.get_by_role("listitem").filter(has_text=seat.word(subject))
    seat.presses(("Open", "a link"), within=row, whole=False)
    left = int(bell(seat).locator(".count").inner_text())
    seat.press(bell(seat))
    seat.presses("Mark all as read")
    seat.reads("All notifications are marked as read.")
    expect(bell(seat).locator(".count")).to_have_count(0)
    seat.presses("Undo")
    check_unread_count(seat, left)


def mail_subjects(town: Cities) -> list[str]:
    """Return the subjects of the officer's mails without the references, the newest first."""
    address = town.story.officer.user.email
    subjects = (str(mail["Subject"]) for mail in newest_mails(0, 30) if address in str(mail["To"]))
    return [subject.rpartition(" · ")[2] for subject in subjects]


def create_calendar_address(seat: Seat) -> str:
    """Make an address for a calendar program; it is shown once."""
    seat.goes("/account/calendar/")
    seat.presses("Create link")
    return seat.page.locator("#calendar-address").inner_text()


def read_calendar(address: str) -> dict[str, str]:
    """Return the due dates at a calendar address by their key; two calendar libraries must read the same."""
    with urlopen(address, timeout=30) as answer:
        assert answer.headers.get_content_type() == "text/calendar"
        content = answer.read().decode()
    one = {str(event["UID"]): str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(content).events}
    other = {event.uid.value: event.summary.value for event in vobject.readOne(content).vevent_list}
    assert one == other
    return one


def end_calendar_address(seat: Seat, address: str) -> None:
    """End the calendar address, which is then gone for every reader."""
    seat.goes("/account/calendar/")
    seat.presses("Cancel link")
    try:
        urlopen(address, timeout=30)
    except HTTPError as refused:
        assert refused.code == 410
