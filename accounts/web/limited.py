"""Rate limits at the doors: whom a request counts for, and the page of somebody who was too fast."""

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address, ip_network
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.limits import Limit, count
from workflow import clock
from workflow.errors import Refused


def whom(request: HttpRequest) -> str:
    """Whom a request counts for: the link it came by, the person signed in, or the network address."""
    link, user = getattr(request, "link", None), request.user
    if link is not None:
        return f"link:{link.pk}"
    return f"user:{user.pk}" if user.is_authenticated else f"address:{network(request)}"


def network(request: HttpRequest) -> str:
    """The address a request comes from, behind as many proxies as the settings trust; of IPv6 the /64, which is one customer."""
    address = get_adapter().get_client_ip(request)
    return str(ip_network(f"{address}/64", strict=False)) if ip_address(address).version == 6 else address


def too_many(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page of somebody who was too fast: 429, and when to come back."""
    response = render(request, "accounts/too_many.html", {"refused": refused}, status=429)
    response.headers["Retry-After"] = str(refused.details["retry_after"])
    return response


def limited[R: HttpResponseBase](
    limit: Limit, *methods: str
) -> Callable[[Callable[..., R]], Callable[..., R | HttpResponse]]:
    """Decorate a view so that each visitor may come only so often; `methods` narrows it to some (POST)."""

    def decorate(view: Callable[..., R]) -> Callable[..., R | HttpResponse]:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> R | HttpResponse:
            if not methods or request.method in methods:
                try:
                    count(limit, whom(request), clock.real_now())
                except Refused as refused:
                    return too_many(request, refused)
            return view(request, *args, **kwargs)

        return counted

    return decorate
