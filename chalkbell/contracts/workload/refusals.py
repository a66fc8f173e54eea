"""Why workload refuses, beyond what all services may say."""

from __future__ import annotations

from chalkbell.contracts.refusals import Conflict, Invalid, NotAllowed, refusal


@refusal("workload.v1.error.package_closed")
class PackageClosed(NotAllowed):
    """This package is closed and changes no more. Ask a campus administrator to reopen it if it must."""


@refusal("workload.v1.error.in_use")
class InUse(Conflict):
    """Something else in the package still needs this. Change what `used_by` names first."""


@refusal("workload.v1.error.over_allocated")
class OverAllocated(Invalid):
    """More than 100 % of the module's hours would be given away. See `path` for the kind, lower somebody's share and ask again."""


@refusal("workload.v1.error.formula_fails")
class FormulaFails(Invalid):
    """The formula fails. `module` names a module that it fails on; `students` the number tried, which is 0 for every module too."""


@refusal("workload.v1.error.not_filled")
class NotFilled(Invalid):
    """Nothing was taken over: `problems` lists what is wrong, each with its `path`. Mend all of it and ask again."""
