"""What the last stage reads for its papers. Reads only."""
