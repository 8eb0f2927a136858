"""The generated list for the import benchmark: its length, reproducibility and distinct agreements."""

import csv
import io

from benchmarks.register_import import CSV_HEADER, agreements_csv


def test_register_list_for_import_benchmark_is_reproducible_and_repeats_no_agreement():
    content = agreements_csv(300)
    rows = list(csv.reader(io.StringIO(content.decode())))
    assert rows[0] == CSV_HEADER
    assert len({(*row[0:4], *row[4:8]) for row in rows[1:]}) == len(rows) - 1 == 300
    assert agreements_csv(300) == content
    assert any(row[0].startswith("Nowhere") for row in rows)
