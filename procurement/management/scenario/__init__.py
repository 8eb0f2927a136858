"""The practice scenario of April 2020: four cities of Canada ask their partners in China for masks, step by step, on the practice
clock. Played by actions alone, as people would: no row is written any other way, and nothing here runs on a real instance.

The companies and people are made up and marked DEMO; the cities and their ties are the register's.
"""

from procurement.management.scenario.script import SCRIPT, played, rehearse

__all__ = ["SCRIPT", "played", "rehearse"]
