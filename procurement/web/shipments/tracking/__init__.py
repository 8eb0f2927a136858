"""Following shipments on pages: what was heard of one and what to look at, and a file of events."""
