"""Claims of sources about a city, agreement or exchange, added on pages by those who may."""

import pytest

from partners.agreements.models import TwinningAgreement
from partners.disputes.actions import add_claim
from partners.disputes.models import Dispute
from partners.exchanges.models import Exchange
from partners.memberships.models import Membership
from tests.partners.page_helpers import URL, text
from tests.worlds import cities

pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.fixture
def objects_by_kind(burnaby):
    agreement = cities.twinning(burnaby, "zhongshan", signed="2011")
    gift = cities.exchange(
        "zhongshan", burnaby, "2020-04-12", kind="ppe_donation", quantity=500, unit="piece"
    )
    return {"city": burnaby, "agreement": agreement, "exchange": gift}


def address(thing):
    kind = {TwinningAgreement: "agreements", Exchange: "exchanges"}.get(type(thing))
    return f"/{kind}/{thing.pk}/sources/" if kind else f"/cities/{thing.slug}/sources/"


@pytest.mark.parametrize(
    ("name", "fact", "value", "kept"),
    [
        ("city", "population", "249,125", "249125"),
        ("city", "level", "municipality", "municipality"),
        ("agreement", "kind", "friendship", "friendship"),
        ("agreement", "signed", "2009-05", "2009-05"),
        ("agreement", "agreement_status", "Terminated", "terminated"),
        ("agreement", "agreement_status", "Ending it was recommended", "Ending it was recommended"),
        ("exchange", "quantity", "12000", "12000"),
        ("exchange", "when", "2020-04", "2020-04"),
    ],
)
def test_administrator_records_a_sources_claim_about_city_agreement_or_exchange(
    signed_in, objects_by_kind, name, fact, value, kept
):
    client, thing = signed_in(Role.ADMINISTRATOR, objects_by_kind["city"]), objects_by_kind[name]
    assert f"?fact={fact}" in text(client.get(address(thing)))
    where = f"{address(thing)}?fact={fact}"
    assert "What the source says" in text(client.get(where))
    data = {"fact": fact, "value": value, "source": "A list", "source_url": URL, "said": "2019"}
    answer = client.post(where, data)
    dispute = Dispute.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == dispute.get_absolute_url()
    assert (dispute.fact, dispute.claims.get().value, dispute.register_entry) == (fact, kept, thing)
    page = text(client.get(dispute.get_absolute_url()))
    assert where in page, "another source is added as of there"
    assert "A list" in text(client.get(where)), "and sees what was said before"
    assert "A list" in text(client.get(f"/cities/{objects_by_kind['city'].slug}/"))
    again = client.post(where, data)
    assert "This has already been recorded." in text(again, 422)


@pytest.mark.parametrize("name", ["city", "agreement", "exchange"])
def test_invalid_claim_is_refused_and_other_readers_get_403(signed_in, objects_by_kind, name):
    thing = objects_by_kind[name]
    keeper = signed_in(Role.ADMINISTRATOR, objects_by_kind["city"])
    assert keeper.post(address(thing), {"fact": "shoe size"}).status_code == 422
    fact = {"city": "population", "agreement": "signed", "exchange": "when"}[name]
    for value in ("", "some day", "9" * 300):
        assert (
            keeper.post(address(thing), {"fact": fact, "value": value, "source": "A list"}).status_code == 422
        )
    assert keeper.post(address(thing), {"fact": fact, "value": "2012"}).status_code == 422, "no source"
    assert not Dispute.objects.exists()
    for role in (Role.OFFICER, Role.OBSERVER):
        assert signed_in(role, objects_by_kind["city"]).get(address(thing)).status_code == 403
    assert "/sources/" not in text(signed_in(Role.OBSERVER, objects_by_kind["city"]).get("/cities/burnaby/"))


def test_dispute_is_settled_from_the_city_page_by_its_administrator(signed_in, objects_by_kind):
    claim = add_claim(
        objects_by_kind["city"], "population", "250000", source="A list",
        by=cities.powers(Role.COORDINATOR), at=cities.NOW,
    )  # fmt: skip
    where = f"{claim.dispute.get_absolute_url()}settle/"
    assert "A list – 250,000" in text(signed_in(Role.ADMINISTRATOR, objects_by_kind["city"]).get(where))
    assert where in text(signed_in(Role.ADMINISTRATOR, objects_by_kind["city"]).get("/cities/burnaby/"))
    assert where not in text(signed_in(Role.OBSERVER, objects_by_kind["city"]).get("/cities/burnaby/"))
