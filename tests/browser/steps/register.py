"""The register: what passed between two cities stands in it, and a wrong fact is put right."""

from tests.browser.steps.needs import figure
from tests.browser.town import Town


def gained(town: Town, pieces: int) -> None:
    """What passed between the two cities stands on both their pages."""
    officer = town.officer
    officer.presses("Twin cities")
    officer.follows(town.zhongshan)
    exchanges = officer.part("Exchanges")
    officer.sees(officer.word("Purchase of protective equipment"), figure(officer, pieces), within=exchanges)


def put_right(town: Town, population: str) -> None:
    """A fact of the register is wrong: somebody proposes what it should be, who keeps the register accepts."""
    officer, keeper = town.officer, town.keeper
    officer.presses("Twin cities")
    officer.follows(town.zhongshan)
    officer.presses("Propose a correction")
    officer.page.locator("a[href='?fact=population']").click()
    officer.types("It should say", population)
    officer.types("Source", "https://register.example/yearbook")
    officer.types("Why", "The yearbook of 2019 has a newer figure.")
    officer.presses("Propose a correction")
    correction = officer.path
    keeper.goes(correction)
    keeper.presses(("Accept", "a correction"))
    keeper.reads(("Accepted", "a correction"))
    officer.goes(correction)
    officer.sees(figure(officer, int(population)))
