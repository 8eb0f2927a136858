"""A city asks: what it needs, how much, by when, to which standard."""
