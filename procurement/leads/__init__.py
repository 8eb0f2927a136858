"""Somebody can supply it: the offer, its facts, and what screening found."""
