"""Fixtures of a partner city that consents to inquiries for a period."""

import pytest

from tests.procurement.outreach.consents.given_consents import consent_by_contact
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance


@pytest.fixture
def story(db):
    clear_instance_cache()
    create_instance("practice", AT)
    yield Story("richmond")
    clear_instance_cache()


@pytest.fixture
def introducer(story):
    return cities.contact("zhongshan", "Sun Yi")


@pytest.fixture
def contact(story):
    return cities.contact("foshan", "He Min")


@pytest.fixture
def consent(story, introducer, contact):
    return consent_by_contact(story, introducer, contact)
