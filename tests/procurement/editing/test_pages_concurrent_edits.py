"""Tests of two people who save at the same moment: the second one sees what the first one stored."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from procurement.suppliers.models.suppliers import Supplier
from tests.browsing import Browser
from tests.worlds.need_to_order import Story
from workflow.clock import clear_instance_cache


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_one_of_two_simultaneous_saves_is_stored_and_the_other_asked_again(round_):
    story = Story()
    story.practise()
    company, barrier = story.supplier, Barrier(2)
    address = f"{company.get_absolute_url()}correct/"
    people = [story.officer.user, story.second_officer.user]
    pages = [Browser(person).open(address) for person in people]
    button = pages[0].buttons[0]
    sent = [
        page.form(button).filled(page.form(button).buttons[button], {"phone": phone})
        for page, phone in zip(pages, ("+86 760 1", "+86 760 2"), strict=True)
    ]

    def save(number: int) -> int:
        client = Client()
        client.force_login(people[number])
        barrier.wait()
        try:
            return client.post(address, sent[number]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(save, range(2)))
    clear_instance_cache()
    assert sorted(statuses) == [303, 422]
    kept = ("+86 760 1", "+86 760 2")[statuses.index(303)]
    assert Supplier.objects.get(pk=company.pk).phone == kept
