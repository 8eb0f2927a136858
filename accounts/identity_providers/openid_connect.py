"""Provider class of django-allauth for the identity providers of cities that speak OpenID Connect.

It is stricter than its parent. A request cannot change what is asked of the provider; each sign-in has a nonce
(OpenID Connect Core 1.0, 3.1.2.1); an answer without ID token is refused, and so is user information about another
subject (5.3.2). Only the claims that are used later are stored.
"""

import secrets
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base import AuthProcess, ProviderException
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse
from requests import RequestException

STORED_CLAIMS = ("email", "amr", "acr", "nonce")


class CityOpenIDConnectProvider(OpenIDConnectProvider):  # type: ignore[misc]  # django-allauth ships no types
    """OpenID Connect provider of a city."""

    package: ClassVar[str] = "allauth.socialaccount.providers.openid_connect"  # whose addresses it has

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Return what a sign-in asks for: the page to go to afterwards is all that a request may choose."""
        nonce = secrets.token_urlsafe(16)
        return {
            "process": AuthProcess.LOGIN,
            "next_url": get_next_redirect_url(request),
            "data": {"nonce": nonce},
            "auth_params": {**self.get_auth_params(), "nonce": nonce},
        }

    def redirect(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirect to the provider, or show that it cannot be reached."""
        try:
            response: HttpResponse = super().redirect(request, *args, **kwargs)
        except RequestException as error:
            response = render_authentication_error(request, self, exception=error)
        return response

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> Any:
        """Return the sign-in that an answer describes. Raises ProviderException for an incomplete one."""
        claims = response.get("id_token")
        if claims is None:
            raise ProviderException("The answer holds no ID token.")
        if response.get("userinfo", claims).get("sub") != claims.get("sub"):
            raise ProviderException("The user information is about another subject than the ID token.")
        return super().sociallogin_from_response(request, response)

    def extract_extra_data(self, response: dict[str, Any]) -> dict[str, Any]:
        """Return the claims that are stored, of ID token and user information; the ID token counts."""
        claims = {**response.get("userinfo", {}), **response["id_token"]}
        return {name: claims[name] for name in STORED_CLAIMS if name in claims}

    def extract_email_addresses(self, response: dict[str, Any]) -> list[EmailAddress]:
        """Return the address, verified only if the provider says so. Some providers send the word, not the value."""
        addresses: list[EmailAddress] = super().extract_email_addresses(response)
        for address in addresses:
            address.verified = str(address.verified).lower() == "true"
        return addresses
