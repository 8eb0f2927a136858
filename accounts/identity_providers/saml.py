"""Provider class of django-allauth for the identity providers of cities that speak SAML 2.0.

It is stricter than its parent: a request cannot change what is asked of the provider, and only what is used later is
stored. Signature, audience, times and the request that an assertion answers are checked by python3-saml and allauth.
"""

from typing import Any, ClassVar

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.http import HttpRequest, HttpResponse

TRANSIENT_NAME_ID_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"


class CitySAMLProvider(SAMLProvider):  # type: ignore[misc]  # django-allauth ships no types
    """SAML provider of a city."""

    package: ClassVar[str] = "allauth.socialaccount.providers.saml"  # whose addresses it has

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Return what a sign-in asks for: the page to go to afterwards is all that a request may choose."""
        return {"process": AuthProcess.LOGIN, "next_url": get_next_redirect_url(request)}

    def redirect(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirect to the provider, or show that its metadata cannot be read."""
        try:
            response: HttpResponse = super().redirect(request, *args, **kwargs)
        except OSError as error:
            response = render_authentication_error(request, self, exception=error)
        return response

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """Return what is stored: the address, how the person has proven who they are, and an identifier that changes."""
        fields = self._extract(data)
        stored = {"email": fields.get("email"), "amr": data.get_last_authn_contexts()}
        if "uid" not in fields and data.get_nameid_format() == TRANSIENT_NAME_ID_FORMAT:
            stored["transient"] = True
        return stored
