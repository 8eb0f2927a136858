"""URLs of the start page (“Today”), of its rows, and of the set-up of a site."""

from django.urls import path

from procurement.dashboard.item_views import (
    complete_todo,
    hand_over_todo,
    put_off_todo,
    restore_todo,
    todo_row,
)
from procurement.dashboard.setup_views import (
    resume_setup_task,
    send_test_mail,
    setup_guide,
    site_settings,
    skip_setup_task,
)
from procurement.dashboard.views import todo_page

urlpatterns = [
    path("", todo_page, name="today"),
    path("help/first-run/", setup_guide, name="help_first_run"),
    path("help/site-settings/", site_settings, name="site_settings"),
    path("setup/test-mail/", send_test_mail, name="send_test_mail"),
    path("setup/<slug:code>/<int:pk>/skip/", skip_setup_task, name="skip_setup_task"),
    path("setup/<slug:code>/<int:pk>/resume/", resume_setup_task, name="resume_setup_task"),
    path("today/<slug:code>/<int:pk>/", todo_row, name="todo_row"),
    path("today/<slug:code>/<int:pk>/do/", complete_todo, name="do_todo"),
    path("today/<slug:code>/<int:pk>/later/", put_off_todo, name="put_off_todo"),
    path("today/<slug:code>/<int:pk>/hand-over/", hand_over_todo, name="hand_over_todo"),
    path("today/<slug:code>/<int:pk>/back/", restore_todo, name="take_back_todo"),
]
