"""A campus with a package under quality assurance: the real directory and workload, and people in every part."""

import pytest

from services.workflow.__main__ import definition as workflow
from services.workload.__main__ import definition as workload
from tests.service.campus import ServiceCampus
from tests.service.workflow.scenario import Scenario


@pytest.fixture
def scenario(campus: ServiceCampus) -> Scenario:
    """Package cs-2026 with two modules, each with an exam; package law-2026 with one."""
    campus.join(workload)
    campus.join(workflow)
    return Scenario(campus)
