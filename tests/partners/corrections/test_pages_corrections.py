"""Corrections on pages: proposed beside a fact, decided by an editor, and listed.

The author is notified of the decision.
"""

import pytest
from django.test import Client

from partners.cities.models import City
from partners.corrections.actions import propose_correction
from partners.corrections.models import Correction
from partners.memberships.models import Membership
from partners.templatetags.partners import _known
from procurement.tasks import plan_messages
from tests.partners.page_helpers import count_queries, text
from tests.worlds import cities
from tests.worlds.cities import NOW, powers_for
from workflow.clock import create_instance
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
Role = Membership.Role
SOURCE = "https://council.example/minutes"
CORRECTION_FORM = {"source_url": SOURCE, "why": "The minutes say so."}


@pytest.fixture
def agreement(burnaby):
    return cities.twinning("burnaby", "zhongshan")


@pytest.fixture
def reader(practice, burnaby):
    return cities.member(Role.OBSERVER, cities.city("markham"), "Olga Reader")


def propose(thing, who, fact="population", value="249125"):
    return propose_correction(thing, fact, value, **CORRECTION_FORM, author=who, by=powers_for(who), at=NOW)


def test_any_reader_proposes_a_correction_and_the_citys_administrator_accepts_it(signed_in, reader, burnaby):
    client = signed_in(reader)
    page = text(client.get("/cities/burnaby/"))
    assert "/cities/burnaby/propose/" in page
    page = text(client.get("/cities/burnaby/propose/"))
    assert "?fact=population" in page
    assert "249,125" not in text(client.get("/cities/burnaby/propose/?fact=population"))
    data = {"fact": "population", "value": "２４９,125", **CORRECTION_FORM}
    made = client.post("/cities/burnaby/propose/", data)
    correction = Correction.objects.get()
    assert (made.status_code, made["Location"]) == (303, correction.get_absolute_url())
    page = text(client.get(made["Location"]))
    assert "249,125" in page
    assert "Withdraw" in page
    assert "Accept" not in page
    keeper = signed_in(Role.ADMINISTRATOR, burnaby)
    assert "Review a correction to Burnaby: population" in text(keeper.get("/"))
    assert correction.reference in text(keeper.get("/cities/burnaby/"))
    assert client.post(f"{made['Location']}accept/").status_code == 403
    assert keeper.post(f"{made['Location']}accept/").status_code == 303
    assert City.objects.get(slug="burnaby").population == 249125
    assert "Review a correction" not in text(keeper.get("/"))
    assert "Reopen decision" in text(keeper.get(made["Location"]))


def test_proposer_is_notified_of_the_decision_and_editors_of_open_proposals(signed_in, reader, burnaby):
    keeper = cities.member(Role.ADMINISTRATOR, burnaby)
    network = cities.member(Role.COORDINATOR)
    correction = propose(burnaby, reader)
    plan_messages(NOW)
    assert set(Message.objects.values_list("recipient", flat=True)) == {keeper.pk, network.pk}
    client = signed_in(keeper)
    assert "Reason" in text(client.get(f"{correction.get_absolute_url()}decline/"))
    assert text(client.post(f"{correction.get_absolute_url()}decline/", {}), 422)
    client.post(f"{correction.get_absolute_url()}decline/", {"reason": "That counts the region."})
    plan_messages(NOW)
    mail = Message.objects.get(recipient=reader)
    assert "That counts the region." in mail.body
    assert correction.reference in mail.body
    client = signed_in(reader)
    assert "That counts the region." in text(client.get(correction.get_absolute_url()))
    assert correction.reference in text(client.get("/corrections/?whose=mine&status=declined"))


