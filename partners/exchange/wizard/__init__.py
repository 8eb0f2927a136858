"""A list on its way into the register: read as its columns were matched, its places judged, tried, brought in, taken back.

`reading` reads the rows, `places` says which places they mean, `work` is what the machine does with a file, `telling` how it
tells what it found.
"""
