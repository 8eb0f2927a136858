"""One page and who goes there."""

from dataclasses import dataclass

from django.urls import reverse

OFFICER, KEEPER, NEWCOMER, CONTACT, NOBODY, CAREFUL, HALFWAY = (
    "officer", "keeper", "newcomer", "contact", "nobody", "careful", "halfway",
)  # fmt: skip


@dataclass(frozen=True)
class Visit:
    """One page: the name of its address, who goes, where, what is answered; `sent` sends its form empty."""

    name: str
    who: str
    path: str
    status: int = 200
    sent: bool = False
    leads_to: str = ""  # where it ends, if that is another address

    def __str__(self) -> str:
        return f"{self.who} at {self.name} {self.path}{' (sent empty)' if self.sent else ''}"


def address(name: str, thing: object) -> str:
    """The address of a page about a thing."""
    return reverse(name, args=[getattr(thing, "reference", "") or thing.pk])
