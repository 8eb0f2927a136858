"""The benchmark of generated documents makes every kind from rows in memory, as the program does."""

import pytest

from benchmarks.generated_documents import once
from procurement.documents.models.generated_documents import GeneratedDocument

LONG = GeneratedDocument.Kind.CARTONS  # 25 pages; pallet labels use the same code


@pytest.mark.parametrize("kind", [kind for kind in GeneratedDocument.Kind if kind != LONG])
def test_it_makes_every_kind(kind: str) -> None:
    size, pages = once(kind)
    assert size > 10_000
    assert pages >= 1
