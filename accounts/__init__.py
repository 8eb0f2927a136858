"""Who can log in, with which link or token. Knows the machinery of workflow and nothing of cities or equipment."""
