"""Who relies on a company, a number and an account: what one city enters alone neither proves nor holds what another city pays."""

import pytest
from django.test import Client

from accounts.actors import CONSOLE
from partners.actions import roles
from partners.actions.roles import end_role
from procurement.notices import planning
from procurement.orders.models.order import Order
from procurement.orders.rules import holding
from procurement.suppliers.actions import companies, facts, merging
from procurement.suppliers.actions.accounts import confirm_account, propose_account
from procurement.suppliers.actions.changes import accept_change
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.change import CompanyChange
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.rules import relying
from tests import world
from tests.procurement.api.program import Program
from tests.procurement.refusals import refused
from tests.procurement.story import AT, Person, Story
from tests.world import powers_for
from workflow import clock
from workflow.models.journal import Entry

WHY = "The licence of 2020 says so."
PHONE = "+86 760 5555 0101"


@pytest.fixture
def practice(story):
    """An instance whose pages ask for no second factor."""
    story.practise()
    yield
    clock.forget()


def alike(story: Story) -> Supplier:
    """A company that Markham added after Burnaby had an offer of one with the same phone; then Burnaby has an offer of both."""
    companies.correct(story.supplier, phone=PHONE, by=story.officer.by, at=AT)
    story.lead(story.line())
    markham = story.stranger
    row = companies.add(
        legal_name_local="中山相似有限公司", country="CN", role="maker", phone=PHONE, place=world.city("zhongshan"),
        entered_by=markham.user, by=markham.by, at=AT,
    )  # fmt: skip
    assert row.not_for == [story.city.pk]
    story.lead(story.line(), supplier=row)
    return Supplier.objects.get(pk=row.pk)


def test_a_city_decides_about_its_own_supplier_though_it_did_not_count_when_it_was_added(story):
    row = alike(story)
    markham, home = Program(story.stranger.user), f"suppliers/{row.reference}/"
    no = markham.refused(f"{home}correct/", {"name_en": "Kang", "reason": WHY})
    assert (no["code"], "Burnaby" in no["detail"]) == ("relied_on", True)
    other = companies.add(
        legal_name_local="中山另一家有限公司", country="CN", entered_by=story.stranger.user, by=story.stranger.by, at=AT
    )  # fmt: skip
    with refused("relied_on", row, other):
        merging.merge(other, into=row, reason=WHY, by=story.stranger.by, at=AT)
    with refused("relied_on", row, other):
        merging.merge(row, into=other, reason=WHY, by=story.stranger.by, at=AT)
    merging.merge(other, into=row, reason=WHY, by=story.officer.by, at=AT)
    with refused("relied_on", row, other):
        merging.part(other, reason=WHY, by=story.stranger.by, at=AT)
    fact = facts.say(
        row, "name_en", "Kang", said_by="a letter", said_on=AT.date(), entered_by=story.stranger.user, by=story.stranger.by, at=AT
    )  # fmt: skip
    assert markham.refused(f"company-facts/{fact.pk}/settle/", {"reason": WHY})["code"] == "relied_on"


def told_to_markham(story: Story, number: str = PHONE) -> CompanyFact:
    """A number of Burnaby's supplier, of which Markham says that a contact called it."""
    markham = story.stranger
    row = facts.say(
        story.supplier, "phone", number, said_by="Zhongshan", said_on=AT.date(), how="called", contact=story.contact,
        entered_by=markham.user, by=markham.by, at=AT,
    )  # fmt: skip
    assert row.not_for == [story.city.pk]
    return row


def test_a_number_that_does_not_count_for_a_city_proves_no_account_of_it(practice, story):
    story.lead(story.line())
    account = story.account(confirmed=False)
    fact = told_to_markham(story)
    client, second = Client(), story.second_officer
    client.force_login(second.user)
    address = f"{account.get_absolute_url()}confirm/"
    assert PHONE not in client.get(address).content.decode()
    assert client.post(address, {"called_back_on": PHONE}).status_code == 422
    body = {"called_back_on": PHONE}
    program = Program(second.user)
    assert program.refused(f"bank-accounts/{account.pk}/confirm/", body)["code"] == "number_not_confirmed"
    assert BankAccount.objects.get(pk=account.pk).status == "proposed"
    change = CompanyChange.objects.get(verb="count", thing_id=fact.pk)
    Program(story.officer.user).post(f"company-changes/{change.reference}/accept/")
    assert PHONE in client.get(address).content.decode()
    assert program.post(f"bank-accounts/{account.pk}/confirm/", body)["status"] == "confirmed"


