"""The lists operators upload, the names on them, and what may be the same: a judgement of two persons."""

from procurement.lists.models.match import ListMatch, ScreenedName
from procurement.lists.models.watch_list import ListedName, WatchList

__all__ = ["ListMatch", "ListedName", "ScreenedName", "WatchList"]
