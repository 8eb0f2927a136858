"""Tests that a contact is mailed every change that another person makes to them, with the author's name."""

import pytest
from django.db import transaction

from partners.contacts.actions import add_contact, add_deputy, opt_out, record_consent, stop_city_inquiries
from partners.contacts.models import Contact
from procurement.notifications.builder import build_messages
from procurement.shared_api.object_urls import COLLECTION_BY_LABEL
from tests.procurement.api.program import Program
from tests.procurement.other_cities.request_bodies import AttemptsRolledBack, bodies
from tests.worlds import cities
from tests.worlds.cities import NOW, Role, own_link, powers_for
from workflow.api.available_moves import verb_path
from workflow.clock import clear_instance_cache, create_instance
from workflow.journal.models import Entry
from workflow.moves import Moves

pytestmark = pytest.mark.django_db
LABEL = Contact._meta.label_lower
MOVES = Moves.registry[LABEL]
PLACES = (
    "zhongshan",
    "burnaby",
    "markham",
    None,
)  # their own city, the city that named them, a third one, the network
KINDS = [(role, place) for role in Role for place in PLACES if place is not None or role == Role.COORDINATOR]
CONTACT_ONLY_VERBS = {"confirm", "stop", "resume"}  # only the contact makes these


@pytest.fixture(autouse=True)
def practice(db):
    create_instance("practice", NOW)
    for twin in ("burnaby", "markham"):
        cities.twinning(twin, "zhongshan")
    yield
    clear_instance_cache()


def contact_in(status: str) -> Contact:
    """Return a contact named by Burnaby and not confirmed by Zhongshan.

    The contact has a deputy, and Burnaby stopped its inquiries to them.
    """
    naming = cities.powers(Role.OFFICER, cities.city("burnaby"))
    one = add_contact(cities.organization(), email="qian@office.example", name="Qian Yu", by=naming, at=NOW)
    me = own_link(one)
    record_consent(one, by=me, at=NOW)
    add_deputy(one, cities.contact("zhongshan", "Zhao Min"), by=me, at=NOW)
    stop_city_inquiries(one, by=naming, at=NOW, reason="We ask another one.")
    if status == Contact.Status.OPTED_OUT:
        opt_out(one, by=me, at=NOW)
    Contact.objects.filter(pk=one.pk).update(status=status)
    return Contact.objects.get(pk=one.pk)


def make_move(program: Program, contact: Contact, verb: str) -> Entry | None:
    """Return the entry of this move by the person, with the first body that succeeds.

    Return None if no body succeeds.
    """
    operation = COLLECTION_BY_LABEL[LABEL].move_actions[verb_path(verb)]
    known = {LABEL: contact.deputies.get()}
    for told in bodies(operation.body, known, {"by": powers_for(program.user), "thing": contact}):
        if program.ask("post", f"contacts/{contact.pk}/{verb_path(verb)}/", told).status_code == 200:
            return Entry.objects.filter(thing_label=LABEL, verb=verb).latest("pk")
    return None


CHANGES = [(move.verb, str(status)) for move in MOVES for status in sorted(move.source)]


@pytest.mark.parametrize(("verb", "status"), CHANGES)
def test_contact_is_mailed_every_change_by_another_person_with_name_of_author(verb, status):
    contact = contact_in(status)
    if verb == "new_address":
        type(contact.user).objects.filter(pk=contact.user_id).update(bounced_at=NOW)
    went = set()
    for role, place in KINDS:
        person = cities.member(role, cities.city(place) if place else None)
        try:
            with transaction.atomic():
                entry = make_move(Program(person), contact, verb)
                if entry is not None:
                    went.add((role, place))
                    letters = [
                        one for one in build_messages(entry, NOW) if one.recipient_id == contact.user_id
                    ]
                    assert letters, f"{role} of {place}"
                    assert all(str(person) in one.body for one in letters)
                raise AttemptsRolledBack
        except AttemptsRolledBack:
            pass
    assert bool(went) == (verb not in CONTACT_ONLY_VERBS and status != Contact.Status.OPTED_OUT), went
