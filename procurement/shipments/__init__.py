"""Sent, cleared, arrived, inspected."""
