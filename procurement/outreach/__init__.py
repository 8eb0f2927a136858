"""Who is asked to help, with which words, and what became of the question."""
