"""URLs of people's accounts, of links, and of django-allauth's pages."""

from django.urls import include, path, reverse_lazy
from django.views.generic import RedirectView

from accounts.identity_providers.views import sign_out_at_provider, signed_out
from accounts.views import calendar_feeds, links
from accounts.views.account import account, end_session, set_language, set_theme
from accounts.views.calendar_feeds import withdraw_calendar
from accounts.views.invitations import accept_invitation
from accounts.views.links import link_not_for_me, renew_link, stop_mail
from accounts.views.notification_preferences import notification_preferences, unsubscribe_kind
from accounts.views.practice_sign_in import practice_sign_in
from accounts.views.tokens import api_tokens, revoke_token

urlpatterns = [
    path("account/", account, name="account"),
    path("account/notifications/", notification_preferences, name="notification_preferences"),
    path("account/calendar/", calendar_feeds.calendar_feed_page, name="calendar"),
    path("account/calendar/withdraw/", withdraw_calendar, name="withdraw_calendar"),
    path("account/tokens/", api_tokens, name="api_tokens"),
    path("account/tokens/<slug:prefix>/revoke/", revoke_token, name="revoke_token"),
    path("accounts/sessions/<int:session_id>/end/", end_session, name="end_session"),
    path("accounts/signed-out/<slug:provider_id>/", signed_out, name="signed_out"),
    path("accounts/signed-out/<slug:provider_id>/there/", sign_out_at_provider, name="sign_out_at_provider"),
    # A link to an identity provider is made by a sign-in alone.
    path(
        "accounts/3rdparty/", RedirectView.as_view(pattern_name="account"), name="socialaccount_connections"
    ),
    path(
        "accounts/3rdparty/signup/",
        RedirectView.as_view(pattern_name="account_login"),
        name="socialaccount_signup",
    ),
    # Without a signature, other sites could sign people out: this leads to our own page for it.
    path(
        "accounts/saml/<slug:organization_slug>/sls/",
        RedirectView.as_view(url=reverse_lazy("account_logout")),
        name="saml_sls",
    ),
    path("accounts/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("theme/", set_theme, name="theme"),
    path("l/<str:token>/", links.link_landing_page, name="link"),
    path("l/<str:token>/again/", renew_link, name="link_again"),
    path("l/<str:token>/not-for-me/", link_not_for_me, name="link_not_for_me"),
    path("stop/<str:token>/", stop_mail, name="stop_mail"),
    path("stop/one/<str:token>/", unsubscribe_kind, name="stop_kind"),
    path("join/<str:token>/", accept_invitation, name="join"),
    path("demo/sign-in/<str:token>/", practice_sign_in, name="practice_sign_in"),
]
