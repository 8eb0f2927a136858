"""The story: from a need a city posts to an inspected delivery. The folders are its stages, in order."""
