"""Which place of the register a file means: looked for in the register and in GeoNames, judged, asked about where it is not plain."""
