"""URLs of the start page (“Today”), of its rows, and of the set-up of a site."""

from django.urls import path

from procurement.dashboard.item_views import do_todo, hand_over_todo, put_off_todo, take_back_todo, todo_row
from procurement.dashboard.setup_views import (
    first_run,
    resume_setup_task,
    send_test_mail,
    site_settings,
    skip_setup_task,
)
from procurement.dashboard.views import today

urlpatterns = [
    path("", today, name="today"),
    path("help/first-run/", first_run, name="help_first_run"),
    path("help/site-settings/", site_settings, name="site_settings"),
    path("setup/test-mail/", send_test_mail, name="send_test_mail"),
    path("setup/<slug:code>/<int:pk>/skip/", skip_setup_task, name="skip_setup_task"),
    path("setup/<slug:code>/<int:pk>/resume/", resume_setup_task, name="resume_setup_task"),
    path("today/<slug:code>/<int:pk>/", todo_row, name="todo_row"),
    path("today/<slug:code>/<int:pk>/do/", do_todo, name="do_todo"),
    path("today/<slug:code>/<int:pk>/later/", put_off_todo, name="put_off_todo"),
    path("today/<slug:code>/<int:pk>/hand-over/", hand_over_todo, name="hand_over_todo"),
    path("today/<slug:code>/<int:pk>/back/", take_back_todo, name="take_back_todo"),
]
