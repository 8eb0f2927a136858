"""Tests of the notification about a role that is given or ended.

It has no link, because a role has no page.
"""

import pytest
from django.test import Client
from django.urls import reverse

from partners.memberships.actions import end_role, grant_role
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, Story
from tests.worlds.notifications import create_all_notifications
from workflow.clock import clear_instance_cache, create_instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(db):
    """Provide a person who was given one role and lost another."""
    story = Story()
    create_instance("practice", AT)
    by = powers_for(cities.member("administrator", story.city))
    person = story.officer.user
    grant_role(person, role="verifier", city=story.city, by=by, at=AT)
    end_role(person.memberships.get(role="officer"), by=by, at=AT)
    create_all_notifications()
    yield person
    clear_instance_cache()


def test_role_notifications_name_both_roles_and_link_back_to_the_list(reader):
    client = Client()
    client.force_login(reader)
    answer = client.get(reverse("notifications"))
    assert answer.status_code == 200
    told = {str(one.subject): one.url for one in answer.context["notices"]}
    assert told["You have a new role"] == told["One of your roles has ended"] == ""
    opened = client.post(
        reverse("change_notification", args=[answer.context["notices"][0].notice.pk, "open"])
    )
    assert opened.status_code == 303
    assert opened["Location"] == reverse("notifications")


def test_role_notifications_are_listed_through_the_api(reader):
    assert len(Program(reader).get("notifications/")["results"]) >= 2
