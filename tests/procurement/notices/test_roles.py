"""A role that is given or ended is announced to the person under the bell, where the role has no page to lead to."""

import pytest
from django.test import Client
from django.urls import reverse

from partners.actions import roles
from tests import world
from tests.procurement.api.program import Program
from tests.procurement.story import AT, Story
from tests.procurement.told import tell_everything
from workflow import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(db):
    """Someone who was given a role and lost another one."""
    story = Story()
    clock.create_instance("practice", AT)
    by = world.powers_for(world.member("administrator", story.city))
    person = story.officer.user
    roles.grant(person, role="verifier", city=story.city, by=by, at=AT)
    roles.end_role(person.memberships.get(role="officer"), by=by, at=AT)
    tell_everything()
    yield person
    clock.forget()


def test_the_list_of_notices_names_both_roles_and_links_to_neither(reader):
    client = Client()
    client.force_login(reader)
    answer = client.get(reverse("notices"))
    assert answer.status_code == 200
    told = {str(one.subject): one.url for one in answer.context["told"]}
    assert told["You have a new role"] == told["A role of yours has ended"] == ""
    opened = client.post(reverse("change_notice", args=[answer.context["told"][0].notice.pk, "open"]))
    assert opened.status_code == 303
    assert opened["Location"] == reverse("notices")


def test_the_api_lists_them_too(reader):
    assert len(Program(reader).get("notices/")["results"]) >= 2
