"""Test of `/metrics` of a web server with two processes."""

from urllib.request import urlopen

import pytest

from tests.browser.pages.installed_server import run_installed


@pytest.mark.django_db(transaction=True)
def test_requests_of_two_worker_processes_are_added_up(tmp_path):
    with run_installed(tmp_path, workers=2) as url:
        for _time in range(40):
            with urlopen(f"{url}/accounts/login/", timeout=20) as answer:
                assert answer.status == 200
        with urlopen(f"{url}/metrics", timeout=20) as answer:
            text = answer.read().decode()
    counted = 'twinlane_request_seconds_count{method="GET",route="/accounts/login/",status="200"}'
    assert f"{counted} 40.0\n" in text
    assert 'twinlane_response_seconds_bucket{interface="page",le="+Inf"} ' in text
