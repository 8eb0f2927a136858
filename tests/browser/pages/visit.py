"""Visit: one page and the person who opens it."""

from dataclasses import dataclass

from django.urls import reverse

OFFICER, KEEPER, NEWCOMER, CONTACT, NOBODY, CAREFUL, HALFWAY = (
    "officer", "keeper", "newcomer", "contact", "nobody", "careful", "halfway",
)  # fmt: skip
LETTER = "<letter@twinlane.example>"  # Message-ID of the mail in the outbox


@dataclass(frozen=True)
class Visit:
    """One page: name of its URL, person, path, and expected status.

    `sent` means that the form of the page is then sent empty.
    """

    name: str
    who: str
    path: str
    status: int = 200
    sent: bool = False
    leads_to: str = ""  # final path, if it differs

    def __str__(self) -> str:
        return f"{self.who} at {self.name} {self.path}{' (sent empty)' if self.sent else ''}"


def address(name: str, thing: object) -> str:
    """Return the path of a page about an object."""
    return reverse(name, args=[getattr(thing, "reference", "") or thing.pk])
