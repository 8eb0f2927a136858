"""What the pages, the files and the programs of asking read. By noun."""
