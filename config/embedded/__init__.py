"""The PostgreSQL and the Valkey of `make demo` and `make test`: real servers out of Python wheels, under one folder.

For a practice instance and for the tests; production brings its own servers (DATABASE_URL, REDIS_URL) and never comes here.
Nothing in this package imports Django: it starts what Django needs. And nothing is imported here: each keeper would load it.
"""
