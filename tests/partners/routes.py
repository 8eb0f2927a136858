"""Who might be asked, and through which agreements: what the tests of routing are made of."""

from datetime import date

from partners.dates import parse
from partners.routing.order import rank
from partners.routing.values import Candidate, Link, Place, Question
from tests.partners.register.test_register import Agreement

ON = date(2020, 4, 16)
BURNABY, ZHONGSHAN, FOSHAN, WUHAN, KUSHIRO, BEIJING = range(1, 7)
AT_ZHONGSHAN = Place(city_id=ZHONGSHAN, subdivision="CN-GD", country="CN")
AT_FOSHAN = Place(city_id=FOSHAN, subdivision="CN-GD", country="CN")
AT_WUHAN = Place(city_id=WUHAN, subdivision="CN-HB", country="CN")
AT_BEIJING = Place(city_id=BEIJING, subdivision="CN-BJ", country="CN")

STANDING = Agreement(signed=parse("2011"))
UNSURE = Agreement(certain=False)
OVER = Agreement("ended", "terminated", ended=parse("2019-10-01"))
SUSPENDED = Agreement("suspended")
SOME_TIME = Agreement("ended", "terminated", ended=parse("2020"))  # on which day of this year nobody knows
NOT_YET = Agreement(signed=parse("2023"))


def in_words(ranked):
    return "; ".join(str(reason.words) for reason in ranked.reasons)


def tie(city, agreement=STANDING, *, active=False, name="Kushiro"):
    return Link(city_id=city, name=name, agreement=agreement, active=active)


def candidate(contact_id=1, place=AT_ZHONGSHAN, ties=None, **facts):
    return Candidate(
        contact_id=contact_id, place=place, ties=(tie(BURNABY),) if ties is None else ties, **facts
    )


def question(place=AT_ZHONGSHAN, **facts):
    return Question(city_id=BURNABY, place=place, **facts)


def order(asked, *candidates):
    return [ranked.candidate.contact_id for ranked in rank(asked, candidates, ON)]


def codes(asked, one):
    (ranked,) = rank(asked, [one], ON)
    return [reason.code for reason in ranked.reasons]
