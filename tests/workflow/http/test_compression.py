"""Compression: pages are compressed; responses for programs are not."""

import gzip

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
BROWSER = Client(headers={"Accept-Encoding": "gzip, br"})


def test_a_page_comes_compressed_to_a_browser_that_takes_it():
    answer = BROWSER.get("/accounts/login/")
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    text = gzip.decompress(answer.content)
    assert b"</html>" in text
    assert len(answer.content) < len(text) / 2


def test_its_length_tells_nothing_twice():
    """A page has up to a hundred random bytes, so that its length does not reveal its content."""
    lengths = {len(BROWSER.get("/nowhere/").content) for _ in range(12)}
    assert len(lengths) > 1


def test_who_does_not_take_it_and_what_programs_read_come_as_they_are():
    assert "Content-Encoding" not in Client().get("/accounts/login/").headers
    for path in ("/healthz", "/api/v1/schema/", "/api/v1/cities/"):
        assert "Content-Encoding" not in BROWSER.get(path).headers, path
