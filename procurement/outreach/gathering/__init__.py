"""What the pages, the files and the programs of asking read: the ties between two countries, and whom a need could be asked of."""
