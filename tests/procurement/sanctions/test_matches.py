"""Tests of possible watchlist matches, which block until two people dismiss them in writing.

Everything open is screened again when a list or a name changes.
"""

import pytest
from django.db import IntegrityError, transaction

from procurement.catalogue.models.certificates import CertificateType
from procurement.leads.actions.findings import answer_finding, uphold_finding
from procurement.leads.actions.leads import LeadEdit, change_lead, draft_lead, submit_lead
from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions.approve import (
    accept_donation,
    approve_order,
    override_blockers,
    place_order,
    submit_order,
)
from procurement.orders.payments.actions import (
    propose_payment,
    record_payment,
    require_payee_not_on_watchlist,
)
from procurement.orders.payments.rules.blocks import payment_blocks
from procurement.orders.rules.blockers import watchlist_match_of_order_refusal
from procurement.requests.models import RequestLine
from procurement.sanctions.actions.matches import (
    confirm_match,
    dismiss_match,
    propose_dismissal,
    reject_dismissal,
    reopen_match,
    screen_intermediaries,
    screen_supplier,
)
from procurement.sanctions.actions.periodic import rescreen_suppliers
from procurement.sanctions.models import ScreenedName, WatchlistMatch
from procurement.sanctions.parsers import ListedEntity
from procurement.suppliers.actions.bank_accounts import propose_account
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.suppliers.actions.facts import record_fact
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.statuses import declare_interest
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.procurement.refusals import assert_refused
from tests.worlds import watchlists
from tests.worlds.cities import powers_for
from tests.worlds.completed_orders import LATE
from tests.worlds.need_to_order import AT, Story
from tests.worlds.watchlists import activate_list
from workflow.errors import Refused

pytestmark = pytest.mark.django_db
NUMBER = "91330100799655058B"


@pytest.fixture
def story() -> Story:
    return Story()


def findings(lead: SupplierLead) -> dict[str, str]:
    rows = Finding.objects.filter(lead=lead, code__startswith="list_")
    return dict(rows.values_list("code", "status"))


def list_codes_in_effect(lead: SupplierLead) -> list[str]:
    return list(
        Finding.objects.in_effect().filter(lead=lead, code__startswith="list_").values_list("code", flat=True)
    )


def run_periodic_steps() -> None:
    """Run the parts of the periodic job that concern watchlists and offers."""
    rescreen_suppliers(AT)
    rescreen_changed_offers(AT)


