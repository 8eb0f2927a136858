"""How anything moves: moves, refusals, actors, clock, journal, outbox, papers and shared door parts. Knows no protective equipment."""
