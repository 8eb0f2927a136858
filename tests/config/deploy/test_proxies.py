"""The example proxy configurations leave every secret address out of their logs."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.config.deploy.deploy_file_readers import DEPLOY, OPERATIONS

NGINX, CADDY = (DEPLOY / "nginx.conf").read_text(), (DEPLOY / "Caddyfile").read_text()
(LOCATION,) = re.findall(r"location ~ (\S+) \{", NGINX)
(MATCHER,) = re.findall(r"@secret path_regexp (\S+)", CADDY)
# Parts of addresses that are secrets or lead to what a link opens; of the practice site's alone, "demo".
SECRET = re.compile(r"<str:token>|:signed>|^(a|c|h|d|me)/|<slug:code>/$|/reset/key/|confirm-email/<")
PUBLIC = re.compile(r"^(demo|rules|certificate-types|today|api|admin)/")


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Yield the patterns of all addresses."""
    for one in (resolver or get_resolver()).url_patterns:
        whole = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield whole
        else:
            yield from addresses(one, whole)


def secret_addresses() -> list[str]:
    """Return an example of each address that is a secret."""
    found = [one for one in addresses() if SECRET.search(one) and not PUBLIC.match(one)]
    return ["/" + re.sub(r"<[^>]+>|\(\?P.+?\)(?=/)", "x1", one.replace("^", "").strip("$")) for one in found]


def test_both_example_proxies_list_the_same_secret_addresses():
    assert LOCATION == MATCHER


def test_example_proxies_leave_secret_addresses_out_of_the_log():
    examples = secret_addresses()
    assert {"/l/x1/", "/calendar/x1.ics", "/files/x1/at/x1/", "/h/x1/"} <= set(examples)
    assert [one for one in examples if not re.search(LOCATION, unquote(one))] == []


@pytest.mark.parametrize(
    "path", ["/", "/needs/", "/needs/SR-2020-0001/", "/documents/", "/leads/1/", "/api/v1/where/"]
)
def test_example_proxies_log_other_addresses(path):
    assert not re.search(LOCATION, path)


def test_operations_page_states_the_request_limit_and_the_proxy_files():
    assert "client_max_body_size 12m;" in NGINX
    assert "max_size 12MB" in CADDY
    assert all(f"`deploy/{name}`" in OPERATIONS for name in ("nginx.conf", "Caddyfile"))
