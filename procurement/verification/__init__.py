"""Is it true? Checks, who makes them, and what they reported."""
