"""URLs of watchlists and watchlist matches."""

from django.urls import path

from procurement.sanctions.views.matches import list_match, list_match_move, list_matches
from procurement.sanctions.views.upload import upload_list
from procurement.sanctions.views.watchlists import move_watchlist, watchlist, watchlists

urlpatterns = [
    path("watchlists/", watchlists, name="watchlists"),
    path("watchlists/new/", upload_list, name="upload_watchlist"),
    path("watchlists/<slug:reference>/", watchlist, name="watchlist"),
    path("watchlists/<slug:reference>/<slug:verb>/", move_watchlist, name="watchlist_move"),
    path("watchlist-matches/", list_matches, name="watchlist_matches"),
    path("watchlist-matches/<slug:reference>/", list_match, name="watchlist_match"),
    path("watchlist-matches/<slug:reference>/<slug:verb>/", list_match_move, name="watchlist_match_move"),
]
