"""One command per file, each calling one function."""
