"""Steps that renew, suspend, resume and end an agreement, and checks of the contacts that are suggested afterwards."""

from partners.agreements.models import TwinningAgreement
from partners.agreements.status import AgreementStatus
from partners.routing.expired_agreements import ExpiredPair
from tests.browser.city_browsers import Cities
from tests.browser.translated_browser import Seat, Words


def press_move(seat: Seat, move: Words, *typed: tuple[Words, str], how: Words = "") -> None:
    """Press a button on the page of an agreement and fill in its form."""
    seat.presses(move)
    for field, value in typed:
        seat.types(field, value)
    if how:
        seat.chooses("How it ended", seat.word(how))
    seat.types("Reason", "Decided by both councils.")
    seat.presses(move)


def check_contact_suggested(town: Cities, need: str) -> None:
    """Check that the contact in the partner city is suggested."""
    officer = town.officer
    officer.goes(f"{need}ask/")
    officer.sees("Li Wei")


def check_contact_not_suggested(
    town: Cities, agreement: TwinningAgreement, how: AgreementStatus, need: str
) -> None:
    """Check that no contact is suggested and that the page gives the state of the agreement as the reason."""
    officer = town.officer
    officer.goes(f"{need}ask/")
    officer.reads("There is no contact to ask yet.")
    officer.sees(town.named(lambda: ExpiredPair(agreement, how).message))
