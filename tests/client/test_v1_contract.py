"""v1's parameters and shapes against the published contract."""

from __future__ import annotations

import pytest

from tests import contract
from tests.client import declarations
from tests.client.cases import v1_early
from v0client.calls import download, stream
from v0client.operations import Operation, operations

pytestmark = pytest.mark.skipif(not contract.available(), reason=contract.MISSING)

EARLY = {case.name for case in v1_early.CASES}  # not in the contract any more
OPERATIONS = [one for one in operations() if one.name.startswith("v1.") and one.name not in EARLY]
WITH_SHAPES = [one for one in OPERATIONS if not isinstance(one.declared, stream | download)]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_everything_that_v0_takes_can_be_sent_and_nothing_else(operation: Operation) -> None:
    wrong = declarations.wrong_with_the_parameters(operation)
    # A stream is asked for by the response mode, so its operation has no such parameter.
    expected = [".responseMode is missing"] if operation.name.endswith("_stream") else []
    assert wrong == expected


@pytest.mark.parametrize("operation", WITH_SHAPES, ids=lambda operation: operation.name)
def test_an_answer_has_the_declared_fields(operation: Operation) -> None:
    wrong = declarations.wrong_with_the_answer(operation)
    # Declared for the list of chats alone; one shape of a version serves all answers.
    assert [one for one in wrong if "darkScreenshotUrl" not in one] == []
