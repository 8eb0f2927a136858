"""Tests of companies, certificates and bank accounts on pages: entered, corrected, merged, decided."""

from datetime import date

import pytest

from procurement.catalogue.models.certificates import CertificateType, NotifiedBody
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.suppliers import Supplier
from tests.browsing import Browser, Page
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.second_officer and story.observer and story.stranger and story.contact
        assert story.supplier
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


COMPANY = {
    "legal_name_local": "佛山安洁医疗器械有限公司 DEMO",
    "name_en": "Foshan Anjie Medical DEMO",
    "country": "China",
    "uscc": " 9144 0600 MA4X 0000 0X ",
    "role": "maker",
    "founded_on": "2012年3月1日",
    "email": "sales@anjie.example",
    "phone": "+86 757 0000 0000",
}


def enter_second_company(story) -> Supplier:
    Browser(story.officer.user).open("/suppliers/new/").press("Add supplier", **COMPANY)
    return Supplier.objects.latest("pk")


def test_supplier_is_entered_with_its_licence_data(story, officer):
    page = officer.open("/suppliers/").follow("Add a supplier").press("Add supplier", **COMPANY)
    company = Supplier.objects.latest("pk")
    assert page.at == company.get_absolute_url()
    assert (company.legal_name_local, company.country) == (COMPANY["legal_name_local"], "CN")
    assert (company.uscc, company.founded_on) == ("91440600MA4X00000X", date(2012, 3, 1))
    assert "Foshan Anjie" in officer.open("/suppliers/?q=安洁")


def test_similar_supplier_is_entered_only_after_confirmation(story, officer):
    page = officer.open("/suppliers/new/").press(
        "Add supplier", legal_name_local="中山康护用品有限公司", country="CN", phone="123"
    )
    assert "Is it one of these companies?" in page
    assert "the same name" in page
    assert page.value("legal_name_local") == "中山康护用品有限公司"
    assert Supplier.objects.count() == 1
    unsaid = page.press("Continue with this choice")
    assert (unsaid.status, set(unsaid.wrong)) == (422, {"same_as"})
    why = page.press("Continue with this choice", same_as="another")
    assert (why.status, set(why.wrong)) == (422, {"another_because"})
    known = page.press("Continue with this choice", same_as=story.supplier.reference)
    assert (known.at, Supplier.objects.count()) == (story.supplier.get_absolute_url(), 1)
    made = page.press("Continue with this choice", same_as="another", another_because="Its sister in Foshan.")
    assert Supplier.objects.count() == 2
    assert "Its sister in Foshan." in made
    assert "Similar to" in officer.open(Supplier.objects.latest("pk"))


def test_referral_chain_of_a_supplier_is_entered_in_order(story, officer):
    hands = "Foshan Chamber of Commerce\r\n\r\n  The mayor's office \r\n"
    officer.open("/suppliers/new/").press(
        "Add supplier", **COMPANY, website="anjie.example", referred_by=hands
    )
    company = Supplier.objects.latest("pk")
    assert company.referred_by == ["Foshan Chamber of Commerce", "The mayor's office"]
    assert "anjie.example" in officer.open(company)
    again = officer.open(f"{company.get_absolute_url()}correct/")
    assert again.value("referred_by") == "Foshan Chamber of Commerce\nThe mayor's office"
    wrong = again.press("Save details", referred_by="x" * 201)
    assert (wrong.status, set(wrong.wrong)) == (422, {"referred_by"})


def test_invalid_supplier_values_are_refused_at_their_fields(story, officer):
    wrong = officer.open("/suppliers/new/").press(
        "Add supplier", legal_name_local="", country="China", founded_on="03/01/2012", email="nobody"
    )
    assert (wrong.status, set(wrong.wrong)) == (422, {"legal_name_local", "founded_on", "email"})


def send_country(page: Page, button: str, country: str, **typed: str) -> Page:
    """Send the form with a country that a program typed, which no list of a page offers."""
    form = page.form(button)
    sent = form.filled(form.buttons[button], typed) | {"country": country}
    return page.browser.send(page.at, sent, typed)


