"""What another city's verified offer or open order rests on is changed once that city consents."""

import pytest

from procurement import notices
from procurement.catalogue.models import CertificateKind
from procurement.orders.models import Order
from procurement.orders.rules import holding
from procurement.suppliers import actions as suppliers
from procurement.suppliers.models import Certificate, Supplier
from tests.procurement.api.program import Program
from tests.procurement.refusals import refused
from tests.procurement.story import AT
from workflow.models import Entry

WHY = "The licence of 2020 names the company so."


@pytest.fixture
def relied_on(story) -> Supplier:
    """A company of a verified offer of Burnaby."""
    story.lead(story.line())
    return story.supplier


def noted(story, company) -> Certificate:
    kind = CertificateKind.objects.get(code="ISO_13485")
    return suppliers.claim(
        company, kind, number="QM-778812", entered_by=story.officer.user, by=story.officer.by, at=AT
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("legal_name_local", "中山新名有限公司"), ("uscc", "91442000MA4UJQ8X3P"), ("phone", "+86 760 1")],
)
def test_a_company_that_another_city_relies_on_is_not_corrected_alone(story, relied_on, field, value):
    with refused("relied_on", relied_on):
        suppliers.correct(relied_on, by=story.stranger.by, at=AT, reason=WHY, **{field: value})
    suppliers.correct(relied_on, by=story.officer.by, at=AT, **{field: value})
    assert getattr(Supplier.objects.get(pk=relied_on.pk), field) == value


def test_a_company_nobody_else_relies_on_is_corrected_without_asking(story):
    suppliers.correct(story.supplier, by=story.stranger.by, at=AT, name_en="Kanghu Medical")
    assert story.supplier.name_en == "Kanghu Medical"


def test_the_other_city_reads_author_city_and_reason_and_makes_the_change_or_leaves_it(story, relied_on):
    markham = Program(story.stranger.user)
    address = f"suppliers/{relied_on.reference}/"
    assert markham.refused(f"{address}correct/", {"name_en": "Kang"})["code"] == "relied_on"
    assert markham.refused(f"{address}suggest-change/", {})["status"] == 422
    markham.post(f"{address}suggest-change/", {"reason": WHY})
    told = notices.tell(Entry.objects.filter(verb="suggest_change").latest("pk"), AT)
    assert {one.recipient for one in told.notices} == {story.officer.user}
    for words in (str(story.stranger.user), "Markham", WHY):
        assert words in told.messages[0].body
    with refused("not_relying", relied_on):
        suppliers.decline_change(relied_on, by=story.stranger.by, at=AT, reason="no")
    suppliers.decline_change(relied_on, by=story.officer.by, at=AT, reason="The licence says otherwise.")
    told = notices.tell(Entry.objects.filter(verb="decline_change").latest("pk"), AT)
    assert {one.recipient for one in told.notices} == {story.stranger.user}


def test_two_cities_that_rely_on_a_company_change_it_together(story, relied_on):
    markham = type(story)("markham")
    markham.supplier = relied_on
    markham.contact, markham.checker = story.contact, story.checker
    markham.lead(markham.line())
    with refused("relied_on", relied_on):
        suppliers.correct(relied_on, by=story.officer.by, at=AT, reason=WHY, name_en="Kang")
    suppliers.suggest_change(relied_on, by=markham.officer.by, at=AT, reason=WHY)
    with refused("reason_missing", relied_on):
        suppliers.correct(relied_on, by=story.officer.by, at=AT, name_en="Kang")
    suppliers.correct(relied_on, by=story.officer.by, at=AT, reason=WHY, name_en="Kang")
    told = notices.tell(Entry.objects.filter(verb="correct").latest("pk"), AT)
    (mail,) = [one for one in told.messages if one.recipient == markham.officer.user]
    for words in ("English name: – → Kang", WHY, "Burnaby"):
        assert words in mail.body
    with refused("relied_on", relied_on):
        suppliers.correct(relied_on, by=story.officer.by, at=AT, reason=WHY, name_en="Kanghu")


def test_a_certificate_another_city_relies_on_is_neither_amended_nor_marked_alone(story, relied_on):
    paper = noted(story, relied_on)
    with refused("relied_on", paper):
        suppliers.amend(paper, number="QM-1", by=story.stranger.by, at=AT, reason=WHY)
    with refused("relied_on", paper):
        suppliers.mark(
            paper, "altered", reason=WHY, looked_up_by=story.stranger.user, by=story.stranger.by, at=AT
        )
    suppliers.amend(paper, remark="seen", by=story.stranger.by, at=AT)
    suppliers.suggest_change(relied_on, by=story.officer.by, at=AT, reason="yes, go on")
    suppliers.mark(
        paper, "altered", reason=WHY, looked_up_by=story.stranger.user, by=story.stranger.by, at=AT
    )
    assert paper.status == "altered"


def test_a_company_another_city_relies_on_is_not_merged_alone(story, relied_on):
    other = story.company("中山另一家有限公司")
    for one, into in ((relied_on, other), (other, relied_on)):
        with refused("relied_on", one, into):
            suppliers.merge(one, into=into, reason=WHY, by=story.stranger.by, at=AT)


def another_account(company, who, number="6222020000009999"):
    return suppliers.propose_account(
        company, holder="A stranger", number=number, bank="Bank of China", country="CN", proposed_by=who.user, by=who.by,
        at=AT,
    )  # fmt: skip


def test_an_account_that_one_city_enters_holds_no_payment_of_another_and_is_told(story):
    order = story.placed(story.promise())
    order = Order.objects.get(pk=order.pk)
    before = [str(one.no) for one in holding.held(order)]
    another_account(story.supplier, story.stranger)
    assert [str(one.no) for one in holding.held(Order.objects.get(pk=order.pk))] == before
    told = notices.tell(
        Entry.objects.filter(thing_label="procurement.bankaccount", verb="propose").latest("pk"), AT
    )
    assert story.officer.user in {one.recipient for one in told.notices}
    assert "Markham" in told.messages[0].body
    another_account(story.supplier, story.officer, "6222020000008888")
    assert [str(one.no) for one in holding.held(Order.objects.get(pk=order.pk))] != before


def test_an_account_another_city_pays_into_is_not_retired_alone(story):
    account = story.account()
    story.placed(story.promise(), bank_account=account)
    with refused("relied_on", account):
        suppliers.retire_account(account, reason=WHY, by=story.stranger.by, at=AT)
    suppliers.retire_account(account, reason=WHY, by=story.officer.by, at=AT)
    assert account.status == "retired"
