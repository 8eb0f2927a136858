"""The floor: the API's operations once more, by hand. A Django view without any layer around it, the same look-up of the token's hash,
the same rights, the same fields under the same names, in one or two statements written by hand. What the product takes longer is the
price of its layers: one frame for all collections, rules, filters, problem documents, languages.
"""
