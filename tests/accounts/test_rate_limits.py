"""The counter behind every rate limit: it restarts after its time window and loses no count."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory

from accounts.models import RateLimitCounter
from accounts.throttling import RateLimit, client_network, count_use, delete_expired
from tests.worlds.cities import REAL_NOW
from workflow.errors import Refused

THREE_PER_MINUTE = RateLimit("three", 3, timedelta(minutes=1))
SECOND = timedelta(seconds=1)


@pytest.mark.django_db
def test_fourth_request_within_a_minute_is_refused_with_waiting_time():
    for second in range(3):
        count_use(THREE_PER_MINUTE, "somebody", REAL_NOW + second * SECOND)
    with pytest.raises(Refused) as refused:
        count_use(THREE_PER_MINUTE, "somebody", REAL_NOW + 20 * SECOND)
    assert (refused.value.code, refused.value.details) == ("too_many", {"retry_after": 40})


@pytest.mark.django_db
def test_rate_limit_starts_again_after_its_window():
    for _ in range(3):
        count_use(THREE_PER_MINUTE, "somebody", REAL_NOW)
    count_use(THREE_PER_MINUTE, "somebody", REAL_NOW + 60 * SECOND)
    count_use(THREE_PER_MINUTE, "somebody", REAL_NOW + 61 * SECOND)


@pytest.mark.django_db
def test_rate_limits_count_people_and_limits_separately_and_store_hashes():
    for _ in range(3):
        count_use(THREE_PER_MINUTE, "one@city.example", REAL_NOW)
    count_use(THREE_PER_MINUTE, "other@city.example", REAL_NOW)
    count_use(RateLimit("four", 4, timedelta(minutes=1)), "one@city.example", REAL_NOW)
    assert RateLimitCounter.objects.count() == 3
    assert "city.example" not in str(list(RateLimitCounter.objects.values()))
    assert "until" in str(RateLimitCounter.objects.first())


@pytest.mark.django_db
def test_expired_rate_limit_windows_are_deleted():
    count_use(THREE_PER_MINUTE, "one", REAL_NOW)
    count_use(THREE_PER_MINUTE, "two", REAL_NOW + 30 * SECOND)
    assert delete_expired(REAL_NOW + 60 * SECOND) == 1
    assert RateLimitCounter.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_concurrent_requests_are_all_counted():
    def once(_number: int) -> bool:
        try:
            count_use(THREE_PER_MINUTE, "everybody", REAL_NOW)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(16) as pool:
        passed = sum(pool.map(once, range(64)))
    assert passed == 3
    assert RateLimitCounter.objects.get().count == 64


@pytest.mark.parametrize(
    ("address", "counted"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")],
)
def test_ipv6_address_is_counted_by_network(address, counted):
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


@pytest.mark.parametrize(("proxies", "counted"), [(0, "127.0.0.1"), (1, "198.51.100.9"), (2, "203.0.113.5")])
def test_forwarded_for_header_is_trusted_only_from_configured_proxies(settings, proxies, counted):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"x-forwarded-for": "203.0.113.5, 198.51.100.9"})
    assert client_network(request) == counted
