"""Pictures of the guides: caption, named buttons, and size in each language.

`python -m tests.browser.help_pictures` takes them from the practice scenario and writes the images and `SIZES_FILE`.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from workflow.errors import LazyText
from workflow.formatting import reader_language

STATIC_FOLDER = "pictures/help"  # below static/
PICTURE_FOLDER = Path(__file__).resolve().parents[2] / "static" / STATIC_FOLDER
SIZES_FILE = Path(__file__).parent / "data/pictures.csv"
LANGUAGE_BY_FILE_SUFFIX = {"en": "en", "fr": "fr-ca", "zh": "zh-hans"}  # by the letters in the names of files


class PictureSize(NamedTuple):
    """Size of a picture in CSS pixels, and the words of its buttons on the day when it was taken."""

    width: int
    height: int
    button_labels: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """Picture of a part of a page. `button_labels` are the names of buttons and links that `caption` mentions as `{0}`, `{1}`."""

    name: str
    alt: LazyText
    caption: LazyText
    button_labels: tuple[LazyText, ...] = ()

    @property
    def static_path(self) -> str:
        """Name of the static file in the reader's language."""
        return f"{STATIC_FOLDER}/{self.name}.{reader_language()}.webp"

    @property
    def caption_text(self) -> str:
        """Caption with the names of the buttons as the pages have them today."""
        return str(self.caption).format(*self.button_labels)

    @property
    def size(self) -> PictureSize | None:
        """Size in the reader's language; None if the picture was not taken yet, so that no guide shows it."""
        return picture_sizes().get((self.name, reader_language()))


@cache
def picture_sizes() -> dict[tuple[str, str], PictureSize]:
    """Return the size of each picture, by name and language. Each process reads it once."""
    with SIZES_FILE.open(newline="", encoding="utf-8") as file:
        return {
            (row["name"], row["language"]): PictureSize(
                int(row["width"]), int(row["height"]), tuple(filter(None, row["presses"].split(" | ")))
            )
            for row in csv.DictReader(file)
        }


POST_NEED_PICTURE = Picture(
    "officer-need",
    _("First step of a new need, with fields for product and title."),
    _("Choose the product and who will use it, then press “{0}”. Each step is saved."),
    (_("Continue"),),
)
ASK_PARTNERS_PICTURE = Picture(
    "officer-ask",
    _("List of contacts, each with a box to tick and the reason for the suggestion."),
    _("Tick each contact you want to ask and press “{0}”. You can read the letter before it is sent."),
    (_("Write to the ticked contacts"),),
)
JUDGE_OFFER_PICTURE = Picture(
    "officer-offer",
    _("Findings of an offer, each with its source and a box for your response."),
    _("Write your response under each finding and press “{0}”."),
    (_("Send responses"),),
)
CREATE_ORDER_PICTURE = Picture(
    "officer-order",
    _("Verified offers for a need line, with the quantities that can be allocated."),
    _("Enter the quantities and press “{0}”. You can create the order on the next page."),
    (_("Allocate goods"),),
)
DECISION_PICTURE = Picture(
    "approver-decide",
    _("Decision page of an order on a phone."),
    _("Read the facts and press “{0}”."),
    (_("Approve order"),),
)
ASSIGN_CHECKS_PICTURE = Picture(
    "verifier-assign",
    _("Checks of an offer, each with its suggested contact."),
    _("Keep the suggested contacts or choose others, then press “{0}”."),
    (_("Assign checks"),),
)
ACCEPT_REPORT_PICTURE = Picture(
    "verifier-report",
    _("Report on a check, with the answers to its questions."),
    _("Read the answers and press “{0}”, or expand “{1}”."),
    (_("Accept the report"), _("Return report with a question")),
)
DOCUMENT_TABLE_PICTURE = Picture(
    "logistics-documents",
    _("Table of documents for a clearance, with the number and status of each."),
    _("Type numbers, tick what has changed, choose a status and press “{0}”."),
    (_("Save numbers and statuses"),),
)
RECEIVING_DOCK_PICTURE = Picture(
    "logistics-dock",
    _("Receiving page on a phone, with the number of expected cartons."),
    _("If everything is intact, press “{0}”. Otherwise tap the number of each damaged or missing carton."),
    (_("All arrived intact"),),
)
ANSWER_CUSTOMS_PICTURE = Picture(
    "broker-hold",
    _("Question from customs about a shipment on hold."),
    _("Type the answer, add a file if needed, and press “{0}”. When customs lifts the hold, press “{1}”."),
    (_("Answer customs"), _("End hold")),
)
NETWORK_PICTURE = Picture(
    "coordinator-network",
    _("Agreements between cities, with filters above them."),
    _("Choose a date or an area. “{0}” shows which cities to ask next."),
    (_("Untapped potential"),),
)
UNTAPPED_POTENTIAL_PICTURE = Picture(
    "coordinator-untapped",
    _("Cities worth asking, each with the reason."),
    _("Open a city to see its contacts and its past exchanges."),
)
HISTORY_PICTURE = Picture(
    "auditor-history",
    _("Newest entries in the history of an order."),
    _("Press “{0}” in the side column to see everything."),
    (_("Show comments, files and full history"),),
)
AUDIT_FILE_PICTURE = Picture(
    "auditor-file",
    _("Documents of an order: decision memo and audit file."),
    _("Open the documents of the order and press “{0}”."),
    (_("Create audit file"),),
)
FIRST_RUN_PICTURE = Picture(
    "administrator-first-run",
    _("First-run guide: the setup tasks, each with its status and a button."),
    _("Press the button beside each item that is not done yet."),
)
PEOPLE_PICTURE = Picture(
    "administrator-people",
    _("Staff of a city with their roles."),
    _("Press “{0}”. When a person leaves, press “{1}” next to their name."),
    (_("Invite someone"), _("End role")),
)
CONTACT_FIRST_PAGE_PICTURE = Picture(
    "contact-first-page",
    _("First page of a link on a phone: the city that is asking, the subject and the due date."),
    _("Press “{0}”."),
    (_("Continue"),),
)
CONTACT_ANSWER_PICTURE = Picture(
    "contact-answer",
    _("End of the answer page on a phone, with fields for price and photos."),
    _("Fill in what you know and press “{0}” at the end of the page."),
    (_("Check and send"),),
)
CONTACT_REPORT_PICTURE = Picture(
    "contact-report",
    _("Check report form on a phone: what the offer says, and one answer for all questions."),
    _("If everything is correct, tap “{0}”. Otherwise tap “{1}” and answer each question."),
    (_("All of this is correct"), _("Something differs, or I could not check it")),
)
DOCUMENT_UPLOAD_PICTURE = Picture(
    "contact-document",
    _("Page of one document on a phone, with a field for photos or a PDF."),
    _("Choose the file, type the number and press “{0}”."),
    (_("Submit"),),
)
