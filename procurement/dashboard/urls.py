"""URLs of Today and of its rows."""

from django.urls import path

from procurement.dashboard.item_views import do_todo, hand_over_todo, put_off_todo, take_back_todo, todo_row
from procurement.dashboard.views import today

urlpatterns = [
    path("", today, name="today"),
    path("today/<slug:code>/<int:pk>/", todo_row, name="todo_row"),
    path("today/<slug:code>/<int:pk>/do/", do_todo, name="do_todo"),
    path("today/<slug:code>/<int:pk>/later/", put_off_todo, name="put_off_todo"),
    path("today/<slug:code>/<int:pk>/hand-over/", hand_over_todo, name="hand_over_todo"),
    path("today/<slug:code>/<int:pk>/back/", take_back_todo, name="take_back_todo"),
]
