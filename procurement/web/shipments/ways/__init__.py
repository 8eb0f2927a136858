"""Ways nobody planned first: elsewhere, back, destroyed; the map of what is under way; the public page of where goods are."""
