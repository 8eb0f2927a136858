"""URLs of watchlists and watchlist matches."""

from django.urls import path

from procurement.sanctions.views.matches import (
    watchlist_match_detail,
    watchlist_match_move,
    watchlist_matches,
)
from procurement.sanctions.views.upload import upload_watchlist_page
from procurement.sanctions.views.watchlists import watchlist_detail, watchlist_move, watchlists

urlpatterns = [
    path("watchlists/", watchlists, name="watchlists"),
    path("watchlists/new/", upload_watchlist_page, name="upload_watchlist"),
    path("watchlists/<slug:reference>/", watchlist_detail, name="watchlist"),
    path("watchlists/<slug:reference>/<slug:verb>/", watchlist_move, name="watchlist_move"),
    path("watchlist-matches/", watchlist_matches, name="watchlist_matches"),
    path("watchlist-matches/<slug:reference>/", watchlist_match_detail, name="watchlist_match"),
    path(
        "watchlist-matches/<slug:reference>/<slug:verb>/", watchlist_match_move, name="watchlist_match_move"
    ),
]
