"""A possible match blocks until two persons cleared it in writing; everything open is screened again when a list or name changes."""

import pytest
from django.db import IntegrityError, transaction

from procurement.catalogue.models.certificates import CertificateKind
from procurement.leads.actions import offers
from procurement.leads.actions.findings import answer_finding, uphold
from procurement.leads.anew import rescreen_changed
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.lists.actions import matches, screening
from procurement.lists.actions.matches import propose_clearing, turn_down
from procurement.lists.actions.screening import screen_chain
from procurement.lists.anew import rescreen_suppliers
from procurement.lists.formats import Listing
from procurement.lists.models.match import ListMatch, ScreenedName
from procurement.orders.actions import deciding, payments
from procurement.orders.actions.payments import not_on_a_list
from procurement.orders.rules import holding
from procurement.orders.rules.gates import clear_of_lists
from procurement.requests.models import RequestLine
from procurement.suppliers.actions import certificates, companies, facts, merging
from procurement.suppliers.actions.accounts import propose_account
from procurement.suppliers.actions.judgements import declare_interest
from tests.procurement.lists import play
from tests.procurement.lists.play import in_force
from tests.procurement.orders.play import LATE
from tests.procurement.refusals import refused
from tests.procurement.story import AT, Story
from tests.world import powers_for
from workflow.errors import Refused

pytestmark = pytest.mark.django_db
NUMBER = "91330100799655058B"


@pytest.fixture
def story() -> Story:
    return Story()


def findings(lead: SupplierLead) -> dict[str, str]:
    rows = Finding.objects.filter(lead=lead, code__startswith="list_")
    return dict(rows.values_list("code", "status"))


def standing(lead: SupplierLead) -> list[str]:
    return list(
        Finding.objects.standing().filter(lead=lead, code__startswith="list_").values_list("code", flat=True)
    )


def settled() -> None:
    """A tick, as far as lists and offers go."""
    rescreen_suppliers(AT)
    rescreen_changed(AT)


