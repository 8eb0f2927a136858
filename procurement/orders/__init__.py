"""Bought or given."""
