"""Corrections to the register: anyone signed in may propose one; an editor of that entry decides.

An accepted correction changes the register.
"""

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.actions import suspend_agreement
from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.corrections.actions import (
    accept_correction,
    decline_correction,
    propose_correction,
    reopen_correction,
    withdraw_correction,
)
from partners.corrections.correctable_facts import (
    CORRECTABLE_FACTS,
    fact_choices,
    fact_label,
    parse_fact_value,
    register_file_value,
)
from partners.corrections.models import Correction
from partners.exchanges.actions import ExchangeEdit, correct_exchange
from partners.exchanges.models import Exchange
from partners.memberships.models import Membership
from partners.partial_dates import parse_partial_date
from tests.worlds import cities
from tests.worlds.cities import NOW, own_link, powers_for
from workflow.actors import SYSTEM
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
Role = Membership.Role
SOURCE = "https://council.example/minutes"


@pytest.fixture
def observer():
    return cities.member(Role.OBSERVER, cities.city("markham"), "Olga Reader")


@pytest.fixture
def administrator():
    return cities.member(Role.ADMINISTRATOR, cities.city("burnaby"), "Kay Lee")


def propose(thing, fact, value, who, why="The minutes say so."):
    return propose_correction(
        thing,
        fact,
        value,
        source_url=SOURCE,
        why=why,
        author=who,
        by=powers_for(who),
        at=NOW,
    )


def accept_as(correction, who):
    return accept_correction(correction, decided_by=who, by=powers_for(who), at=NOW)


OBJECTS = {
    City: lambda: cities.city("burnaby"),
    TwinningAgreement: lambda: cities.twinning("burnaby", "zhongshan"),
    Exchange: lambda: cities.exchange("zhongshan", "burnaby"),
}
# model, fact, proposed value, resulting field and value
VALID_VALUES = [
    (City, "name_fr", " Bournabie ", ("name_fr", "Bournabie")),
    (City, "country", "us", ("country", "US")),
    (City, "population", "249125", ("population", 249125)),
    (City, "level", "town", ("level", "town")),
    (TwinningAgreement, "kind", "friendship", ("kind", "friendship")),
    (TwinningAgreement, "signed", "2009-06", ("signed", parse_partial_date("2009-06"))),
    (TwinningAgreement, "expires", "2030", ("expires", parse_partial_date("2030"))),
    (TwinningAgreement, "certain", "no", ("certain", False)),
    (TwinningAgreement, "source_url", SOURCE, ("source_url", SOURCE)),
    (Exchange, "when", "2020-02 by_end_of_month", ("when", parse_partial_date("2020-02", "by_end_of_month"))),
    (Exchange, "quantity", "50000", ("quantity", 50000)),
    (Exchange, "items", "Surgical masks", ("items", "Surgical masks")),
]


@pytest.mark.parametrize(("model", "fact", "value", "expected"), VALID_VALUES)
def test_accepted_correction_changes_the_register_and_names_its_proposer(
    observer, administrator, model, fact, value, expected
):
    thing = OBJECTS[model]()
    before = register_file_value(thing, fact)
    made = propose(thing, fact, value, observer)
    assert register_file_value(model.objects.get(pk=thing.pk), fact) == before
    accept_as(made, administrator)
    thing = model.objects.get(pk=thing.pk)
    name, told = expected
    assert getattr(thing, name) == told
    assert (made.status, made.decided_by, made.previous_value) == ("accepted", administrator, before)
    entry = history_of(thing).first()
    assert entry is not None
    assert (entry.verb, entry.by, entry.reason) == (
        "correct",
        administrator,
        f"{made.reference}, Olga Reader: The minutes say so.",
    )


INVALID_VALUES = [
    (City, "country", "XX", "value"),
    (City, "name_en", "", "value"),
    (City, "population", "many", "value"),
    (City, "approval_limit", "1", "fact"),
    (TwinningAgreement, "kind", "cousins", "value"),
    (TwinningAgreement, "signed", "spring", "value"),
    (TwinningAgreement, "signed", "0201", "value"),
    (TwinningAgreement, "certain", "perhaps", "value"),
    (TwinningAgreement, "ended", "2020", "fact"),  # the agreement has not ended
    (TwinningAgreement, "source_url", "javascript:1", "value"),
    (Exchange, "when", "", "value"),
    (Exchange, "quantity", "-1", "value"),
    (TwinningAgreement, "signed", "2011", "value"),  # the present value
]


@pytest.mark.parametrize(("model", "fact", "value", "field"), INVALID_VALUES)
def test_invalid_proposed_value_is_refused_at_its_field(observer, model, fact, value, field):
    with pytest.raises(Refused) as refused:
        propose(OBJECTS[model](), fact, value, observer)
    assert refused.value.details["field"] == field
    assert not Correction.objects.exists()


def test_every_correctable_fact_has_a_name_and_can_be_written_and_read():
    for model, make in OBJECTS.items():
        thing = make()
        if isinstance(thing, TwinningAgreement):
            suspend_agreement(thing, by=CONSOLE_ACTOR, at=NOW, reason="vote")
        for fact in CORRECTABLE_FACTS[model]:
            assert fact_label(model, fact)
            assert all(label for _value, label in fact_choices(model, fact))
            if fact != "subdivision" or register_file_value(thing, fact):
                parse_fact_value(thing, fact, register_file_value(thing, fact))


def test_same_correction_cannot_be_proposed_twice_while_pending(observer, administrator):
    agreement = cities.twinning("burnaby", "zhongshan")
    made = propose(agreement, "signed", "2009", observer)
    with pytest.raises(Refused, match="already proposed this"):
        propose(agreement, "signed", "2009", administrator)
    propose(agreement, "signed", "2010", administrator)
    withdraw_correction(made, by=powers_for(observer), at=NOW)
    assert propose(agreement, "signed", "2009", administrator).status == "proposed"


