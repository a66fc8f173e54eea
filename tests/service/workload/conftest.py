"""The department that workload's tests ask."""

import pytest

from services.workload.__main__ import definition
from tests.service.campus import ServiceCampus
from tests.service.workload.department import Department


@pytest.fixture
def department(campus: ServiceCampus) -> Department:
    """A campus with the computing department and the law school on it."""
    campus.join(definition)
    department = Department(campus)
    department.build()
    department.audited()
    return department
