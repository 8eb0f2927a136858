"""What can be asked for, and which rules hold on which day. Public facts with their sources; the story's stages read them."""
