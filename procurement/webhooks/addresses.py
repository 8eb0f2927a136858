"""Guard against server-side request forgery: which addresses a webhook may have, and where it may connect.

The address is checked when it is entered and again, after the name has been resolved, before each attempt. The
sender connects to the address that was checked, so a name that changes in between leads nowhere else. Reads no rows.
"""

import ipaddress
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from procurement.webhooks.models import MAX_URL_LENGTH

PUBLIC_PORTS = frozenset({443, 8443})
_6TO4_RELAYS = ipaddress.ip_network("192.88.99.0/24")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # holds an IPv4 address, which may be internal
type IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressError(Exception):
    """Error: the address of a webhook is not allowed or leads nowhere. `code` names the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class LookupTimedOut(AddressError):
    """Error: the host name was not resolved in time."""

    def __init__(self) -> None:
        super().__init__("unknown_host")


@dataclass(frozen=True)
class Target:
    """Parts of the address of a webhook: host in ASCII, port, path with query, and whether TLS is used."""

    host: str
    port: int
    path: str
    is_https: bool


def parse_target(url: str) -> Target:
    """Return the parts of an address.

    Raises AddressError: `invalid_url` for anything but an absolute address without credentials and fragment, and
    `https_required` for plain HTTP.
    """
    if len(url) > MAX_URL_LENGTH or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise AddressError("invalid_url")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise AddressError("invalid_url") from error
    is_plain = parts.username is None and parts.password is None and not parts.fragment
    if parts.scheme not in ("https", "http") or not host or not is_plain or port == 0:
        raise AddressError("invalid_url")
    is_https = parts.scheme == "https"
    if not is_https and not settings.WEBHOOK_ALLOW_HTTP:
        raise AddressError("https_required")
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return Target(host, port or (443 if is_https else 80), path, is_https)


def resolve(target: Target, *, seconds: float, only_listed: bool) -> list[str]:
    """Return the IP addresses of a target, each of them checked, within a number of seconds.

    `only_listed` allows only what WEBHOOK_INTERNAL_HOSTS names, as on a practice site. Raises LookupTimedOut, or
    AddressError: `unknown_host` if the name has no address, `practice` if the setting does not name it though
    `only_listed`, `address_refused` if one of its addresses is not public and the setting does not name it, and
    `port_refused` for an unusual port of a public address.
    """
    addresses = _look_up(target, seconds)
    for address in addresses:
        _check(target, ipaddress.ip_address(address.partition("%")[0]), only_listed)
    if not addresses:
        raise AddressError("unknown_host")
    return addresses


def _look_up(target: Target, seconds: float) -> list[str]:
    """Return the IP addresses of a host name.

    `getaddrinfo` has no time limit and cannot be interrupted: a late one is left to its thread.
    """
    answer: Future[list[str]] = Future()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            answer.set_result(list(dict.fromkeys(str(sockaddr[0]) for *_kind, sockaddr in found)))
        except Exception as error:  # noqa: BLE001 - the waiting thread raises it
            answer.set_exception(error)

    threading.Thread(target=look_up, name="webhook-lookup", daemon=True).start()
    try:
        return answer.result(max(0, seconds))
    except TimeoutError as error:
        raise LookupTimedOut from error
    except (OSError, UnicodeError) as error:
        raise AddressError("unknown_host") from error


def _check(target: Target, address: IPAddress, only_listed: bool) -> None:
    """Raise AddressError unless the target may be reached at this IP address."""
    if is_allowed_internal(target.host, address, settings.WEBHOOK_INTERNAL_HOSTS):
        return
    if only_listed:
        raise AddressError("practice")
    if not is_public(address):
        raise AddressError("address_refused")
    if target.port not in PUBLIC_PORTS:
        raise AddressError("port_refused")


def is_public(address: IPAddress) -> bool:
    """Return True for an address of the public Internet.

    False for private, loopback, link-local (where clouds keep their metadata), site-local, shared, reserved and
    multicast addresses, for relays of 6to4, and for IPv6 addresses that carry an IPv4 address (mapped, 6to4,
    Teredo, NAT64).
    """
    if isinstance(address, ipaddress.IPv6Address):
        carries_ipv4 = address.ipv4_mapped or address.sixtofour or address.teredo or address in _NAT64
        if carries_ipv4 or address.is_site_local:
            return False
    elif address in _6TO4_RELAYS:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def is_allowed_internal(host: str, address: IPAddress, allowed: Sequence[str]) -> bool:
    """Return True if the setting names this host, or a network that contains the address."""
    return any(_matches(host, address, entry) for entry in allowed)


def _matches(host: str, address: IPAddress, entry: str) -> bool:
    try:
        network = ipaddress.ip_network(entry, strict=False)  # 10.20.0.1/16 names the same
    except ValueError:
        return host.lower() == entry.lower()
    return address.version == network.version and address in network
