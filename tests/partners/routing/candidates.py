"""Contacts and agreements for the tests of routing."""

from datetime import date

from partners.partial_dates import parse_partial_date
from partners.routing.contact_paths import AgreementLink, Candidate, RoutingInquiry, RoutingPlace
from partners.routing.goods import InquiryGoods
from partners.routing.ranking import rank_contacts
from tests.partners.agreements.test_status import AgreementStub

ON = date(2020, 4, 16)
BURNABY, ZHONGSHAN, FOSHAN, WUHAN, KUSHIRO, BEIJING = range(1, 7)
AT_ZHONGSHAN = RoutingPlace(city_id=ZHONGSHAN, subdivision="CN-GD", country="CN")
AT_FOSHAN = RoutingPlace(city_id=FOSHAN, subdivision="CN-GD", country="CN")
AT_WUHAN = RoutingPlace(city_id=WUHAN, subdivision="CN-HB", country="CN")
AT_BEIJING = RoutingPlace(city_id=BEIJING, subdivision="CN-BJ", country="CN")

STATUS_FACT = AgreementStub(signed=parse_partial_date("2011"))
UNSURE = AgreementStub(certain=False)
OVER = AgreementStub("ended", "terminated", ended=parse_partial_date("2019-10-01"))
SUSPENDED = AgreementStub("suspended")
SOME_TIME = AgreementStub(
    "ended", "terminated", ended=parse_partial_date("2020")
)  # the date in this year is unknown
NOT_YET = AgreementStub(signed=parse_partial_date("2023"))

MASKS = InquiryGoods(family="masks", label="masks", products=("Surgical mask",))
GOWNS = InquiryGoods(family="gowns", label="gowns and aprons", products=("Surgical gown", "Plastic apron"))
GLOVES = InquiryGoods(family="gloves", label="gloves", products=("Examination glove, nitrile",))


def reason_texts(ranked):
    return "; ".join(str(reason.sentence) for reason in ranked.reasons)


def agreement_link(city, agreement=STATUS_FACT, *, active=False, name="Kushiro"):
    return AgreementLink(city_id=city, name=name, agreement=agreement, is_active=active)


def candidate(contact_id=1, place=AT_ZHONGSHAN, agreement_links=None, **facts):
    return Candidate(
        contact_id=contact_id,
        place=place,
        agreement_links=(agreement_link(BURNABY),) if agreement_links is None else agreement_links,
        **facts,
    )


def question(place=AT_ZHONGSHAN, **facts):
    return RoutingInquiry(city_id=BURNABY, place=place, **facts)


def ranked_contacts(asked, *candidates):
    return [ranked.candidate.contact_id for ranked in rank_contacts(asked, candidates, ON)]


def codes(asked, one):
    (ranked,) = rank_contacts(asked, [one], ON)
    return [reason.code for reason in ranked.reasons]
