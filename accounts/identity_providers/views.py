"""Pages after a sign-out: what is left to do at the identity provider, and the way there."""

from urllib.parse import urlencode

import requests
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.identity_providers.configuration import IdentityProvider
from accounts.identity_providers.queries import find_provider, provider_choices
from workflow.http.pages import render_page


@require_safe
def signed_out(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Say that the person is signed out here, and still signed in at their city."""
    provider = _provider_or_404(provider_id)
    [choice] = provider_choices([provider])
    return render_page(request, "accounts/signed_out.html", {"provider": provider, "choice": choice})


@require_safe
def sign_out_at_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Redirect to the page on which the provider ends its own session (OpenID Connect RP-Initiated Logout 1.0).

    Without such a page, or if the provider cannot be reached, it leads back to our sign-in page.
    """
    provider = _provider_or_404(provider_id)
    own_page = reverse("account_login")
    if not provider.discovery_url:
        return HttpResponseRedirect(own_page)
    try:
        configuration = OpenIDConnectOAuth2Adapter(request, provider.id).openid_config
    except requests.RequestException:
        configuration = {}
    address = configuration.get("end_session_endpoint")
    if not address:
        return HttpResponseRedirect(own_page)
    query = {
        "client_id": provider.client_id,
        "post_logout_redirect_uri": request.build_absolute_uri(own_page),
    }
    return HttpResponseRedirect(f"{address}?{urlencode(query)}")


def _provider_or_404(provider_id: str) -> IdentityProvider:
    provider = find_provider(provider_id)
    if provider is None:
        raise Http404
    return provider