def test_correction_of_an_agreement_or_exchange_is_proposed_on_its_page(signed_in, reader, agreement):
    exchange = cities.exchange("zhongshan", "burnaby", "2020-02-03", "gift", unit="piece", quantity=3)
    client = signed_in(reader)
    page = text(client.get("/cities/burnaby/"))
    assert f"/exchanges/{exchange.pk}/propose/" in page
    assert f"/agreements/{agreement.pk}/propose/" in text(client.get(agreement.get_absolute_url()))
    assert "end or suspension date" not in text(client.get(f"/agreements/{agreement.pk}/propose/"))
    page = text(client.get(f"/agreements/{agreement.pk}/propose/?fact=kind"))
    assert "Friendship cities" in page
    data = {"fact": "signed", "value": "spring", **CORRECTION_FORM}
    assert "Enter the date as 2011" in text(client.post(f"/agreements/{agreement.pk}/propose/", data), 422)
    for address, fact, value in (
        (f"/agreements/{agreement.pk}/propose/", "signed", "２００９-06"),
        (f"/agreements/{agreement.pk}/propose/", "certain", "no"),
        (f"/agreements/{agreement.pk}/propose/", "note", "Renewed twice."),
        (f"/exchanges/{exchange.pk}/propose/", "when", "2020-02-05"),
        (f"/exchanges/{exchange.pk}/propose/", "quantity", ""),
    ):
        assert "value" in text(client.get(f"{address}?fact={fact}"))
        made = client.post(address, {"fact": fact, "value": value, **CORRECTION_FORM})
        assert made.status_code == 303, made.content.decode()
        assert "The minutes say so." in text(client.get(made["Location"]))
    page = text(client.get(f"/agreements/{agreement.pk}/propose/"))
    assert "Awaiting a decision" in page
    assert "June 2009" in page


def test_unknown_or_unchanged_fact_is_refused_as_a_correction(signed_in, reader, burnaby):
    client = signed_in(reader)
    assert "?fact=name_fr" in text(
        client.post("/cities/burnaby/propose/", {"fact": "approval_limit", "value": "1"}), 422
    )
    assert "?fact=name_fr" in text(client.get("/cities/burnaby/propose/?fact=slug"))
    assert text(client.post("/cities/burnaby/propose/", {"fact": "name_en"}), 422)
    assert "already contains this value" in text(
        client.post("/cities/burnaby/propose/", {"fact": "name_en", "value": "Burnaby", **CORRECTION_FORM}),
        422,
    )


def test_decision_on_a_correction_is_reopened_and_a_proposal_withdrawn(signed_in, reader, burnaby):
    correction = propose(burnaby, reader)
    keeper = signed_in(Role.ADMINISTRATOR, burnaby)
    home = correction.get_absolute_url()
    keeper.post(f"{home}accept/")
    page = text(keeper.get(f"{home}reopen/"))
    assert "the previous value is restored" in page
    keeper.post(f"{home}reopen/", {"reason": "Too early."})
    assert City.objects.get(slug="burnaby").population is None
    client = signed_in(reader)
    assert client.post(f"{home}withdraw/").status_code == 303
    assert "Withdrawn" in text(client.get(home))


def test_correction_list_is_filtered_downloaded_and_has_a_constant_query_count(
    signed_in, reader, burnaby, agreement
):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    page = text(client.get("/corrections/"))
    assert "No corrections yet." in page
    assert "No corrections found." in text(client.get("/corrections/?status=declined"))
    foreign = propose(cities.city("foshan"), reader)
    propose(burnaby, reader, "population", "1")
    few = count_queries(client, "/corrections/"), count_queries(client, "/cities/burnaby/")
    for number in range(2, 12):
        propose(burnaby, reader, "population", str(number))
        propose(agreement, reader, "signed", f"19{number + 10}")
    assert (count_queries(client, "/corrections/"), count_queries(client, "/cities/burnaby/")) == few
    assert foreign.reference in text(client.get("/corrections/"))
    assert foreign.reference not in text(client.get("/corrections/?whose=keep"))
    assert foreign.reference in text(signed_in(Role.COORDINATOR).get("/corrections/?whose=keep"))
    file = client.get("/corrections/?as=csv&whose=keep")
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Reference,Applies to,Fact")
    assert len(lines) == 22
    assert "Olga" not in "".join(lines)


def test_correction_downloads_are_rate_limited(signed_in, burnaby):
    client = signed_in(Role.OFFICER, burnaby)
    answers = [client.get("/corrections/?as=csv").status_code for _time in range(11)]
    assert answers == [200] * 10 + [429]


def test_invalid_correction_filter_is_ignored_and_an_unreadable_date_shown_as_is():
    create_instance("practice", NOW)
    client = Client()
    client.force_login(cities.member("officer", cities.city("burnaby")))
    assert client.get("/corrections/?status=nonsense").status_code == 200
    assert _known("2011-04-18") == "18 April 2011"
    assert _known("in spring") == "in spring"
