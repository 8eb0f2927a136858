"""Papers that come in, at the desk: who is asked for theirs by link, and the versions of each paper."""
