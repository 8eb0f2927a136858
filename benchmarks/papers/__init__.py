"""How fast papers are made from the record: `python -m benchmarks.papers`."""
