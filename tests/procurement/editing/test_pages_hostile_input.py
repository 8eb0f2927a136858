"""Tests of bad input in forms of needs, inquiries and checks.

The field names the fault of the input, and no page breaks.
"""

import pytest

from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.requests.actions.lines import LineFacts
from procurement.requests.actions.requests import draft_request
from procurement.requests.models import SupplyRequest
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import open_checks
from tests.browsing import Browser
from tests.procurement.portal.by_link import open_link_page
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from tests.worlds.reported_leads import report_by_provider, submitted_lead

pytestmark = pytest.mark.django_db
LONG = "9" * 5000
GROUPED = "1" + ",000" * 1500
NUL = "a\0b"
TEXTS = [NUL, "  \u00a0\t "]  # cannot be stored; blank
COUNTS = [LONG, GROUPED, f"{GROUPED} boxes of 50", "-1", "1e9", NUL]
VALID_FIELDS = {
    "quantity": "5",
    "needed_by": "2020-05-20",
    "deliver_to": "Depot",
}  # for fields that are still empty
DAYS = ["9999-12-31", "2019-01-01", "2020-02-30", NUL, LONG]


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        assert story.officer
        line = story.line(10_000)
        story.need, story.row = line.supply_request, line
        story.draft = draft_request(
            story.city, title="Gloves", lines=[LineFacts(product=line.product, quantity=1)],
            author=story.officer.user, by=story.officer.by, at=AT,
        )  # fmt: skip
        inquiry = draft_inquiry(
            story.need, story.contact, subject="Masks?", body="Dear Mr Li", author=story.officer.user,
            by=story.officer.by, at=AT,
        )  # fmt: skip
        story.asked = send_inquiry(inquiry, by=story.officer.by, at=AT)
        story.checks = open_checks(submitted_lead(story), by=story.officer.by, at=AT)
        story.needs = SupplyRequest.objects.count()
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def input_cases():
    yield from (("needs/new/", "title", text) for text in TEXTS)
    yield from (("needs/new/", "product", text) for text in (LONG, NUL, "99999999999999999999"))
    for name, values in {
        "quantity": COUNTS, "needed_by": DAYS, "deliver_to": TEXTS, "days_left": [LONG, NUL],
        "max_unit_price": [LONG, NUL, "1e999999"], "deliver_locode": [NUL],
    }.items():  # fmt: skip
        yield from (("{draft}write/2/", name, value) for value in values)
    yield from (("{draft}write/3/", "standards", value) for value in (LONG, NUL))
    yield from (("{draft}write/4/", "notes", value) for value in (NUL, "n" * 2001))
    yield from (("{draft}lines/add/", "quantity", value) for value in COUNTS)
    yield from (("{need}lines/{row}/", "needed_by", value) for value in DAYS)
    yield from (("{need}edit/", "title", text) for text in TEXTS)
    yield from (("{need}edit/", "needed_by", value) for value in DAYS)
    yield from (("{need}reconfirm/", "until", value) for value in DAYS)
    yield from (("{need}share/", "city", value) for value in (LONG, NUL))
    yield from (("{need}stop/", "reason", text) for text in TEXTS)
    yield from (("{need}withdraw/", "reason", text) for text in TEXTS)
    yield from (("{need}ask/{contact}/", name, text) for name in ("subject", "body") for text in TEXTS)
    yield from (("{inquiry}decline/", "reason", text) for text in TEXTS)
    yield from (("{check}cancel/", "reason", text) for text in TEXTS)


@pytest.mark.parametrize(
    ("where", "field", "value"),
    list(input_cases()),
    ids=[f"{where}{field}{number}" for number, (where, field, _) in enumerate(input_cases())],
)
def test_invalid_form_input_is_refused_at_its_field(story, officer, where, field, value):
    other = cities.contact("zhongshan", "Chen Jing")
    places = {
        "draft": story.draft.get_absolute_url(), "need": story.need.get_absolute_url(), "row": story.row.pk,
        "inquiry": story.asked.get_absolute_url(), "check": story.checks[0].get_absolute_url(), "contact": other.pk,
    }  # fmt: skip
    at = where.format(**places)
    page = officer.open(at if at.startswith("/") else f"/{at}")
    form = max(page.forms, key=lambda one: field in one.names)
    button = next(iter(form.buttons))
    good = VALID_FIELDS if at.endswith("write/2/") else {}
    sent = form.filled(form.buttons[button], {}) | good | {field: value}
    answer = officer.client.post(page.at, sent)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert SupplyRequest.objects.count() == story.needs


@pytest.mark.parametrize("number", [LONG, "9" * 25, NUL])
def test_invalid_contact_number_in_a_check_assignment_gets_404(story, officer, number):
    task = story.checks[0]
    answer = officer.client.post(f"{task.get_absolute_url()}assign/", {"contact": number})
    assert answer.status_code == 404


ANSWERS = [
    ("supplier", TEXTS), ("stock", COUNTS), ("capacity", [LONG, GROUPED, NUL]), ("price", [LONG, NUL, "1e999999"]),
    ("ready_on", ["9999-12-31", NUL, LONG]), ("line", [LONG, NUL]), ("standard", [LONG]), ("phone", [NUL]),
    ("remark", [NUL]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), [(name, value) for name, values in ANSWERS for value in values])
def test_invalid_answer_input_by_link_is_refused_at_its_field(story, field, value):
    page = open_link_page(story.asked, "en")
    form = page.form("Check and send")
    sent = form.filled(form.buttons["Check and send"], {}) | {"supplier": "Anjie DEMO", "stock": "5"}
    answer = page.browser.client.post(page.at, sent | {field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


REPORTS = [
    ("seen_on", ["9999-12-31", NUL, LONG]),
    ("place", [NUL]),
    ("summary", [NUL]),
    ("confidence", [LONG, NUL]),
]


@pytest.mark.parametrize(("field", "value"), [(name, value) for name, values in REPORTS for value in values])
def test_invalid_report_input_by_link_is_refused_at_its_field(story, field, value):
    task = request_check(story.checks[0], story.contact, by=story.officer.by, at=AT)
    page = open_link_page(task, "en")
    form = page.form("Check and send")
    given = {f"{name}": "yes" for name in form.names if form_asks(form, name)}
    sent = form.filled(form.buttons["Check and send"], {}) | given
    sent |= {"method": "visit", "seen_on": "2020-04-15", "confidence": "3", field: value}
    answer = page.browser.client.post(page.at, sent)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


def form_asks(form, name: str) -> bool:
    """Return True if this is one of the check's questions."""
    return f"{name}_seen" in form.names


@pytest.mark.parametrize("text", TEXTS)
def test_blank_question_on_a_returned_report_is_refused(story, officer, text):
    task = story.checks[0]
    report_by_provider(story, task)
    answer = officer.client.post(f"{task.get_absolute_url()}return/", {"question": text})
    assert answer.status_code == 422
    task.refresh_from_db()
    assert task.status == "submitted"
