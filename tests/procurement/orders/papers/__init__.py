"""Tests of the papers of an order: its decision memos, and all of them in one file."""
