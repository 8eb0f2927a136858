"""At the dock: cartons seen one by one (`cartons`), and the cases of what differed (`cases`). Counting stands between the two."""