class TestBlocks:
    def test_watchlist_match_blocks_every_open_offer_until_two_people_clear_it(self, story):
        lead = story.lead(story.line())
        match = watchlists.matched_watchlist_entry(story)
        run_periodic_steps()
        lead.refresh_from_db()
        assert (lead.status, lead.blocking_findings, findings(lead)) == (
            "under_review",
            1,
            {"list_match": "open"},
        )
        found = Finding.objects.get(lead=lead, code="list_match")
        assert (found.severity, found.subject, found.source) == (
            "block",
            match.reference,
            match.entry.watchlist.source,
        )
        watchlists.propose_to_clear(story, match)
        run_periodic_steps()
        assert list_codes_in_effect(lead) == ["list_match"]
        who = story.second_officer
        dismiss_match(match, reason="another number", reviewed_by=who.user, by=who.by, at=AT)
        run_periodic_steps()
        assert findings(lead) == {"list_match": "resolved"}

    def test_watchlist_finding_cannot_be_settled_by_an_answer(self, story):
        lead = story.lead(story.line())
        watchlists.matched_watchlist_entry(story)
        run_periodic_steps()
        found = Finding.objects.get(lead=lead, code="list_match")
        for who in (story.officer, story.verifier):
            with assert_refused("not_ready", found):
                answer_finding(found, answer="it is fine", answered_by=who.user, by=who.by, at=AT)

    def test_upheld_watchlist_finding_ends_when_the_match_is_cleared(self, story):
        lead = story.lead(story.line())
        match = watchlists.matched_watchlist_entry(story)
        run_periodic_steps()
        found = Finding.objects.get(lead=lead, code="list_match")
        uphold_finding(found, answer="look", answered_by=story.officer.user, by=story.officer.by, at=AT)
        watchlists.clear_match(story, match)
        run_periodic_steps()
        assert findings(lead) == {"list_match": "resolved"}

    def test_author_of_the_company_or_an_offer_cannot_clear_its_match(self, story):
        story.lead(story.line())
        match = watchlists.matched_watchlist_entry(story)
        with assert_refused("not_allowed", match):
            propose_dismissal(match, reason="x", proposed_by=story.officer.user, by=story.officer.by, at=AT)
        watchlists.propose_to_clear(story, match)
        for who in (story.officer, story.verifier):  # the author of the offer, and the author of the proposal
            with assert_refused("not_allowed", match):
                dismiss_match(match, reason="x", reviewed_by=who.user, by=who.by, at=AT)

    def test_person_with_an_interest_cannot_judge_a_watchlist_match(self, story):
        match, who = watchlists.matched_watchlist_entry(story), story.verifier
        declare_interest(story.supplier, who.user, words="a share", by=who.by, at=AT)
        by = powers_for(who.user)
        for act in (confirm_match, propose_dismissal):
            person = {"reviewed_by" if act is confirm_match else "proposed_by": who.user}
            with assert_refused("not_allowed", match):
                act(match, reason="x", by=by, at=AT, **person)

    def test_watchlist_match_cannot_be_judged_without_a_reason(self, story):
        match = watchlists.matched_watchlist_entry(story)
        with assert_refused("reason_missing", match):
            propose_dismissal(match, reason=" ", proposed_by=story.verifier.user, by=story.verifier.by, at=AT)
        watchlists.propose_to_clear(story, match)
        who = story.second_officer
        with assert_refused("reason_missing", match):
            dismiss_match(match, reason="", reviewed_by=who.user, by=who.by, at=AT)
        reject_dismissal(match, reason="not enough", reviewed_by=who.user, by=who.by, at=AT)
        assert (match.status, match.proposal, match.proposed_by) == ("possible", "", None)

    def test_database_requires_two_people_for_a_dismissed_match(self, story):
        match = watchlists.matched_watchlist_entry(story)
        for other in (
            {"status": "dismissed"},
            {"status": "dismissed", "proposed_by": story.verifier.user, "reviewed_by": story.verifier.user},
            {"status": "dismissal_proposed"},
            {"status": "confirmed"},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                WatchlistMatch.objects.filter(pk=match.pk).update(**other)

    def test_confirmed_match_blocks_until_judged_again(self, story):
        lead = story.lead(story.line())
        match = watchlists.confirm_listed_company(story)
        run_periodic_steps()
        assert list_codes_in_effect(lead) == ["list_confirmed"]
        reopen_match(match, reason="new papers", by=story.verifier.by, at=AT)
        run_periodic_steps()
        assert list_codes_in_effect(lead) == ["list_match"]
        assert (match.review_note, match.reviewed_by, match.reviewed_at) == ("", None, None)


class TestOrders:
    def test_watchlist_match_stops_approval_placing_and_shipping_and_cannot_be_overridden(self, story):
        draft, approved = story.draft(), story.approved(story.promise())
        match = watchlists.matched_watchlist_entry(story)
        run_periodic_steps()
        for order, act in ((draft, approve_order), (approved, place_order)):
            with assert_refused("not_ready", order) as caught:
                act(order, by=story.officer.by, at=AT)
            assert caught.value.details["match"] == match.reference
        submit_order(draft, by=story.officer.by, at=AT)
        override_blockers(draft, reason="we must", by=story.approver.by, at=AT)
        with assert_refused("not_ready", draft) as caught:
            approve_order(draft, by=story.approver.by, at=AT)
        assert match.reference in str(caught.value)
        assert not set(draft.override_covers) & set(
            Finding.objects.filter(code="list_match").values_list("reference")
        )

    def test_donation_with_a_watchlist_match_cannot_be_accepted(self, story):
        gift = story.gift()
        watchlists.matched_watchlist_entry(story)
        run_periodic_steps()
        with assert_refused("not_ready", gift):
            accept_donation(gift, by=story.officer.by, at=AT)

    def test_match_found_after_the_order_holds_the_goods(self, story):
        order = story.ready()
        assert watchlist_match_of_order_refusal(order) is None
        match = watchlists.matched_watchlist_entry(story)
        assert watchlist_match_of_order_refusal(order).details["match"] == match.reference
        watchlists.clear_match(story, match)
        assert watchlist_match_of_order_refusal(order) is None

    def test_new_supplier_name_is_screened_when_the_order_is_approved(self, story):
        draft = story.draft()
        activate_list("Blackwater Orchid Masks Ltd")
        run_periodic_steps()
        correct_supplier(
            story.supplier, SupplierEdit(name_en="Blackwater Orchid"), by=story.officer.by, at=AT
        )
        with pytest.raises(Refused, match="Practice list"):  # the findings of the list remain
            approve_order(draft, by=story.officer.by, at=AT)
        draft.refresh_from_db()
        assert draft.status == "draft"
        assert WatchlistMatch.objects.get(supplier=story.supplier).status == "possible"

    def test_new_supplier_name_is_screened_when_a_payment_is_made(self, story):
        order = story.placed(bank_account=story.account())
        deposit = propose_payment(order.payments.get(milestone="deposit"), by=story.officer.by, at=LATE)
        activate_list("Blackwater Orchid Masks Ltd")
        run_periodic_steps()
        correct_supplier(
            story.supplier, SupplierEdit(name_en="Blackwater Orchid"), by=story.officer.by, at=AT
        )
        with pytest.raises(Refused, match="Practice list"):
            record_payment(deposit, paid_on=LATE.date(), transfer="TT-1", by=story.approver.by, at=LATE)
        deposit.refresh_from_db()
        assert deposit.status == "proposed"
        run_periodic_steps()
        match = WatchlistMatch.objects.get(supplier=story.supplier)
        held = [one for one in payment_blocks(order) if one.url == match.get_absolute_url()]
        assert [one.refusal.details["match"] for one in held] == [match.reference]

    def test_supplier_name_unlike_any_listed_one_is_not_held(self, story):
        draft = story.draft()
        activate_list("Blackwater Orchid Masks Ltd")
        correct_supplier(story.supplier, SupplierEdit(name_en="Whitewater Lotus"), by=story.officer.by, at=AT)
        assert approve_order(draft, by=story.officer.by, at=AT).status == "approved"

    def test_maker_behind_a_trader_is_screened(self, story):
        maker = story.company("新疆天棉纺织有限公司")
        promised = story.promise(maker=maker)
        order = story.draft(promised)
        activate_list("Xinjiang Tianmian Textile")
        run_periodic_steps()
        assert list_codes_in_effect(promised.lead) == ["list_match"]
        assert watchlist_match_of_order_refusal(order) is not None


class TestNames:
    def test_every_name_of_a_company_is_screened(self, story):
        activate_list(
            "Blackwater Orchid",
            "Greywolf Ember",
            "Redstone Harbour",
            "Silverpine Quill",
            "Ironwood Kestrel",
            "Amberfield Lark",
            ListedEntity(9, "Somebody", numbers=(NUMBER,)),
        )
        company = story.company("甲乙丙丁医疗器械")
        correct_supplier(
            company,
            SupplierEdit(name_en="Blackwater Orchid Ltd", uscc=NUMBER, referred_by=["Greywolf Ember"]),
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
        record_shown_certificate(
            company,
            CertificateType.objects.order_by("code").first(),
            number="1",
            manufacturer="Silverpine Quill",
            holder="Ironwood Kestrel",
            entered_by=story.officer.user,
            by=story.officer.by,
            at=AT,
        )
        rescreen_suppliers(AT)
        rescreen_changed_offers(AT)
        record_fact(
            company,
            "name_en",
            "Amberfield Lark",
            stated_by="a register",
            stated_on=AT.date(),
            entered_by=story.officer.user,
            by=story.officer.by,
            at=AT,
        )
        rescreen_suppliers(AT)
        name_source = WatchlistMatch.objects.filter(supplier=company).values_list("name_source", flat=True)
        assert sorted(name_source) == [
            "certificate",
            "english",
            "holder",
            "maker",
            "number",
            "referral",
            "stated",
        ]

    def test_new_offer_of_a_listed_company_is_blocked_on_submission(self, story):
        activate_list(watchlists.LISTED_NAME)
        story.line()
        lead = draft_lead(
            story.city,
            author=story.officer.user,
            supplier=story.supplier,
            product=RequestLine.objects.get().product,
            stock_quantity=10,
            by=story.officer.by,
            at=AT,
        )
        submit_lead(lead, by=story.officer.by, at=AT)
        lead.refresh_from_db()
        assert lead.blocking_findings >= 1
        assert list_codes_in_effect(lead) == ["list_match"]

    def test_referrers_of_an_offer_are_screened_for_its_city_only(self, story):
        activate_list("Blackwater Orchid Agency")
        lead = story.lead(story.line())
        change_lead(lead, LeadEdit(referred_by=["Blackwater Orchid"]), by=story.officer.by, at=AT)
        match = WatchlistMatch.objects.get()
        assert (match.city, match.name_source) == (story.city, "referral")
        assert list(WatchlistMatch.objects.visible_to(story.verifier.by)) == [match]
        assert not WatchlistMatch.objects.visible_to(story.stranger.by).exists()
        assert list_codes_in_effect(lead) == ["list_match"]
        change_lead(lead, LeadEdit(referred_by=[]), by=story.officer.by, at=AT)
        assert not ScreenedName.objects.filter(city=story.city).exists()
        assert list_codes_in_effect(lead) == ["list_match"]  # leaving out a name does not lift a block

    def test_referrers_already_screened_are_compared_with_the_next_list(self, story):
        story.lead(story.line(), referred_by=["Blackwater Orchid", " "])
        activate_list("Blackwater Orchid Agency")
        assert WatchlistMatch.objects.get().city == story.city
        ScreenedName.objects.update(turn=0)
        WatchlistMatch.objects.all().delete()
        rescreen_suppliers(AT)
        assert WatchlistMatch.objects.get().city == story.city
        assert set(ScreenedName.objects.values_list("turn", flat=True)) == {1}

    def test_match_found_for_another_city_does_not_stop_own_payments(self, story):
        order, markham = story.placed(), story.stranger.user.memberships.get().city
        screen_intermediaries(story.supplier, ["Blackwater Orchid"], city_id=markham.pk, at=AT)
        activate_list("Blackwater Orchid Agency")
        ScreenedName.objects.update(turn=0)
        WatchlistMatch.objects.all().delete()
        require_payee_not_on_watchlist(order, AT)
        assert WatchlistMatch.objects.get().city == markham

    def test_corrected_name_keeps_the_block_and_reopens_a_cleared_match(self, story):
        match = watchlists.matched_watchlist_entry(story)
        correct_supplier(
            story.supplier, SupplierEdit(legal_name_local="甲乙丙丁"), by=story.officer.by, at=AT
        )
        rescreen_suppliers(AT)
        match.refresh_from_db()
        assert match.status == "possible"
        watchlists.clear_match(story, match)
        correct_supplier(story.supplier, SupplierEdit(name_en="Another"), by=story.officer.by, at=AT)
        rescreen_suppliers(AT)
        match.refresh_from_db()
        assert (match.status, match.proposal) == ("possible", "")

    def test_additional_bank_account_does_not_reopen_a_cleared_match(self, story):
        match = watchlists.clear_match(story)
        story.account()
        rescreen_suppliers(AT)
        match.refresh_from_db()
        assert match.status == "dismissed"

    def test_repeated_watchlist_screening_adds_no_match(self, story):
        watchlists.matched_watchlist_entry(story)
        assert rescreen_suppliers(AT) == 0
        assert not screen_supplier(story.supplier, at=AT)
        assert WatchlistMatch.objects.count() == 1

    def test_merged_company_keeps_its_watchlist_matches(self, story):
        match = watchlists.matched_watchlist_entry(story)
        other = story.company("甲乙丙丁")
        merge_suppliers(story.supplier, into=other, reason="one", by=story.officer.by, at=AT)
        assert list(WatchlistMatch.objects.blocking_dealings_with([other], story.city.pk)) == [match]
