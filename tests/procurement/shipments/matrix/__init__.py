"""Who may do what with a shipment and what belongs to it, in each status: tables by hand, compared with the rules."""
