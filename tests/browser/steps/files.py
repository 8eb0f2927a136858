"""A list on its way into the register: headings in the reader's words, a fault put right, a place settled, all of it taken back."""

import csv
import io
from pathlib import Path

from django.db import transaction
from playwright.sync_api import expect

from partners.exchange.wizard import work
from partners.models.imports import Import
from tests.browser.seat import Seat
from workflow import due

SUZHOU, ZHONGSHAN = "Suzhou", "Zhongshan"


def written(seat: Seat, folder: Path, day: str) -> Path:
    """Two agreements of Burnaby in words of this language, the columns in no usual order; the second was signed on `day`."""
    a, b = (seat.word(side) for side in ("City", "Partner city"))
    of_a, of_b = (seat.word("Country of “{side}”").format(side=side) for side in (a, b))
    canada, china = (seat.word(name) for name in ("Canada", "China"))
    sister, friendship = (seat.word(kind) for kind in ("Sister cities", "Friendship cities"))
    rows = [
        (seat.word("Signed"), of_b, b, seat.word("Kind"), a, of_a),
        ("2001", china, SUZHOU, sister, "Burnaby", canada),
        (day, china, ZHONGSHAN, friendship, "Burnaby", canada),
    ]
    file = folder / f"{day}.csv"
    file.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    return file


def upload(seat: Seat, file: Path) -> None:
    """From the page of files the first two steps: the file, then its columns, each guessed rightly by its heading."""
    seat.chooses("What the file holds", seat.word("Agreements"))
    seat.brings("File", file)
    seat.types("Where it comes from", "The city’s own list")
    seat.presses("Bring in")
    seat.reads("Which column is which?")
    seat.presses("Check the file")
    seat.reads("It will begin within half a minute.")


def is_faulty(seat: Seat) -> None:
    """What is wrong is named by its row and column, and nothing can be brought in."""
    seat.reads("What must be put right")
    fault = seat.page.get_by_role("row").filter(has_text=f"A: {seat.word('Signed')}")
    seat.sees(
        "3",
        seat.word("Write the day as YYYY, YYYY-MM or YYYY-MM-DD, as exactly as it is known."),
        within=fault,
    )
    expect(seat.button("Bring all of it in")).to_be_disabled()
    seat.presses("Files")


def settle(seat: Seat) -> None:
    """Two places of China bear the name: somebody says which is meant, the larger one standing first."""
    seat.press(seat.page.get_by_role("link", name=seat.word("Decide %(figure)s place", figure=1)))
    which = seat.page.get_by_label(f"{SUZHOU}, {seat.word('China')}")
    expect(which.locator("option")).to_contain_text(["Suzhou"] * 2)
    which.select_option(index=1)
    seat.presses("Keep these answers")


def bring_in(seat: Seat) -> None:
    """What it would do is shown first. While the machine has the file, its page tells how far it is, and asks again by itself."""
    seat.reads(
        "Nothing stands in the way. Nothing is in the register yet: what follows is what would happen."
    )
    seat.presses("Bring all of it in")
    with transaction.atomic():
        due.tell(work.task(Import.objects.latest("pk")), 1, 2)
        expect(seat.page.get_by_role("progressbar")).to_have_attribute("value", "1")


def take_back(seat: Seat, file: Path) -> None:
    """From the page of files: all of it goes again, for a reason that is kept."""
    seat.follows(file.name)
    seat.presses("Take it back")
    seat.types("Reason", "The list was out of date.")
    seat.presses("Take it back")
    seat.reads("It will begin within half a minute.")


def exported(seat: Seat) -> dict[tuple[str, str], str]:
    """The agreements of the register as the page of files gives them: the day each was signed, by its partner and kind."""
    seat.goes("/register/files/")
    agreements = seat.page.get_by_role("listitem").filter(has_text=seat.word("Agreements")).first
    content = seat.takes_home("CSV", within=agreements).decode("utf-8-sig")
    return {(row["city_b"], row["kind"]): row["signed"] for row in csv.DictReader(io.StringIO(content))}
