"""Every change to who can come in, and with what: journaled like everything else. One module per noun."""
