"""Cases of v1's deployments."""

from __future__ import annotations

from tests.client import samples
from tests.client.cases.case import Case
from v0client import Listing
from v0client.v1 import deployments

OF_VERSION = {"chatId": "c1", "versionId": "b1", "projectId": "p1"}
CASES = [
    Case(
        "v1.deployments.find",
        lambda client: client.v1.deployments.find("c1", "b1", project_id="p1"),
        "GET /v1/deployments",
        samples.listed(samples.deployment()),
        Listing[deployments.Deployment],
        OF_VERSION,
    ),
    Case(
        "v1.deployments.create",
        lambda client: client.v1.deployments.create("c1", "b1", project_id="p1"),
        "POST /v1/deployments",
        samples.deployment(),
        deployments.Deployment,
        body=OF_VERSION,
    ),
    Case(
        "v1.deployments.get_by_id",
        lambda client: client.v1.deployments.get_by_id("d1"),
        "GET /v1/deployments/d1",
        samples.deployment(),
        deployments.Deployment,
    ),
    Case(
        "v1.deployments.delete",
        lambda client: client.v1.deployments.delete("d1"),
        "DELETE /v1/deployments/d1",
        samples.deleted("d1", "deployment"),
        deployments.Deleted,
    ),
    Case(
        "v1.deployments.find_logs",
        lambda client: client.v1.deployments.find_logs("d1", since=1772359200),
        "GET /v1/deployments/d1/logs",
        {"object": "list", "logs": [samples.log_line()], "nextSince": 1772359260},
        deployments.Logs,
        {"since": "1772359200"},
    ),
    Case(
        "v1.deployments.find_errors",
        lambda client: client.v1.deployments.find_errors("d1"),
        "GET /v1/deployments/d1/errors",
        {"errorType": "build", "fullErrorText": "no such module"},
        deployments.Failure,
    ),
]
