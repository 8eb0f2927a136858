"""An agreement: renewed, suspended, taken up again, ended; and whom an officer may ask through it then."""

from partners.endings import Ending
from partners.models.ties import Twinning
from partners.register.standing import Standing
from tests.browser.seat import Seat, Words
from tests.browser.town import Town


def change(seat: Seat, move: Words, *typed: tuple[Words, str], how: Words = "") -> None:
    """One of the buttons of an agreement's page, with what its form asks for."""
    seat.presses(move)
    for field, value in typed:
        seat.types(field, value)
    if how:
        seat.chooses("How", seat.word(how))
    seat.types("Reason", "Decided by both councils.")
    seat.presses(move)


def leads_somewhere(town: Town, need: str) -> None:
    """The contact at its other end is suggested."""
    officer = town.officer
    officer.goes(f"{need}ask/")
    officer.sees("Li Wei")


def leads_nowhere(town: Town, tie: Twinning, how: Standing, need: str) -> None:
    """Nobody is suggested, and the page says what became of the agreement."""
    officer = town.officer
    officer.goes(f"{need}ask/")
    officer.reads("No contact can be asked yet.")
    officer.sees(town.named(lambda: Ending(tie, how).words))
