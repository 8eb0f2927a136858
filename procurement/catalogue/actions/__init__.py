"""The only writers of the catalogue: a load of its files, and a coordinator who keeps a customs rule or a relief by hand."""

from procurement.catalogue.actions.keeping import add, change, confirm, end, follow_file
from procurement.catalogue.actions.loading import LOAD_LOCK, SheetReport, load

__all__ = [
    "LOAD_LOCK",
    "SheetReport",
    "add",
    "change",
    "confirm",
    "end",
    "follow_file",
    "load",
]
