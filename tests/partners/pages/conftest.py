"""What the pages of the register are read with, and a city to begin at."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import world

URL = "https://register.example/page"


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[:500]
    return response.content.decode()


@pytest.fixture
def burnaby():
    return world.city("burnaby")


def queries(client, address):
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as asked:
        text(client.get(address))
    return len(asked)
