"""Steps in the register: checking an added exchange, and correcting a wrong fact."""

from tests.browser.city_browsers import Cities
from tests.browser.steps.needs import localized_number


def check_exchange_added(town: Cities, pieces: int) -> None:
    """Check that the purchase is an exchange on the page of the partner city."""
    officer = town.officer
    officer.presses("Cities")
    officer.follows(town.zhongshan)
    exchanges = officer.part("Exchanges")
    officer.sees(
        officer.word("Purchase of protective equipment"), localized_number(officer, pieces), within=exchanges
    )


def correct_population(town: Cities, population: str) -> None:
    """Propose a correction as the officer and accept it as the coordinator."""
    officer, keeper = town.officer, town.keeper
    officer.presses("Cities")
    officer.follows(town.zhongshan)
    officer.presses("Propose a correction")
    officer.page.locator("a[href='?fact=population']").click()
    officer.types("Correct value", population)
    officer.types("Source", "https://register.example/yearbook")
    officer.types("Reason", "The yearbook of 2019 has a newer figure.")
    officer.presses("Propose a correction")
    correction = officer.path
    keeper.goes(correction)
    keeper.presses(("Accept correction", "a correction"))
    keeper.reads(("Accepted", "a correction"))
    officer.goes(correction)
    officer.sees(localized_number(officer, int(population)))
