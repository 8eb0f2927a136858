"""The project's table: dense on a desk, on a phone a card per row with a title, three facts and "more"."""

from typing import Any, ClassVar

import django_tables2
from django_tables2 import Column, TemplateColumn

__all__ = ["Column", "Table", "TemplateColumn"]


class Table(django_tables2.Table):  # type: ignore[misc]  # django-tables2 ships no types
    """Say which column is the `title` and which three are the `facts` of a phone's card; the rest goes behind "more".

    `numbers` are the columns of figures, set to the right. Lists page by keyset (`{% page_link %}`), so the table itself does not.
    """

    title: ClassVar[str] = ""
    facts: ClassVar[tuple[str, ...]] = ()
    numbers: ClassVar[tuple[str, ...]] = ()
    caption: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for bound in self.columns:
            kind = [
                *(["num"] if bound.name in self.numbers else []),
                *(["rest"] if bound.name in self.rest_names else []),
            ]
            if kind:
                bound.column.attrs = {**bound.column.attrs, "td": {"class": " ".join(kind)}}
            if bound.name in self.numbers:
                bound.column.attrs["th"] = {"class": "num"}

    @property
    def rest_names(self) -> list[str]:
        """The columns a phone shows behind "more"."""
        return [
            bound.name for bound in self.columns if bound.name != self.title and bound.name not in self.facts
        ]

    @property
    def has_rest(self) -> bool:
        """Whether there is a "more"."""
        return bool(self.rest_names)
