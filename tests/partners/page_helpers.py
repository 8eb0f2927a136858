"""Helpers that read a page of the register and count its SQL queries."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

URL = "https://register.example/page"


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[:500]
    return response.content.decode()


def count_queries(client, address):
    """Return the number of SQL queries for a page."""
    with CaptureQueriesContext(connection) as asked:
        text(client.get(address))
    return len(asked)
