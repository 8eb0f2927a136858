"""Papers come in: who is asked for theirs, each version as it is handed in, taken or given back, and what follows from it."""
