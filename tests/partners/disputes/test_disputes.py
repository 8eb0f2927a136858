"""Disputes between sources: each source has its claim, a person settles the dispute, and all claims stay readable."""

import pytest
from django.core.management import call_command

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.models import TwinningAgreement
from partners.corrections.correctable_facts import disputable_facts
from partners.disputes.actions import add_claim, reopen_dispute, settle_dispute
from partners.disputes.models import Dispute, SourceClaim
from partners.memberships.models import Membership
from partners.partial_dates import parse_partial_date
from tests.partners.page_helpers import text
from tests.worlds import cities
from tests.worlds.cities import NOW, powers_for
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
Role = Membership.Role
WHO = {"by": CONSOLE_ACTOR, "at": NOW}


@pytest.fixture
def agreement():
    return cities.twinning("burnaby", "zhongshan")


def add_claim_of(agreement, fact="signed", value="2009", source="A list", **more):
    return add_claim(agreement, fact, value, source=source, **more, **WHO)


def test_claims_about_one_fact_are_stored_side_by_side_without_changing_it(agreement):
    add_claim_of(agreement)
    other = add_claim_of(agreement, value="2011-04-18", source="The city", said=parse_partial_date("2019"))
    dispute = Dispute.objects.get()
    assert {str(one) for one in dispute.claims.all()} == {"A list: 2009", "The city: 2011-04-18"}
    assert (other.stated_date, dispute.status, dispute.register_entry) == (
        parse_partial_date("2019"),
        "open",
        agreement,
    )
    assert TwinningAgreement.objects.get().signed == parse_partial_date("2011")
    assert [entry.verb for entry in history_of(dispute)] == ["claim", "claim", "dispute"]
    assert list(Dispute.objects.search("city")) == [dispute]


def test_invalid_or_repeated_claim_is_refused(agreement):
    add_claim_of(agreement)
    for facts in ({"value": "spring"}, {}, {"fact": "kind", "value": "cousins"}, {"fact": "slug"}):
        with pytest.raises(Refused):
            add_claim_of(agreement, **facts)
    with pytest.raises(Refused):
        add_claim_of(cities.city("burnaby"), fact="agreement_status", value="in_force")
    assert SourceClaim.objects.count() == 1


def test_settling_a_dispute_corrects_the_fact_and_can_be_reopened(agreement):
    right, keeper = add_claim_of(agreement), cities.member(Role.ADMINISTRATOR, cities.city("zhongshan"))
    add_claim_of(agreement, value="2011", source="The city")
    dispute, by = right.dispute, powers_for(keeper)
    settle_dispute(dispute, claim=right, settled_by=keeper, by=by, at=NOW, reason="The signed paper.")
    assert (dispute.status, dispute.settled_for, dispute.because) == ("settled", "2009", "The signed paper.")
    assert TwinningAgreement.objects.get().signed == parse_partial_date("2009")
    entry = history_of(agreement).first()
    assert entry is not None
    assert (entry.verb, entry.reason) == ("correct", "A list: The signed paper.")
    with pytest.raises(Refused):
        add_claim_of(agreement, value="2010", source="Another")
    reopen_dispute(dispute, by=by, at=NOW, reason="Another paper.")
    assert (dispute.status, dispute.settled_for, dispute.settled_by) == ("open", "", None)
    assert dispute.claims.count() == 2
    assert TwinningAgreement.objects.get().signed == parse_partial_date("2009")


def test_dispute_about_the_agreement_status_is_settled_without_ending_the_agreement(agreement):
    right = add_claim_of(agreement, fact="agreement_status", value="Abandoned", source="The mayor")
    settle_dispute(right.dispute, claim=right, settled_by=cities.user(), reason="so", **WHO)
    assert TwinningAgreement.objects.get().status == "recorded"
    assert "agreement_status" in disputable_facts(agreement)
    assert "agreement_status" not in disputable_facts(cities.city("burnaby"))


def test_dispute_can_be_settled_only_for_one_of_its_own_claims(agreement):
    right, other = add_claim_of(agreement), add_claim_of(agreement, fact="kind", value="friendship")
    with pytest.raises(Refused, match="No source gives this value"):
        settle_dispute(right.dispute, claim=other, settled_by=cities.user(), reason="so", **WHO)


def test_administrator_adds_settles_and_reopens_a_dispute_on_its_page(signed_in, agreement):
    client = signed_in(Role.ADMINISTRATOR, cities.city("burnaby"))
    address = f"/agreements/{agreement.pk}/sources/"
    assert "Source" in text(client.get(f"{address}?fact=kind"))
    data = {"fact": "kind", "value": "friendship", "source": "A list", "source_url": "", "said": "2015"}
    assert client.post(address, data).status_code == 303
    assert text(client.post(address, {"fact": "kind"}), 422)
    add_claim_of(agreement, fact="kind", value="sister", source="The city")
    add_claim_of(agreement, fact="agreement_status", value="Abandoned", source="The mayor")
    for page in ("/cities/burnaby/", agreement.get_absolute_url()):
        shown = text(client.get(page)).split('id="conflicts"')[1].split("</section>")[0]
        for words in ("A list", "Friendship cities", "The city", "Sister cities", "Abandoned", "2015"):
            assert words in shown, words
    dispute = Dispute.objects.get(fact="kind")
    home, chosen = dispute.get_absolute_url(), dispute.claims.get(value="friendship")
    assert "Which source is correct?" in text(client.get(f"{home}settle/"))
    assert (
        client.post(f"{home}settle/", {"claim": chosen.pk, "reason": "Council of 2018."}).status_code == 303
    )
    page = text(client.get(home))
    assert "in favour of “Friendship cities”. Reason:" in page
    assert "Council of 2018." in page
    assert "Council of 2018." in text(client.get("/cities/burnaby/"))
    assert client.post(f"{home}reopen/", {"reason": "A doubt."}).status_code == 303
    reader = signed_in(Role.OBSERVER, cities.city("markham"))
    assert f"{home}settle/" not in text(reader.get(home))
    assert reader.get(address).status_code == 403


def test_shipped_source_conflicts_become_claims_once(signed_in):
    call_command("load_register", verbosity=0)
    texts = TwinningAgreement.objects.exclude(conflict="")
    assert set(texts.values_list("pk", flat=True)) == set(Dispute.objects.values_list("agreement", flat=True))
    known = SourceClaim.objects.count()
    assert known == 23
    call_command("load_register", verbosity=0)
    assert SourceClaim.objects.count() == known
    page = text(signed_in(Role.COORDINATOR).get("/cities/shanghai-cn/"))
    shown = page.split('id="conflicts"')[1].split("</section>")[0]
    for words in ("Quartz", "May 2020", "Chinese Wikipedia", "1976", "City of Gothenburg"):
        assert words in shown, words