def test_an_account_another_city_confirmed_by_a_number_that_does_not_count_is_not_paid_into(story):
    story.lead(story.line())
    told_to_markham(story)
    markham = Story("markham")
    account = propose(story.supplier, story.stranger, "6222020000007777")
    second = markham.second_officer
    confirm_account(account, called_back_on=PHONE, confirmed_by=second.user, by=second.by, at=AT)
    order = Order.objects.get(pk=story.placed(story.promise(), bank_account=account).pk)
    (no,) = [one.no for one in holding.held(order) if "does not count for your city" in str(one.no)]
    assert account.masked in str(no)


def propose(company: Supplier, who: Person, number: str = "6222020000009999") -> BankAccount:
    return propose_account(
        company, holder="A stranger", number=number, bank="Bank of China", country="CN", proposed_by=who.user, by=who.by, at=AT
    )  # fmt: skip


def moves_to_markham(person: Person) -> Person:
    """The same person, who is now an officer of Markham and has no role in their old city any more."""
    for role in person.user.memberships.active():
        end_role(role, by=CONSOLE, at=AT)
    roles.grant(person.user, role="officer", city=world.city("markham"), by=CONSOLE, at=AT)
    return Person(person.user, powers_for(person.user))


def held() -> list[str]:
    """Why nothing is paid for the one order."""
    return [str(one.no) for one in holding.held(Order.objects.get())]


def test_an_account_is_of_the_city_for_which_a_person_entered_it_whatever_they_were_or_become(story):
    story.placed(story.promise(), bank_account=story.account())
    before = held()
    moved = moves_to_markham(story.person("officer"))
    account = propose(story.supplier, moved)
    assert held() == before
    assert relying.on(account) == frozenset()
    own = story.person("officer")
    account = propose(story.supplier, own, "6222020000008888")
    moves_to_markham(own)
    assert held() != before
    assert relying.on(account) == {story.city.pk}


def settling(story: Story) -> tuple[CompanyFact, dict[str, str]]:
    """What Burnaby noted about the English name, and Markham's proposal to settle it."""
    story.lead(story.line())
    fact = facts.say(
        story.supplier, "name_en", "Kang", said_by="a letter", said_on=AT.date(), entered_by=story.officer.user,
        by=story.officer.by, at=AT,
    )  # fmt: skip
    told = {"thing": f"company-facts/{fact.pk}", "verb": "settle", "reason": WHY}
    return fact, Program(story.stranger.user).post("company-changes/", told)


def test_a_proposal_to_settle_a_fact_shows_what_the_company_says_and_what_it_would_say(practice, story):
    companies.correct(story.supplier, name_en="Kanghu", by=story.officer.by, at=AT)
    _fact, made = settling(story)
    assert {"field": "name_en", "old": "Kanghu", "new": "Kang"} in made["changes"]
    client = Client()
    client.force_login(story.officer.user)
    page = client.get(CompanyChange.objects.get().get_absolute_url()).content.decode()
    for words in ("English name", "Kanghu", "<strong>Kang</strong>"):
        assert words in page
    told = planning.tell(Entry.objects.filter(thing_label="procurement.companychange").latest("pk"), AT)
    assert "English name: Kanghu → Kang" in told.messages[0].body
    Program(story.officer.user).post(f"company-changes/{made['reference']}/accept/")
    assert Supplier.objects.get(pk=story.supplier.pk).name_en == "Kang"


def test_a_fact_is_not_settled_over_what_the_company_has_come_to_say_since(story):
    fact, made = settling(story)
    companies.correct(story.supplier, name_en="Kanghu", by=story.officer.by, at=AT)
    no = Program(story.officer.user).refused(f"company-changes/{made['reference']}/accept/")
    assert no["code"] == "not_ready"
    assert (Supplier.objects.get(pk=story.supplier.pk).name_en, fact.status) == ("Kanghu", "said")


def test_the_last_city_to_agree_accepts_though_it_read_the_proposal_before_another_agreed(story):
    story.lead(story.line())
    montreal = Story("montreal")
    montreal.supplier = story.supplier
    montreal.lead(montreal.line(product="GLOVE_EXAM_NITRILE"))
    told = {
        "thing": f"suppliers/{story.supplier.reference}",
        "verb": "correct",
        "values": {"name_en": "Kang"},
        "reason": WHY,
    }
    made = Program(story.stranger.user).post("company-changes/", told)
    read_before = CompanyChange.objects.get()
    Program(story.officer.user).post(f"company-changes/{made['reference']}/accept/")
    last = montreal.officer
    accept_change(read_before, decided_by=last.user, by=last.by, at=AT)
    assert CompanyChange.objects.get().status == "accepted"
    assert Supplier.objects.get(pk=story.supplier.pk).name_en == "Kang"
