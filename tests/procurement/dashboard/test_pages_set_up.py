"""Tests of the set-up list of a real site on the start page ("Today").

Each task shows its state, links to its page and can be marked as not needed.
"""

from datetime import timedelta

import pytest
from django.core.management import call_command

from accounts.actions.people import send_test_mail
from accounts.actors import CONSOLE_ACTOR
from partners.cities.actions import CityEdit, correct_city
from partners.contacts.actions import opt_out
from procurement.dashboard.setup_tasks import NETWORK_TASK_ID, setup_lists
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.watchlists import activate_list
from workflow import clock
from workflow.clock import create_instance, record_backup
from workflow.errors import Refused
from workflow.installation_models import Instance
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
Role = cities.Role


@pytest.fixture
def burnaby():
    return cities.city("burnaby")


@pytest.fixture
def administrator(burnaby):
    return cities.member(Role.ADMINISTRATOR, burnaby)


def tasks(user, at=None):
    """Return the tasks of the reader's only list, by code."""
    (found,) = setup_lists(powers_for(user), at or clock.now())
    return {task.code: task for task in found.tasks}


def states(user):
    return {code: (task.state_text, task.is_done) for code, task in tasks(user).items()}


def test_set_up_task_for_city_details_is_open_until_currency_time_zone_and_position_are_known(
    administrator, burnaby
):
    assert states(administrator)["city"] == ("Missing: position", False)
    edit = CityEdit(currency="", timezone="")
    correct_city(burnaby, edit, by=CONSOLE_ACTOR, at=clock.now(), reason="unknown")
    assert states(administrator)["city"] == ("Missing: currency, time zone, position", False)
    edit = CityEdit(currency="CAD", timezone="America/Vancouver", latitude=49, longitude=-123)
    correct_city(burnaby, edit, by=CONSOLE_ACTOR, at=clock.now(), reason="known")
    assert states(administrator)["city"] == ("CAD · Vancouver time", True)


def test_set_up_task_for_people_is_done_with_an_officer_and_another_person_who_approves(
    administrator, burnaby
):
    assert states(administrator)["people"] == ("Procurement officer: missing · Approver: missing", False)
    both = cities.member(Role.OFFICER, burnaby)
    cities.grant_role(both, role=Role.APPROVER, city=burnaby, by=CONSOLE_ACTOR, at=clock.now())
    assert states(administrator)["people"] == ("Procurement officer: joined · Approver: joined", False)
    cities.member(Role.APPROVER, burnaby)
    assert states(administrator)["people"][1] is True


def test_set_up_list_counts_contacts_at_partner_cities_until_they_stop_requests(administrator, burnaby):
    contact = cities.contact("zhongshan", "Li Wei")
    assert states(administrator)["agreements"] == ("0 partner cities with an agreement", False)
    assert states(administrator)["contacts"] == ("0 contacts in partner cities", False)
    cities.twinning(burnaby, "zhongshan")
    assert states(administrator)["agreements"] == ("1 partner city with an agreement", True)
    assert states(administrator)["contacts"] == ("1 contact in partner cities", True)
    assert tasks(administrator)["contacts"].url == "/cities/zhongshan/"
    opt_out(contact, by=cities.own_link(contact), at=clock.now())
    assert states(administrator)["contacts"] == ("0 contacts in partner cities", False)


def test_set_up_task_to_send_a_test_mail_is_open_until_it_was_sent(administrator, settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    create_instance("real")
    at = clock.now()
    assert states(administrator)["mail"] == ("Not sent yet.", False)
    send_test_mail(administrator, by=powers_for(administrator), at=at)
    with pytest.raises(Refused, match="less than a minute ago"):
        send_test_mail(administrator, by=powers_for(administrator), at=at + timedelta(seconds=59))
    assert states(administrator)["mail"] == ("Waiting to be sent.", False)
    call_command("tick")
    state, done = states(administrator)["mail"]
    assert state.startswith("Sent ")
    assert done
    message = Message.objects.get(template="test_mail")
    assert (message.address, message.subject) == (administrator.email, "Test message from Twinlane")
    message.state, message.sent_at = Message.State.FAILED, None
    message.save()
    assert states(administrator)["mail"][0].startswith("Not sent: ask the people who run this site")


def test_set_up_list_shows_reference_data_and_sanctions_lists_with_their_age(administrator):
    assert "Sanctions lists: none" in states(administrator)["data"][0]
    call_command("load_reference_data", verbosity=0)
    state, done = states(administrator)["data"]
    assert not done
    assert "Customs rules, products and prices: " in state
    assert "(0 days old)" in state
    activate_list("Example Company")
    assert states(administrator)["data"][1] is True


def test_set_up_task_for_backup_is_done_for_a_week_after_each_backup(administrator):
    create_instance("real")
    assert states(administrator)["backup"] == ("No backup yet.", False)
    record_backup()
    written = Instance.objects.get().backed_up_at
    assert tasks(administrator, written + timedelta(days=7))["backup"].is_done
    assert not tasks(administrator, written + timedelta(days=7, seconds=1))["backup"].is_done


def test_set_up_task_marked_as_not_needed_leaves_the_list_and_comes_back(administrator, burnaby):
    create_instance("practice")
    browser = Browser(administrator)
    assert "Set up Burnaby" not in browser.open("/"), "a practice site needs no set-up"
    guide = browser.open("/help/first-run/")
    before = sum("/skip/" in address for _how, address in guide.ways)
    browser.client.post(f"/setup/backup/{burnaby.pk}/skip/")
    assert tasks(administrator)["backup"].is_skipped
    guide = browser.open("/help/first-run/")
    assert sum("/skip/" in address for _how, address in guide.ways) == before - 1
    assert not tasks(cities.member(Role.ADMINISTRATOR, burnaby))["backup"].is_skipped, (
        "a mark is the reader's own"
    )
    browser.client.post(f"/setup/backup/{burnaby.pk}/resume/")
    assert not tasks(administrator)["backup"].is_skipped


def test_coordinators_have_their_own_set_up_list(burnaby):
    assert list(states(cities.member(Role.COORDINATOR))) == [
        "register",
        "administrators",
        "mail",
        "data",
        "backup",
    ]
    ontario = cities.city("ontario")
    cities.city("oakville")
    provincial = cities.member(Role.COORDINATOR, ontario)
    assert states(provincial)["register"] == ("2 cities in the register", True)
    assert states(provincial)["administrators"] == ("0 cities have an administrator", False)
    cities.member(Role.ADMINISTRATOR, burnaby)
    assert states(provincial)["administrators"] == ("0 cities have an administrator", False)
    cities.member(Role.ADMINISTRATOR, cities.city("oakville"))
    assert states(provincial)["administrators"] == ("1 city has an administrator", True)


def test_set_up_tasks_of_other_cities_cannot_be_changed(burnaby, administrator):
    create_instance("practice")
    officer = cities.member(Role.OFFICER, burnaby)
    assert setup_lists(powers_for(officer), clock.now()) == []
    client = Browser(officer).client
    assert client.post("/setup/test-mail/").status_code == 403
    assert client.post(f"/setup/backup/{burnaby.pk}/skip/").status_code == 404
    client = Browser(administrator).client
    for code, pk in (
        ("backup", NETWORK_TASK_ID),
        ("backup", cities.city("markham").pk),
        ("unknown", burnaby.pk),
    ):
        assert client.post(f"/setup/{code}/{pk}/skip/").status_code == 404
        assert client.post(f"/setup/{code}/{pk}/resume/").status_code == 404
