"""What is still owed once goods are here: the proof of an end use, and thanks. By noun."""