ACCOUNT_AT_BANK = {"holder": "康护", "number": "6222 0000", "bank": "Bank DEMO"}


@pytest.mark.parametrize("country", ["ZZ", "中国", "ß", "C1", "1", "CHN"])
def test_unknown_country_of_a_supplier_or_account_is_refused(story, officer, country):
    wrong = send_country(
        officer.open("/suppliers/new/"), "Add supplier", country, legal_name_local="安洁", phone="123"
    )
    assert (wrong.status, set(wrong.wrong)) == (422, {"country"})
    accounts = officer.open(f"{story.supplier.get_absolute_url()}accounts/new/")
    wrong = send_country(accounts, "Add", country, **ACCOUNT_AT_BANK)
    assert (wrong.status, set(wrong.wrong)) == (422, {"country"})


@pytest.mark.parametrize("country", ["cn", "ＣＮ"])
def test_small_and_full_width_country_code_of_bank_account_is_normalized(story, officer, country):
    accounts = officer.open(f"{story.supplier.get_absolute_url()}accounts/new/")
    send_country(accounts, "Add", country, **ACCOUNT_AT_BANK)
    assert BankAccount.objects.get().country == "CN"


def test_supplier_is_corrected_and_merged_into_the_older_row(story, officer):
    twin = enter_second_company(story)
    correct_supplier(
        story.supplier,
        SupplierEdit(phone="+86 760 0000 0000", referred_by=["Ann"]),
        by=story.officer.by,
        at=AT,
    )
    correct_supplier(twin, SupplierEdit(referred_by=["Ben"]), by=story.officer.by, at=AT)
    officer.open(twin).follow("Correct details").press(
        "Save details", name_en="Anjie", founded_on="2011-01-01"
    )
    twin.refresh_from_db()
    assert (twin.name_en, twin.founded_on, twin.country) == ("Anjie", date(2011, 1, 1), "CN")
    ask = officer.open(twin).follow("Merge into another supplier")
    wrong = ask.press("Merge into another supplier", into="SU-2020-9999", reason="Same company")
    assert (wrong.status, wrong.wrong) == (422, {"into": "No company has this reference."})
    refused = ask.press("Merge into another supplier", into=twin.reference, reason="Same company")
    assert (refused.status, set(refused.wrong)) == (422, {"into"})
    beside = ask.press(
        "Merge into another supplier", into=story.supplier.reference.lower(), reason="同一家公司"
    )
    assert (beside.status, "Choose which value to keep" in beside.alert) == (422, True)
    assert "sales@anjie.example" in beside
    half = beside.press("Merge into another supplier", keep_phone="theirs")
    assert set(half.wrong) == {"keep_legal_name_local", "keep_referred_by"}
    page = half.press("Merge into another supplier", keep_legal_name_local="ours", keep_referred_by="theirs")
    assert "Records of this company" in officer.open(story.supplier)
    assert f"Provided by ({twin.reference})" in officer.open(story.supplier)
    assert "This is the same company as" in page
    story.supplier.refresh_from_db()
    assert (story.supplier.legal_name_local, story.supplier.email) == (twin.legal_name_local, twin.email)
    assert "中山康护用品有限公司 DEMO" in officer.open(story.supplier)
    twin.refresh_from_db()
    assert (twin.status, twin.merged_into) == ("merged", story.supplier)
    late = officer.open(f"{twin.get_absolute_url()}correct/").press("Save details", name_en="Again")
    assert late.status == 409


