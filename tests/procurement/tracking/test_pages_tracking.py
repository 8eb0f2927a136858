"""Tests of tracking on pages: the board and its views, alerts, tracking events, and a file of events."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partners.saved_views.models import SavedView
from procurement.logistics.actions.alerts import update_alerts
from procurement.shipments.models import Shipment
from procurement.tracking.actions.events import record_event
from procurement.tracking.actions.schedule import estimate_step
from procurement.tracking.models import TrackingBatch
from tests.browsing import Browser
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import ARRIVED_AT, DEPARTED_AT, Journey
from workflow import clock

pytestmark = pytest.mark.django_db
LEFT = AT - timedelta(days=3)


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Journey()
        assert story.officer and story.observer and story.stranger and story.logistics and story.broker
        story.gone = story.departed(
            story.plan(expected_on=date(2020, 4, 17), planned={"arrived": ARRIVED_AT})
        )
        Shipment.objects.filter(pk=story.gone.pk).update(departed_at=LEFT, next_check_at=AT)
        story.gone.milestones.filter(step="departed").update(actual_at=LEFT)
        story.gone.events.filter(step="departed").update(occurred_at=LEFT, recorded_at=LEFT)
        story.other = story.plan(
            story.ready(), mode="sea", carrier="Oceanic DEMO", expected_on=date(2020, 4, 25)
        )
        update_alerts(AT)
        yield story


@pytest.fixture
def logistics(story):
    return Browser(story.logistics.user)


def record_update(story, code, occurred_at, **facts):
    given = {"code_system": "iata", "by": story.logistics.by, "at": AT, **facts}
    return record_event(Shipment.objects.get(pk=story.gone.pk), code, occurred_at=occurred_at, **given)


def board_shows(page, story):
    """Return two truth values, for each of the two shipments: True if the board shows it."""
    return [one.reference in page for one in (story.gone, story.other)]


@pytest.mark.parametrize(
    ("query", "both"),
    [
        ("", [True, True]),
        ("?view=soon", [True, False]),
        ("?view=risk", [True, False]),
        ("?view=under_way", [True, True]),
        ("?mode=sea", [False, True]),
        ("?warning=no_hand_over", [True, False]),
        ("?warning=lunch&mode=balloon&order=sideways", [True, True]),
        ("?view=under_way&order=-risk", [True, True]),
        ("?view=held", [False, False]),
    ],
)
def test_shipment_board_is_filtered_by_its_address(story, logistics, query, both):
    page = logistics.open(f"/shipments/{query}")
    assert board_shows(page, story) == both


def test_shipment_board_is_searched_by_carrier(story, logistics):
    assert board_shows(logistics.open("/shipments/?q=oceanic"), story) == [False, True]


def test_shipment_board_lists_due_dates_and_alerts_in_order_and_as_csv(story, logistics):
    page = logistics.open("/shipments/?view=under_way")
    assert page.text.count("Pickup not confirmed") == 2, "in the filter, and on a row"
    assert page.text.index(story.gone.reference) < page.text.index(story.other.reference)
    page = logistics.open("/shipments/?view=risk")
    assert page.text.count("Arrives after the needed-by date") == 1, "in the filter alone"
    response = logistics.client.get("/shipments/?as=csv&view=risk")
    words = b"".join(response.streaming_content).decode()
    assert "Alerts" in words
    assert "Pickup not confirmed" in words


def test_own_shipment_view_is_saved_shown_and_removed(story, logistics):
    page = logistics.open("/shipments/?view=risk&mode=air&cursor=nonsense")
    assert "Save this view" in page
    page = logistics.open("/views/shipments/save/?mode=air&view=risk").press("Save view", name="Mine")
    assert page.at == "/shipments/?mode=air&view=risk"
    assert SavedView.objects.get().query == "mode=air&view=risk"
    assert "Mine" in logistics.open("/shipments/")
    assert "Mine" not in Browser(story.officer.user).open("/shipments/")
    page = logistics.open("/shipments/?mode=air&view=risk").press("Remove the view “Mine”")
    assert not SavedView.objects.exists()


def test_shipment_page_shows_alerts_with_instructions_to_staff_only(story, logistics):
    page = logistics.open(story.gone)
    for words in ("no carrier has confirmed pickup", "Contact the carrier with the waybill number"):
        assert words in page
    alerts = "//section[@aria-label='Alerts']"
    assert page.root.xpath(alerts)
    assert not logistics.open(story.other).root.xpath(alerts)
    assert "Alerts" not in Browser(story.contact.user).open(story.gone), "a contact is not told"


def test_shipment_alert_is_listed_on_today_with_link(story, logistics):
    today = logistics.open("/")
    assert ": Pickup not confirmed" in today
    assert today.main.xpath(f".//a[@href='{story.gone.get_absolute_url()}']")


def test_shipment_page_states_transit_times_with_their_source(story, logistics):
    page = logistics.open(story.gone)
    assert "Published figures: 3 to 5 days" in page
    assert "0 of our own shipments have used this route" in page
    for number in range(5):
        row = Shipment.objects.get(pk=story.gone.pk)
        row.pk, row.reference, row.status, row.arrived_at = None, f"SH-2019-{number}", "arrived", AT
        row.public_code, row.shared = "", False
        row.save(force_insert=True)
        for step, day in (("departed", 0), ("arrived", number + 2)):
            row.milestones.create(step=step, position=1, actual_at=LEFT + timedelta(days=day))
    page = logistics.open(story.gone)
    assert "Our 5 earlier shipments on this route: half took at most 4 days" in page
    assert "nine out of ten at most 6." in page


def test_route_without_known_transit_times_shows_none(story, logistics):
    Shipment.objects.filter(pk=story.gone.pk).update(mode="road")
    assert "Published figures" not in logistics.open(story.gone)


def test_milestones_show_place_names_and_their_date_history(story, logistics):
    for days, who in ((1, "DEMO Air"), (2, "DEMO Cargo")):
        estimate_step(
            Shipment.objects.get(pk=story.gone.pk),
            "arrived",
            ARRIVED_AT + timedelta(days=days),
            reported_by=who,
            by=story.logistics.by,
            at=DEPARTED_AT,
        )
    page = logistics.open(story.gone)
    for words in ("Guangzhou", "Vancouver", "Burnaby", "2 dates recorded"):
        assert words in page
    opening = f"{story.gone.get_absolute_url()}?dates"
    assert ("get", f"{opening}#dates-arrived") in page.ways
    assert "reported by DEMO Air on" not in page
    assert "reported by DEMO Air on" in logistics.open(opening)


def test_tracking_events_are_shown_with_late_and_conflict_notes(story, logistics):
    record_update(story, "QQQ", AT, place="CAVAN", source="DEMO Air", pieces=1)
    record_update(story, "RCS", LEFT + timedelta(hours=2), external_id="1")
    record_update(story, "RCS", LEFT + timedelta(hours=2), external_id="1")
    record_update(
        story, "DEP", LEFT + timedelta(hours=30), external_id="2", place="CAN", at=AT + timedelta(hours=1)
    )
    page = logistics.open(story.gone)
    for words in (
        "QQQ",
        "Unknown code",
        "1 parcel",
        "DEMO Air",
        "Received 2 times",
        "a difference of more than a day",
        "Received late",
    ):
        assert words in page


def test_tracking_event_is_marked_as_incorrect_and_restored_on_its_page(story, logistics):
    heard = record_update(story, "RCS", LEFT)
    ask = logistics.open(story.gone).follow("Mark as incorrect")
    assert ask.value("event") == str(heard.pk)
    wrong = ask.press(ask.buttons[0], reason="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"reason"})
    page = ask.press(ask.buttons[0], reason="Another waybill")
    for words in ("Marked as incorrect", "Another waybill", "Restore tracking update"):
        assert words in page
    ask = page.follow("Restore tracking update")
    page = ask.press(ask.buttons[0], reason="It was ours")
    assert "Another waybill" not in page.text.partition("Activity")[0]
    heard.refresh_from_db()
    assert heard.wrong_at is None
    assert "Mark as incorrect" not in Browser(story.observer.user).open(story.gone)


def tracking_file(*lines, head="shipment,code_system,code,occurred_at,place,external_id"):
    return SimpleUploadedFile("events.csv", "\n".join([head, *lines]).encode())


def preview_file(logistics, sent, **typed):
    return logistics.client.post("/shipments/tracking-file/", {"file": sent, "source": "DEMO Air", **typed})


def confirm_preview(logistics, answer):
    form = answer.context["again"]
    typed = {name: form[name].value() for name in form.fields}
    return logistics.client.post("/shipments/tracking-file/", {**typed, "nonce": "n" * 20})


def test_tracking_file_is_previewed_before_it_is_stored(story, logistics):
    record_update(story, "BKD", LEFT, source="DEMO Air", external_id="1", place="CAN")
    csv_file = tracking_file(
        f"{story.gone.reference},IATA Cargo-IMP,BKD,{LEFT.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M},CAN,1",
        f"{story.gone.reference},iata,RCS,2020-04-13T12:00:00-07:00,CAN,2",
        "",
        f"{story.gone.reference},iata,QQQ,2020-04-14T10:00+08:00,,3",
        f"{story.gone.reference},iata,ARR,2020-04-13 10:00,YVR,4",
    )
    before = story.gone.events.count()
    looked = preview_file(logistics, csv_file)
    words = looked.content.decode()
    assert looked.status_code == 200
    assert story.gone.events.count() == before, "nothing is kept yet"
    for told in (
        "Import preview",
        "4 rows: 3 new, 1 already received, 1 with unknown codes",
        "This cannot have happened",
    ):
        assert told in words
    done = confirm_preview(logistics, looked)
    assert "3 new tracking updates were saved." in done.content.decode()
    batch = TrackingBatch.objects.get()
    assert (batch.fresh, batch.repeated, batch.unknown, batch.file_name) == (3, 1, 1, "events.csv")
    assert (batch.by, batch.source) == (story.logistics.user, "DEMO Air")
    again = confirm_preview(logistics, looked)
    assert story.gone.events.count() == before + 3
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("code", "place", "moment"),
    [
        ("RCS", "CAN", "2020-04-14T02:00+00:00"),
        ("ARR", "Vancouver", "2020-04-14T17:00+00:00"),
        ("RCS", "", "2020-04-14T02:00+00:00"),
        ("QQQ", "", None),
    ],
)
def test_time_without_offset_is_local_to_its_place_or_milestone(story, logistics, code, place, moment):
    looked = preview_file(
        logistics, tracking_file(f"{story.gone.reference},iata,{code},2020-04-14 10:00,{place},9")
    )
    if moment is None:
        (fault,) = looked.context["faults"]
        assert (fault.row, fault.column) == (2, "occurred_at")
        assert "The place is unknown, so add the offset to the time" in looked.content.decode()
    else:
        (row,) = looked.context["rows"]
        assert row.event.occurred_at == datetime.fromisoformat(moment)


def test_errors_in_a_tracking_file_are_named_by_row_and_column(story, logistics):
    future = f"{clock.now() + timedelta(days=9):%Y-%m-%d %H:%M}"
    csv_file = tracking_file(
        "SH-1999-0001,iata,RCS,2020-04-13 10:00,,",
        f"{story.gone.reference},morse,RCS,yesterday,,",
    )
    answer = preview_file(logistics, csv_file)
    assert (answer.status_code, sorted((one.row, one.column) for one in answer.context["faults"])) == (
        422,
        [(3, "code_system"), (3, "occurred_at")],
    )
    csv_file = tracking_file(
        "SH-1999-0001,iata,RCS,2020-04-13 10:00,,",
        f"{story.gone.reference},iata,RCS,{future},,",
        f"{story.gone.reference},own,departed,2020-04-13 10:00,,",
        f"{story.gone.reference},iata,RCS,2020-04-99 10:00,,",
    )
    assert preview_file(logistics, csv_file).context["faults"][0].column == "occurred_at"
    csv_file = tracking_file(
        "SH-1999-0001,iata,RCS,2020-04-13 10:00,,",
        f"{story.gone.reference},iata,RCS,{future},,",
        f"{story.gone.reference},own,departed,2020-04-13 10:00,,",
    )
    answer = preview_file(logistics, csv_file)
    assert [(one.row, one.column) for one in answer.context["faults"]] == [
        (2, "shipment"),
        (3, "occurred_at"),
        (4, "code"),
    ]
    assert not TrackingBatch.objects.exists()


def test_missing_or_oversized_tracking_file_is_refused(story, logistics):
    assert preview_file(logistics, "").status_code == 422
    large = SimpleUploadedFile("events.csv", b"x" * (1024 * 1024 + 1))
    assert "larger than 1 MB" in preview_file(logistics, large).content.decode()
    row = f"{story.gone.reference},iata,RCS,2020-04-13 10:00,,"
    many = preview_file(logistics, tracking_file(*[row] * 2_001))
    assert "more than 2000 rows" in many.content.decode().replace(",", "").replace("&nbsp;", "")


def test_tracking_file_changed_since_the_preview_is_refused(story, logistics):
    looked = preview_file(logistics, tracking_file(f"{story.gone.reference},iata,RCS,2020-04-13 10:00,,"))
    form = looked.context["again"]
    other = str(form["words"].value()).replace(story.gone.reference, "SH-1999-0001")
    typed = {"words": other, "name": "events.csv", "source": ""}
    assert logistics.client.post("/shipments/tracking-file/", typed).status_code == 422
    assert logistics.client.post("/shipments/tracking-file/", {**typed, "words": ""}).status_code == 422


def test_tracking_file_page_is_open_to_brokers_and_403_for_observers(story):
    assert Browser(story.broker.user).open("/shipments/tracking-file/").status == 200
    assert Browser(story.observer.user).open("/shipments/tracking-file/").status == 403
