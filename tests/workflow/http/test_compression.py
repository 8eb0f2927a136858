"""Compression: pages are compressed; responses for programs are not."""

import gzip

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
BROWSER = Client(headers={"Accept-Encoding": "gzip, br"})


def test_page_is_gzip_compressed_for_a_browser_that_accepts_it():
    answer = BROWSER.get("/accounts/login/")
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    text = gzip.decompress(answer.content)
    assert b"</html>" in text
    assert len(answer.content) < len(text) / 2


def test_compressed_page_length_varies_with_random_padding():
    """A page has up to a hundred random bytes, so that its length does not reveal its content."""
    lengths = {len(BROWSER.get("/nowhere/").content) for _ in range(12)}
    assert len(lengths) > 1


def test_api_and_health_responses_are_not_compressed():
    assert "Content-Encoding" not in Client().get("/accounts/login/").headers
    for path in ("/healthz", "/api/v1/schema/", "/api/v1/cities/"):
        assert "Content-Encoding" not in BROWSER.get(path).headers, path