def test_certificate_is_entered_with_its_number_checked_and_then_judged(story, officer):
    form = officer.open(story.supplier).follow("Add a certificate").form("Add")
    kind = next(label for label in form.choices("kind") if label and not label.startswith("-"))
    wrong = officer.open(f"{story.supplier.get_absolute_url()}certificates/new/").press(
        "Add", kind=kind, number="", issued_on="yesterday"
    )
    assert (wrong.status, set(wrong.wrong)) == (422, {"number", "issued_on"})
    page = officer.open(f"{story.supplier.get_absolute_url()}certificates/new/").press(
        "Add",
        kind=kind,
        number="粤械备 20200001",
        holder="中山康护",
        issued_on="2020/3/1",
        valid_until="2025-02-28",
    )
    assert page.at == story.supplier.get_absolute_url()
    paper = Certificate.objects.get()
    assert (paper.number, paper.holder, paper.issued_on) == ("粤械备 20200001", "中山康护", date(2020, 3, 1))
    at = f"{paper.get_absolute_url()}confirm/"
    wrong = officer.open(at).press("Record issuer’s confirmation", reason="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"reason", "address"})
    officer.open(paper).follow("Record issuer’s confirmation").press(
        "Record issuer’s confirmation", reason="在药监局网站查到。", address="https://www.nmpa.gov.cn/"
    )
    paper.refresh_from_db()
    assert paper.status == "confirmed"
    officer.open(f"{paper.get_absolute_url()}mark_altered/").press("Mark as altered", reason="The stamp")
    paper.refresh_from_db()
    assert paper.status == "altered"  # a decision made in good faith may be reversed


def test_certificate_is_entered_and_corrected_with_its_body_and_standards(story, officer):
    kind = str(CertificateType.objects.get(code="EU_PPE_B").pk)
    gloves = Product.objects.get(code="GLOVE_EXAM_NITRILE")
    level = Standard.objects.get(code="ASTM-F2100-L2")
    body = NotifiedBody.objects.create(
        number="9999",
        name="Installation DEMO",
        code="9999-demo",
        act="2016/425",
        respirators="yes",
        source_quality="A",
        status="listed",
        confidence="firm",
    )
    officer.open(f"{story.supplier.get_absolute_url()}certificates/new/").press(
        "Add",
        kind=kind,
        number="0598/PPE/20/0123",
        issuer="Installation DEMO",
        notified_body=str(body.pk),
        module="B",
        standards=[str(level.pk)],
        products=[str(gloves.pk)],
    )
    paper = Certificate.objects.get()
    assert (paper.issuer, paper.notified_body, paper.module) == ("Installation DEMO", body, "B")
    assert ([*paper.standards.all()], [*paper.products.all()]) == ([level], [gloves])
    page = officer.open(paper)
    for told in ("Installation DEMO", "9999", level.label, gloves.name_en):
        assert told in page
    form = page.follow("Correct details")
    form.press("Save details", products=[], module="C2")
    paper = Certificate.objects.get()
    assert (paper.module, paper.issuer, paper.number) == ("C2", "Installation DEMO", "0598/PPE/20/0123")
    assert ([*paper.standards.all()], [*paper.products.all()]) == ([level], [])


def test_certificate_page_shows_maker_models_and_remark(story, officer):
    kind = CertificateType.objects.get(code="US_NIOSH")
    officer.open(f"{story.supplier.get_absolute_url()}certificates/new/").press(
        "Add",
        kind=str(kind.pk),
        number="TC-84A-0007",
        manufacturer="Kanghu Works DEMO",
        models_covered="KH-9501, KH-9502",
        remark="Shown as a photo of a photo.",
    )
    page = officer.open(story.supplier.certificates.latest("pk"))
    for told in (
        "Kanghu Works DEMO",
        "KH-9501, KH-9502",
        "Shown as a photo of a photo.",
        "Red flags",
        "Weak",
    ):
        assert told in page


def test_correcting_a_certificate_keeps_its_module(story, officer):
    kind = CertificateType.objects.get(code="EU_PPE_B")
    paper = record_shown_certificate(
        story.supplier,
        kind,
        number="0598/PPE/20/0123",
        module="B+C2",
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    wrong = officer.open(f"{paper.get_absolute_url()}amend/").press(
        "Save details", issued_on="2020-04-02", valid_until="2020-04-01"
    )
    assert (wrong.status, set(wrong.wrong)) == (422, {"valid_until"})
    officer.open(f"{paper.get_absolute_url()}amend/").press("Save details", holder="康护")
    paper.refresh_from_db()
    assert (paper.module, paper.holder) == ("B+C2", "康护")


def test_certificate_ending_before_its_issue_date_is_refused_at_its_field(story, officer):
    kind = str(CertificateType.objects.get(code="CN_TEST_CNAS").pk)
    page = officer.open(f"{story.supplier.get_absolute_url()}certificates/new/")
    wrong = page.press("Add", kind=kind, number="CNAS L1", issued_on="2020-04-02", valid_until="2020-04-01")
    assert (wrong.status, set(wrong.wrong)) == (422, {"valid_until"})
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    ("verb", "button", "status"),
    [
        ("mark_unconfirmable", "Record that the certificate could not be confirmed", "unconfirmable"),
        ("mark_altered", "Mark as altered", "altered"),
        ("mark_wrong_scope", "Mark as not for these goods", "wrong_scope"),
    ],
)
def test_certificate_status_is_changed_with_a_reason(story, officer, verb, button, status):
    add = officer.open(f"{story.supplier.get_absolute_url()}certificates/new/")
    kind = next(label for label in add.form("Add").choices("kind") if label and not label.startswith("-"))
    add.press("Add", kind=kind, number="CE 0000")
    paper = Certificate.objects.get()
    officer.open(paper).follow(button).press(button, reason="The stamp is of another office.")
    paper.refresh_from_db()
    assert paper.status == status


ACCOUNT = {
    "holder": "中山康护用品有限公司 DEMO",
    "number": "6222 0000 0000 1234",
    "bank": "DEMO 银行",
    "country": "CN",
}


def test_bank_account_is_confirmed_by_a_second_person_after_a_call_back(story, officer):
    page = officer.open(story.supplier).follow("Enter an account").press("Add", **ACCOUNT)
    account = BankAccount.objects.get()
    assert account.number == "6222000000001234"
    assert "6222000000001234" not in page.text
    assert "1234" in page
    assert "confirmed by" not in page
    at = f"{account.get_absolute_url()}confirm/"
    story.phone(story.supplier)
    number = {"callback_number": "+86 760 0000 0000"}
    for refused in officer.open(at), officer.send(at, number, number):
        assert (refused.status, "another person must confirm it" in refused.alert) == (403, True)
    second = Browser(story.second_officer.user)
    wrong = second.open(at).press("Confirm after calling back")
    assert (wrong.status, set(wrong.wrong)) == (422, {"callback_number"})
    page = second.open(at).press("Confirm after calling back", callback_number="+86 760 0000 0000")
    assert page.at == story.supplier.get_absolute_url()
    assert f"entered by {account.proposed_by.name}" in page
    assert f"confirmed by {story.second_officer.user.name}, who called +86 760 0000 0000" in page
    account.refresh_from_db()
    assert (account.status, account.confirmed_by) == ("confirmed", story.second_officer.user)
    second.open(story.supplier).follow("Retire account").press("Retire account", reason="账户已注销")
    account.refresh_from_db()
    assert account.status == "retired"


def test_bank_account_without_number_and_bank_is_refused_at_its_fields(story, officer):
    at = f"{story.supplier.get_absolute_url()}accounts/new/"
    wrong = officer.open(at).press("Add", **{**ACCOUNT, "number": "", "bank": ""})
    assert (wrong.status, set(wrong.wrong)) == (422, {"number", "bank"})
    assert not BankAccount.objects.exists()


def test_observer_gets_403_on_every_supplier_form(story):
    observer = Browser(story.observer.user)
    known = Supplier.objects.count()
    base = story.supplier.get_absolute_url()
    for at, typed in (
        ("/suppliers/new/", COMPANY),
        (f"{base}certificates/new/", {}),
        (f"{base}accounts/new/", ACCOUNT),
    ):
        assert observer.open(at).status == 403, at
        assert observer.client.post(at, typed).status_code == 403, at
    assert Supplier.objects.count() == known
    assert not BankAccount.objects.exists()


def test_unknown_supplier_page_gets_404(story, officer):
    for at in (
        "/suppliers/SU-2020-9999/",
        "/certificates/CE-2020-9999/",
        "/bank-accounts/999999/",
        "/supplier-statuses/999999/",
    ):
        assert officer.open(at).status == 404, at
    assert officer.open(f"{story.supplier.get_absolute_url()}sing/").status == 404
