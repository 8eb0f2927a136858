"""Tests that a need changes only with a reason once contacts were asked for it."""

from datetime import date, timedelta

import pytest

from procurement.catalogue.models.products import Product
from procurement.outreach.actions.inquiries import ask_partner_city, draft_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.lines import LineFacts, add_line, change_line, remove_line, set_lines
from procurement.requests.actions.requests import RequestEdit, announce_changes, edit_request
from procurement.requests.rules import others_were_asked
from procurement.requests.views.apply_changes import current_line_facts
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.errors import Refused
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=2)
WHY = "The province sent the rest."


@pytest.fixture
def sent_inquiry(db) -> Inquiry:
    story = Story()
    inquiry = story.asked(story.line(7_300))
    inquiry.story = story
    return inquiry


def changes_by_name(need, by):
    """Return each change of what was asked for, as a function of its reason."""
    line = need.lines.select_related("product").get()
    other = line.product.standards.exclude(pk__in=line.standards.all()).first()
    kwargs = {"by": by, "at": LATER}
    values = {
        "quantity": {"quantity": 4_150},
        "product": {"product": Product.objects.exclude(pk=line.product_id).earliest("pk"), "standards": []},
        "needed_by": {"needed_by": date(2020, 5, 9)},
        "standards": {"standards": [other] if line.standards.count() == 0 else []},
    }
    lines = {
        name: lambda reason, facts=facts: change_line(
            line, current_line_facts(line, **facts), reason=reason, **kwargs
        )
        for name, facts in values.items()
    }
    facts = {
        "use": RequestEdit(declared_use="community"),
        "day": RequestEdit(needed_by=date(2020, 5, 28)),
        "place": RequestEdit(deliver_to="Central Stores"),
        "port": RequestEdit(deliver_locode="CAMTR"),
        "receivers": RequestEdit(facility_kinds=["school"]),
    }
    needs = {
        name: lambda reason, edit=edit: edit_request(need, edit, reason=reason, **kwargs)
        for name, edit in facts.items()
    }
    more = {
        "added line": lambda reason: add_line(
            need, LineFacts(product=line.product, quantity=5), reason=reason, **kwargs
        ),
        "all lines": lambda reason: set_lines(
            need, [current_line_facts(line, quantity=9)], reason=reason, **kwargs
        ),
    }
    return lines | needs | more


NAMES = (
    "quantity", "product", "needed_by", "standards", "use", "day", "place", "port", "receivers", "added line", "all lines",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_change_of_a_need_already_inquired_about_requires_a_reason(sent_inquiry, name):
    need, by = sent_inquiry.supply_request, sent_inquiry.story.officer.by
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        changes_by_name(need, by)[name](" ")
    assert refused.value.code == "reason_missing"
    assert refused.value.details["field"] == "reason"
    assert Entry.objects.count() == before
    changes_by_name(need, by)[name](WHY)
    assert Entry.objects.latest("pk").reason == WHY


@pytest.mark.parametrize("name", NAMES)
def test_change_of_a_need_before_inquiries_requires_no_reason(db, name):
    story = Story()
    need = story.line(7_300).supply_request
    changes_by_name(need, story.officer.by)[name]("")


@pytest.mark.parametrize("asked", ["no one yet", "a partner city", "a contact", "an offer came unasked"])
def test_reason_is_required_once_someone_outside_works_on_the_need(db, asked):
    story = Story("richmond")
    line = story.line(7_300)
    need, by = line.supply_request, story.officer.by
    if asked == "a partner city":
        cities.contact("zhongshan", "Sun Yi")
        inquiry = draft_inquiry(
            need, cities.contact("foshan", "He Min"), through_city=cities.city("zhongshan"), subject="s", body="b",
            chosen_because="She knows masks.", author=story.officer.user, by=by, at=AT,
        )  # fmt: skip
        assert not others_were_asked(need)
        assert ask_partner_city(inquiry, by=by, at=AT).sent_at is None
    elif asked == "a contact":
        story.asked(line)
    elif asked == "an offer came unasked":
        story.lead(line)
    assert others_were_asked(need) is (asked != "no one yet")


def test_line_of_an_inquired_need_is_removed_only_with_a_reason(sent_inquiry):
    need, by = sent_inquiry.supply_request, sent_inquiry.story.officer.by
    second = add_line(
        need, LineFacts(product=need.lines.get().product, quantity=5), by=by, at=LATER, reason=WHY
    )
    with pytest.raises(Refused, match="Enter the reason"):
        remove_line(second, by=by, at=LATER)
    remove_line(second, by=by, at=LATER, reason=WHY)
    assert need.lines.count() == 1


def test_internal_fields_of_an_inquired_need_change_without_a_reason(sent_inquiry):
    need, by = sent_inquiry.supply_request, sent_inquiry.story.officer.by
    line = need.lines.get()
    edit_request(need, RequestEdit(importer_of_record="Burnaby", notes="Thank you."), by=by, at=LATER)
    change_line(line, current_line_facts(line, priority=1, days_left=4), by=by, at=LATER)
    edit_request(need, RequestEdit(deliver_to=need.deliver_to), by=by, at=LATER)


@pytest.fixture
def officer(sent_inquiry, client):
    clear_instance_cache()
    create_instance("practice", LATER)
    client.force_login(sent_inquiry.story.officer.user)
    yield client
    clear_instance_cache()


def test_line_form_asks_for_the_missing_reason_and_keeps_the_typed_values(sent_inquiry, officer):
    need, line = sent_inquiry.supply_request, sent_inquiry.supply_request.lines.get()
    address = f"{need.get_absolute_url()}lines/{line.pk}/"
    form = {
        "quantity": "4150",
        "priority": line.priority,
        "standards": [one.pk for one in line.standards.all()],
    }
    page = officer.post(address, form)
    assert page.status_code == 422
    assert "4150" in page.content.decode()
    assert need.lines.get().quantity == 7_300
    assert officer.post(address, form | {"reason": WHY}).status_code == 303
    assert need.lines.get().quantity == 4_150


def test_need_form_with_one_refused_part_changes_nothing(sent_inquiry, officer):
    need, line = sent_inquiry.supply_request, sent_inquiry.supply_request.lines.get()
    form = {
        "title": "Masks for wards", "declared_use": need.declared_use, "facility_kinds": need.facility_kinds,
        "needed_by": need.needed_by.isoformat(), "deliver_to": need.deliver_to, "notes": need.notes,
        f"quantity{line.pk}": 4_150,
    }  # fmt: skip
    before = need.title
    assert officer.post(f"{need.get_absolute_url()}edit/", form).status_code == 422
    need.refresh_from_db()
    assert (need.title, need.lines.get().quantity) == (before, 7_300)


@pytest.mark.parametrize(("minutes", "announced"), [(59, 0), (60, 1), (61, 1)])
def test_change_of_a_need_with_offers_is_announced_after_an_hour(db, minutes, announced):
    story = Story()
    line = story.line(7_300)
    story.lead(line)
    edit_request(
        line.supply_request,
        RequestEdit(deliver_to="Central Stores"),
        reason=WHY,
        by=story.officer.by,
        at=LATER,
    )
    assert announce_changes(LATER + timedelta(minutes=minutes)) == announced
