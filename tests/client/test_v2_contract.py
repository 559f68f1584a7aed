"""v2's parameters, shapes and samples against the published contract."""

from __future__ import annotations

import pytest

from tests import contract, contract_schemas
from tests.client import declarations
from tests.client.cases import CASES, Case
from v0client.operations import Operation, operations

pytestmark = pytest.mark.skipif(not contract.available(), reason=contract.MISSING)

OPERATIONS = {one.name: one for one in operations() if one.name.startswith("v2.")}
CASES_OF_V2 = [case for case in CASES if case.name.startswith("v2.")]


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_everything_that_v0_takes_can_be_sent_and_nothing_else(operation: Operation) -> None:
    assert declarations.wrong_with_the_parameters(operation) == []


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_an_answer_has_the_declared_fields_and_no_others(operation: Operation) -> None:
    assert declarations.wrong_with_the_answer(operation) == []


@pytest.mark.parametrize("case", CASES_OF_V2, ids=lambda case: case.name)
def test_the_samples_are_answers_that_v0_could_give(case: Case) -> None:
    declared = declarations.declared(OPERATIONS[case.name])
    status = int(min(declared.declared["responses"]))
    media, *_ = declared.declared["responses"][str(status)]["content"]
    errors = contract_schemas.answer(declared, status, media).iter_errors(case.answer)
    assert [error.message for error in errors] == []