def test_person_maintaining_neither_city_cannot_decide_a_correction(observer):
    agreement = cities.twinning("burnaby", "zhongshan")
    made = propose(agreement, "signed", "2009", observer)
    for stranger in (
        cities.powers(Role.ADMINISTRATOR, cities.city("markham")),
        cities.powers(Role.OFFICER, cities.city("burnaby")),
        powers_for(observer),
    ):
        with pytest.raises(Refused):
            accept_correction(made, decided_by=observer, by=stranger, at=NOW)
    assert register_file_value(TwinningAgreement.objects.get(), "signed") == "2011"


def test_correction_of_an_agreement_is_decided_by_either_city_or_the_network(observer):
    agreement = cities.twinning("burnaby", "zhongshan")
    for number, place in enumerate((cities.city("burnaby"), cities.city("zhongshan"), None)):
        role = Role.ADMINISTRATOR if place else Role.COORDINATOR
        accept_as(propose(agreement, "signed", f"200{number}", observer), cities.member(role, place))
        agreement = TwinningAgreement.objects.get()
        assert register_file_value(agreement, "signed") == f"200{number}"


def test_correction_cannot_be_proposed_by_link_console_or_periodic_job():
    agreement, contact = cities.twinning("burnaby", "zhongshan"), cities.contact("zhongshan")
    for by in (own_link(contact), CONSOLE_ACTOR, SYSTEM):
        with pytest.raises(Refused):
            propose_correction(
                agreement, "signed", "2009", source_url=SOURCE, why="so", author=contact.user, by=by, at=NOW
            )


def test_declining_a_correction_requires_a_reason_and_can_be_reopened(observer, administrator):
    made = propose(cities.city("burnaby"), "population", "1", observer)
    by = powers_for(administrator)
    with pytest.raises(Refused) as refused:
        decline_correction(made, decided_by=administrator, by=by, at=NOW, reason=" ")
    assert refused.value.details["field"] == "reason"
    decline_correction(made, decided_by=administrator, by=by, at=NOW, reason="A slip.")
    assert (made.status, made.answer) == ("declined", "A slip.")
    assert City.objects.get(slug="burnaby").population is None
    reopen_correction(made, by=by, at=NOW, reason="Refresh.")
    assert (made.status, made.answer, made.decided_by) == ("proposed", "", None)


def test_accepted_correction_is_undone_only_while_the_value_is_unchanged(observer, administrator):
    exchange = cities.exchange("zhongshan", "burnaby", "2020-02")
    by = powers_for(administrator)
    made = accept_as(propose(exchange, "when", "2020-02-03", observer), administrator)
    reopen_correction(made, by=by, at=NOW, reason="Another letter.")
    assert Exchange.objects.get().when == parse_partial_date("2020-02")
    accept_as(made, administrator)
    correct_exchange(
        exchange, ExchangeEdit(on=parse_partial_date("2020-02-05").first_day), by=by, at=NOW, reason="more"
    )
    made.refresh_from_db()
    with pytest.raises(Refused, match="has since changed this value"):
        reopen_correction(made, by=by, at=NOW, reason="no")
    assert made.status == "accepted"


def test_correction_that_would_create_a_duplicate_is_refused(observer, administrator):
    agreement = cities.twinning("burnaby", "zhongshan")
    cities.twinning("zhongshan", "burnaby", kind="friendship")
    with pytest.raises(Refused, match="create a duplicate"):
        accept_as(propose(agreement, "kind", "friendship", observer), administrator)
    letter = cities.exchange("zhongshan", "burnaby", "2020-02-03")
    cities.exchange("zhongshan", "burnaby", "2020-02-04")
    with pytest.raises(Refused, match="create a duplicate"):
        accept_as(propose(letter, "when", "2020-02-04", observer), administrator)


def test_database_rejects_incomplete_corrections(observer):
    made = propose(cities.city("burnaby"), "population", "1", observer)
    agreement = cities.twinning("burnaby", "zhongshan")
    for facts in ({"agreement": agreement}, {"place": None}, {"status": "accepted"}, {"answer": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.filter(pk=made.pk).update(**facts)


def test_corrections_of_a_city_include_those_of_its_agreements_and_exchanges(observer):
    agreement = cities.twinning("burnaby", "zhongshan")
    made = [propose(thing, fact, value, observer) for thing, fact, value in (
        (cities.city("burnaby"), "population", "1"), (agreement, "signed", "2009"),
    )]  # fmt: skip
    assert list(Correction.objects.of_city(cities.city("burnaby")).order_by("pk")) == made
    assert list(Correction.objects.of_city(cities.city("zhongshan"))) == made[1:]
    assert list(Correction.objects.about_entry(agreement)) == made[1:]
    assert [one.register_entry for one in made] == [cities.city("burnaby"), agreement]
    assert str(made[0]).startswith("CN-2020-0001")


def test_undoing_the_later_of_two_corrections_restores_the_earlier(observer, administrator):
    agreement = cities.twinning("burnaby", "zhongshan", signed="2011")
    first, second = (
        propose(agreement, "signed", "2010", observer),
        propose(agreement, "signed", "2009", observer),
    )
    accept_as(first, administrator)
    accept_as(second, administrator)
    assert Correction.objects.get(pk=second.pk).previous_value == "2010"
    reopen_correction(second, by=powers_for(administrator), at=NOW, reason="Another page says 2010.")
    agreement.refresh_from_db()
    assert agreement.signed == parse_partial_date("2010")
