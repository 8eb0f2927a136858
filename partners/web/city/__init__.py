"""A place's own page: its agreements, what passed, what it gave and received, where sources disagree, its offices; and its files."""
