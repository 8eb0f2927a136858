"""Commands of the register, for an operator."""
