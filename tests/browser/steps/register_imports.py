"""Steps of an import into the register: column headings, an error, an ambiguous city, and the withdrawal."""

import csv
import io
from pathlib import Path

from django.db import transaction
from playwright.sync_api import expect

from partners.register_import.models import Import
from partners.register_import.worker import import_progress_task_name
from tests.browser.translated_browser import Seat
from workflow.progress import report_progress

SUZHOU, ZHONGSHAN = "Suzhou", "Zhongshan"


def write_list(seat: Seat, folder: Path, day: str) -> Path:
    """Write two agreements of Burnaby to a file; return its path.

    The words are of this language and the columns in an unusual order; the second agreement was signed on
    `day`.
    """
    a, b = (seat.word(side) for side in ("City", "Partner city"))
    of_a, of_b = (seat.word("Country of “{side}”").format(side=side) for side in (a, b))
    canada, china = (seat.word(name) for name in ("Canada", "China"))
    sister, friendship = (seat.word(kind) for kind in ("Sister cities", "Friendship cities"))
    rows = [
        (seat.word("Signed"), of_b, b, seat.word("Type"), a, of_a),
        ("2001", china, SUZHOU, sister, "Burnaby", canada),
        (day, china, ZHONGSHAN, friendship, "Burnaby", canada),
    ]
    file = folder / f"{day}.csv"
    file.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    return file


def upload(seat: Seat, file: Path) -> None:
    """Upload a file and confirm its columns, all guessed rightly by their headings."""
    seat.chooses("File contents", seat.word("Agreements"))
    seat.chooses_files("File", file)
    seat.types("Source", "The city’s own list")
    seat.presses("Upload file")
    seat.reads("Match the columns")
    seat.presses("Check file")
    seat.reads("Processing will start within 30 seconds.")


def check_error_shown(seat: Seat) -> None:
    """Check that the error is shown with its row and column, and that nothing can be imported."""
    seat.reads("Errors to correct")
    fault = seat.page.get_by_role("row").filter(has_text=f"A: {seat.word('Signed')}")
    seat.sees(
        "3",
        seat.word("Enter the date as YYYY, YYYY-MM or YYYY-MM-DD, as precisely as known."),
        within=fault,
    )
    closed = seat.page.locator(".closed-moves li").filter(has_text=seat.word("Import all rows"))
    expect(closed).to_have_count(1)
    expect(seat.button("Import all rows")).to_have_count(0)
    seat.presses("Files")


def choose_place(seat: Seat) -> None:
    """Choose one of two places in China with the same name; the larger one comes first."""
    seat.press(seat.page.get_by_role("link", name=seat.word("Confirm %(figure)s place", figure=1)))
    which = seat.page.get_by_label(f"{SUZHOU}, {seat.word('China')}")
    expect(which.locator("option")).to_contain_text(["Suzhou"] * 2)
    which.select_option(index=1)
    seat.presses("Save answers")


def import_list(seat: Seat) -> None:
    """Import the file after a look at its effects.

    While it runs, its page shows the progress and reloads by itself.
    """
    seat.reads(
        "The file is ready to import. The register has not changed yet. This is what the import will do."
    )
    seat.presses("Import all rows")
    with transaction.atomic():
        report_progress(import_progress_task_name(Import.objects.latest("pk")), 1, 2)
        expect(seat.page.get_by_role("progressbar")).to_have_attribute("value", "1")


def withdraw_import(seat: Seat, file: Path) -> None:
    """Withdraw the import from the page of files, with a reason."""
    seat.follows(file.name)
    seat.presses("Undo import")
    seat.types("Reason", "The list was out of date.")
    seat.presses("Undo import")
    seat.reads("Processing will start within 30 seconds.")


def export_agreements(seat: Seat) -> dict[tuple[str, str], str]:
    """Download the agreements of the register; return the signing date of each, by partner and kind."""
    seat.goes("/register/files/")
    agreements = seat.page.get_by_role("listitem").filter(has_text=seat.word("Agreements")).first
    content = seat.downloads("CSV", within=agreements).decode("utf-8-sig")
    return {(row["city_b"], row["kind"]): row["signed"] for row in csv.DictReader(io.StringIO(content))}
