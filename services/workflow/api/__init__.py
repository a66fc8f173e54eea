"""What workflow answers."""

from services.workflow.api.assessments import add_assessments, fill_assessments, list_assessments, remove_assessment
from services.workflow.api.concerns import read_examined, read_waiting
from services.workflow.api.definitions import add_definition, list_definitions, read_definition
from services.workflow.api.reading import read_assessment
from services.workflow.api.seeing import may_read_scope
from services.workflow.api.signing import sign_off

__all__ = [
    "add_assessments",
    "add_definition",
    "fill_assessments",
    "list_assessments",
    "list_definitions",
    "may_read_scope",
    "read_assessment",
    "read_definition",
    "read_examined",
    "read_waiting",
    "remove_assessment",
    "sign_off",
]