class TestABlock:
    def test_it_lands_on_every_open_offer_and_takes_two_to_lift(self, story):
        lead = story.lead(story.line())
        match = play.matched(story)
        settled()
        lead.refresh_from_db()
        assert (lead.status, lead.blocking_findings, findings(lead)) == (
            "checking",
            1,
            {"list_match": "open"},
        )
        found = Finding.objects.get(lead=lead, code="list_match")
        assert (found.severity, found.subject, found.source) == (
            "block",
            match.reference,
            match.listed.watch_list.source,
        )
        play.proposed(story, match)
        settled()
        assert standing(lead) == ["list_match"]
        who = story.second_officer
        matches.clear(match, reason="another number", judged_by=who.user, by=who.by, at=AT)
        settled()
        assert findings(lead) == {"list_match": "gone"}

    def test_no_answer_lifts_it(self, story):
        lead = story.lead(story.line())
        play.matched(story)
        settled()
        found = Finding.objects.get(lead=lead, code="list_match")
        for who in (story.officer, story.verifier):
            with refused("not_ready", found):
                answer_finding(found, answer="it is fine", answered_by=who.user, by=who.by, at=AT)

    def test_it_is_upheld_and_goes_all_the_same_once_it_is_cleared(self, story):
        lead = story.lead(story.line())
        match = play.matched(story)
        settled()
        found = Finding.objects.get(lead=lead, code="list_match")
        uphold(found, answer="look", answered_by=story.officer.user, by=story.officer.by, at=AT)
        play.cleared(story, match)
        settled()
        assert findings(lead) == {"list_match": "gone"}

    def test_who_entered_the_company_or_an_offer_clears_nothing(self, story):
        story.lead(story.line())
        match = play.matched(story)
        with refused("not_allowed", match):
            propose_clearing(match, reason="x", proposed_by=story.officer.user, by=story.officer.by, at=AT)
        play.proposed(story, match)
        for who in (story.officer, story.verifier):  # the author, and who proposed it
            with refused("not_allowed", match):
                matches.clear(match, reason="x", judged_by=who.user, by=who.by, at=AT)

    def test_whom_the_company_concerns_judges_no_match_of_it(self, story):
        match, who = play.matched(story), story.verifier
        declare_interest(story.supplier, who.user, words="a share", by=who.by, at=AT)
        by = powers_for(who.user)
        for act in (matches.confirm, propose_clearing):
            person = {"judged_by" if act is matches.confirm else "proposed_by": who.user}
            with refused("not_allowed", match):
                act(match, reason="x", by=by, at=AT, **person)

    def test_nothing_is_judged_without_words(self, story):
        match = play.matched(story)
        with refused("reason_missing", match):
            propose_clearing(match, reason=" ", proposed_by=story.verifier.user, by=story.verifier.by, at=AT)
        play.proposed(story, match)
        who = story.second_officer
        with refused("reason_missing", match):
            matches.clear(match, reason="", judged_by=who.user, by=who.by, at=AT)
        turn_down(match, reason="not enough", judged_by=who.user, by=who.by, at=AT)
        assert (match.status, match.proposal, match.proposed_by) == ("possible", "", None)

    def test_the_database_wants_two_persons(self, story):
        match = play.matched(story)
        for other in (
            {"status": "cleared"},
            {"status": "cleared", "proposed_by": story.verifier.user, "judged_by": story.verifier.user},
            {"status": "clearing"},
            {"status": "confirmed"},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                ListMatch.objects.filter(pk=match.pk).update(**other)

    def test_a_confirmed_one_blocks_until_it_is_judged_anew(self, story):
        lead = story.lead(story.line())
        match = play.confirmed(story)
        settled()
        assert standing(lead) == ["list_confirmed"]
        matches.reopen(match, reason="new papers", by=story.verifier.by, at=AT)
        settled()
        assert standing(lead) == ["list_match"]
        assert (match.judgement, match.judged_by, match.judged_at) == ("", None, None)


class TestOrders:
    def test_nothing_is_approved_placed_or_shipped_and_nothing_overrides_it(self, story):
        draft, approved = story.draft(), story.approved(story.promise())
        match = play.matched(story)
        settled()
        for order, act in ((draft, deciding.approve), (approved, deciding.place)):
            with refused("not_ready", order) as caught:
                act(order, by=story.officer.by, at=AT)
            assert caught.value.details["match"] == match.reference
        deciding.submit(draft, by=story.officer.by, at=AT)
        deciding.override(draft, reason="we must", by=story.approver.by, at=AT)
        with refused("not_ready", draft) as caught:
            deciding.approve(draft, by=story.approver.by, at=AT)
        assert match.reference in str(caught.value)
        assert not set(draft.override_covers) & set(
            Finding.objects.filter(code="list_match").values_list("reference")
        )

    def test_a_gift_is_not_accepted(self, story):
        gift = story.gift()
        play.matched(story)
        settled()
        with refused("not_ready", gift):
            deciding.accept(gift, by=story.officer.by, at=AT)

    def test_a_match_found_after_the_order_holds_the_goods(self, story):
        order = story.ready()
        assert clear_of_lists(order) is None
        match = play.matched(story)
        assert clear_of_lists(order).details["match"] == match.reference
        play.cleared(story, match)
        assert clear_of_lists(order) is None

    def test_a_name_entered_since_is_compared_as_the_order_is_approved(self, story):
        draft = story.draft()
        in_force("Blackwater Orchid Masks Ltd")
        settled()
        companies.correct(story.supplier, name_en="Blackwater Orchid", by=story.officer.by, at=AT)
        with pytest.raises(Refused, match="Practice list"):  # what was found for it stays
            deciding.approve(draft, by=story.officer.by, at=AT)
        draft.refresh_from_db()
        assert draft.status == "draft"
        assert ListMatch.objects.get(supplier=story.supplier).status == "possible"

    def test_a_name_entered_since_is_compared_as_the_money_goes_out(self, story):
        order = story.placed(bank_account=story.account())
        deposit = payments.propose(order.payments.get(milestone="deposit"), by=story.officer.by, at=LATE)
        in_force("Blackwater Orchid Masks Ltd")
        settled()
        companies.correct(story.supplier, name_en="Blackwater Orchid", by=story.officer.by, at=AT)
        with pytest.raises(Refused, match="Practice list"):
            payments.pay(deposit, paid_on=LATE.date(), transfer="TT-1", by=story.approver.by, at=LATE)
        deposit.refresh_from_db()
        assert deposit.status == "proposed"
        settled()
        match = ListMatch.objects.get(supplier=story.supplier)
        held = [one for one in holding.held(order) if one.url == match.get_absolute_url()]
        assert [one.no.details["match"] for one in held] == [match.reference]

    def test_other_names_hold_up_nothing(self, story):
        draft = story.draft()
        in_force("Blackwater Orchid Masks Ltd")
        companies.correct(story.supplier, name_en="Whitewater Lotus", by=story.officer.by, at=AT)
        assert deciding.approve(draft, by=story.officer.by, at=AT).status == "approved"

    def test_the_maker_behind_a_trader_counts(self, story):
        maker = story.company("新疆天棉纺织有限公司")
        promised = story.promise(maker=maker)
        order = story.draft(promised)
        in_force("Xinjiang Tianmian Textile")
        settled()
        assert standing(promised.lead) == ["list_match"]
        assert clear_of_lists(order) is not None


class TestNames:
    def test_every_name_a_company_bears_is_compared(self, story):
        in_force(
            "Blackwater Orchid",
            "Greywolf Ember",
            "Redstone Harbour",
            "Silverpine Quill",
            "Ironwood Kestrel",
            "Amberfield Lark",
            Listing(9, "Somebody", numbers=(NUMBER,)),
        )
        company = story.company("甲乙丙丁医疗器械")
        companies.correct(
            company,
            name_en="Blackwater Orchid Ltd",
            uscc=NUMBER,
            referred_by=["Greywolf Ember"],
            by=story.officer.by,
            at=AT,
        )
        propose_account(
            company,
            holder="Redstone Harbour",
            number="6222000",
            bank="Bank",
            country="CN",
            proposed_by=story.officer.user,
            by=story.officer.by,
            at=AT,
        )
        certificates.claim(
            company,
            CertificateKind.objects.order_by("code").first(),
            number="1",
            manufacturer="Silverpine Quill",
            holder="Ironwood Kestrel",
            entered_by=story.officer.user,
            by=story.officer.by,
            at=AT,
        )
        rescreen_suppliers(AT)
        rescreen_changed(AT)
        facts.say(
            company,
            "name_en",
            "Amberfield Lark",
            said_by="a register",
            said_on=AT.date(),
            entered_by=story.officer.user,
            by=story.officer.by,
            at=AT,
        )
        rescreen_suppliers(AT)
        borne = ListMatch.objects.filter(supplier=company).values_list("borne", flat=True)
        assert sorted(borne) == ["english", "holder", "maker", "number", "paper", "referral", "said"]

    def test_a_new_offer_of_a_new_company_is_blocked_in_its_own_transaction(self, story):
        in_force(play.LISTED)
        story.line()
        lead = offers.draft(
            story.city,
            author=story.officer.user,
            supplier=story.supplier,
            product=RequestLine.objects.get().product,
            stock_quantity=10,
            by=story.officer.by,
            at=AT,
        )
        offers.offer(lead, by=story.officer.by, at=AT)
        lead.refresh_from_db()
        assert lead.blocking_findings >= 1
        assert standing(lead) == ["list_match"]

    def test_who_an_offer_came_through_is_its_citys_own(self, story):
        in_force("Blackwater Orchid Agency")
        lead = story.lead(story.line())
        offers.change(lead, referred_by=["Blackwater Orchid"], by=story.officer.by, at=AT)
        match = ListMatch.objects.get()
        assert (match.city, match.borne) == (story.city, "referral")
        assert list(ListMatch.objects.visible_to(story.verifier.by)) == [match]
        assert not ListMatch.objects.visible_to(story.stranger.by).exists()
        assert standing(lead) == ["list_match"]
        offers.change(lead, referred_by=[], by=story.officer.by, at=AT)
        assert not ScreenedName.objects.filter(city=story.city).exists()
        assert standing(lead) == ["list_match"]  # no block is lifted by leaving a name out

    def test_a_chain_that_was_compared_is_compared_with_the_next_list(self, story):
        story.lead(story.line(), referred_by=["Blackwater Orchid", " "])
        in_force("Blackwater Orchid Agency")
        assert ListMatch.objects.get().city == story.city
        ScreenedName.objects.update(turn=0)
        ListMatch.objects.all().delete()
        rescreen_suppliers(AT)
        assert ListMatch.objects.get().city == story.city
        assert set(ScreenedName.objects.values_list("turn", flat=True)) == {1}

    def test_what_is_found_for_another_city_only_stops_no_payment_of_ours(self, story):
        order, markham = story.placed(), story.stranger.user.memberships.get().city
        screen_chain(story.supplier, ["Blackwater Orchid"], city_id=markham.pk, at=AT)
        in_force("Blackwater Orchid Agency")
        ScreenedName.objects.update(turn=0)
        ListMatch.objects.all().delete()
        not_on_a_list(order, AT)
        assert ListMatch.objects.get().city == markham

    def test_correcting_a_name_lifts_no_block_and_opens_what_was_cleared(self, story):
        match = play.matched(story)
        companies.correct(story.supplier, legal_name_local="甲乙丙丁", by=story.officer.by, at=AT)
        rescreen_suppliers(AT)
        match.refresh_from_db()
        assert match.status == "possible"
        play.cleared(story, match)
        companies.correct(story.supplier, name_en="Another", by=story.officer.by, at=AT)
        rescreen_suppliers(AT)
        match.refresh_from_db()
        assert (match.status, match.proposal) == ("possible", "")

    def test_an_account_more_opens_nothing_that_was_cleared(self, story):
        match = play.cleared(story)
        story.account()
        rescreen_suppliers(AT)
        match.refresh_from_db()
        assert match.status == "cleared"

    def test_comparing_again_finds_nothing_new(self, story):
        play.matched(story)
        assert rescreen_suppliers(AT) == 0
        assert not screening.screen(story.supplier, at=AT)
        assert ListMatch.objects.count() == 1

    def test_a_merged_row_keeps_what_stands_against_it(self, story):
        match = play.matched(story)
        other = story.company("甲乙丙丁")
        merging.merge(story.supplier, into=other, reason="one", by=story.officer.by, at=AT)
        assert list(ListMatch.objects.against([other], story.city.pk)) == [match]
