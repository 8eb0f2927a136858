"""Every place at which somebody may bring a file."""
