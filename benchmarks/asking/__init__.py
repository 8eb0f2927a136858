"""What is asked: operations, each a row of prepared requests that rotate over people, things and pages."""

from benchmarks.asking.operation import API, FLOOR, PAGES, Ask, Operation

__all__ = ["API", "FLOOR", "PAGES", "Ask", "Operation"]
