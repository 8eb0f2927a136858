"""The addresses of people's accounts, of links, and of django-allauth's pages."""

from django.urls import include, path

from accounts.web import calendars, choices, home, join, links, practice, tokens

urlpatterns = [
    path("account/", home.account, name="account"),
    path("account/notices/", choices.notice_choices, name="notice_choices"),
    path("account/calendar/", calendars.calendar, name="calendar"),
    path("account/calendar/withdraw/", calendars.withdraw_calendar, name="withdraw_calendar"),
    path("account/tokens/", tokens.api_tokens, name="api_tokens"),
    path("account/tokens/<slug:prefix>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("accounts/sessions/<int:session_id>/end/", home.end_session, name="end_session"),
    path("accounts/", include("allauth.urls")),
    path("language/", home.set_language, name="set_language"),
    path("theme/", home.theme, name="theme"),
    path("l/<str:token>/", links.link, name="link"),
    path("l/<str:token>/again/", links.link_again, name="link_again"),
    path("l/<str:token>/not-for-me/", links.link_not_for_me, name="link_not_for_me"),
    path("stop/<str:token>/", links.stop_mail, name="stop_mail"),
    path("stop/one/<str:token>/", choices.stop_kind, name="stop_kind"),
    path("join/<str:token>/", join.join, name="join"),
    path("demo/sign-in/<str:token>/", practice.practice_sign_in, name="practice_sign_in"),
]
