"""Hook of leads: registry of all screening rules by code, including those of packages that import leads.

`procurement/apps.py` registers them in `AppConfig.ready()`.
"""

from typing import TYPE_CHECKING

from workflow.hooks import KeyedHook

if TYPE_CHECKING:
    from procurement.leads.screening.rule_types import ScreeningRule

type FindingRule = ScreeningRule

# The rule of each code that a finding can have.
screening_rules = KeyedHook[FindingRule]("procurement.leads.hooks.screening_rules")
