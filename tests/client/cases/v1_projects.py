"""Cases of v1's projects and their variables."""

from __future__ import annotations

from tests.client import samples
from tests.client.cases.case import Case
from v0client import Listing
from v0client.v1 import projects

VARIABLES = Listing[projects.EnvironmentVariable]
CASES = [
    Case(
        "v1.projects.find",
        lambda client: client.v1.projects.find(),
        "GET /v1/projects",
        samples.listed(samples.project()),
        Listing[projects.ProjectSummary],
    ),
    Case(
        "v1.projects.create",
        lambda client: client.v1.projects.create(
            name="Shop", environment_variables=[{"key": "a_b", "value": "c_d"}], privacy="team"
        ),
        "POST /v1/projects",
        samples.project_detail(),
        projects.ProjectDetail,
        body={
            "name": "Shop",
            "environmentVariables": [{"key": "a_b", "value": "c_d"}],
            "privacy": "team",
        },
    ),
    Case(
        "v1.projects.get_by_id",
        lambda client: client.v1.projects.get_by_id("p1"),
        "GET /v1/projects/p1",
        samples.project_detail(),
        projects.ProjectDetail,
    ),
    Case(
        "v1.projects.get_by_chat_id",
        lambda client: client.v1.projects.get_by_chat_id("c1"),
        "GET /v1/chats/c1/project",
        samples.project_detail(),
        projects.ProjectDetail,
    ),
    Case(
        "v1.projects.update",
        lambda client: client.v1.projects.update("p1", description="", instructions="Be brief"),
        "PATCH /v1/projects/p1",
        samples.project_detail(),
        projects.ProjectDetail,
        body={"description": "", "instructions": "Be brief"},
    ),
    Case(
        "v1.projects.delete",
        lambda client: client.v1.projects.delete("p1", delete_all_chats=True),
        "DELETE /v1/projects/p1",
        samples.deleted("p1", "project"),
        projects.Deleted,
        {"deleteAllChats": "true"},
    ),
    Case(
        "v1.projects.assign",
        lambda client: client.v1.projects.assign("p1", chat_id="c1"),
        "POST /v1/projects/p1/assign",
        {"object": "project", "id": "p1", "assigned": True},
        projects.Assigned,
        body={"chatId": "c1"},
    ),
    Case(
        "v1.projects.find_env_vars",
        lambda client: client.v1.projects.find_env_vars("p1", decrypted=True),
        "GET /v1/projects/p1/env-vars",
        samples.listed(samples.variable()),
        VARIABLES,
        {"decrypted": "true"},
    ),
    Case(
        "v1.projects.get_env_var",
        lambda client: client.v1.projects.get_env_var("p1", "e1"),
        "GET /v1/projects/p1/env-vars/e1",
        {"object": "environment_variable", "data": samples.variable()},
        projects.EnvironmentVariableAnswer,
    ),
    Case(
        "v1.projects.create_env_vars",
        lambda client: client.v1.projects.create_env_vars(
            "p1", environment_variables=[{"key": "A", "value": "b"}], upsert=True, decrypted=False
        ),
        "POST /v1/projects/p1/env-vars",
        samples.listed(samples.variable()),
        VARIABLES,
        {"decrypted": "false"},
        {"environmentVariables": [{"key": "A", "value": "b"}], "upsert": True},
    ),
    Case(
        "v1.projects.update_env_vars",
        lambda client: client.v1.projects.update_env_vars(
            "p1", environment_variables=[{"id": "e1", "value": "b"}]
        ),
        "PATCH /v1/projects/p1/env-vars",
        samples.listed(samples.variable()),
        VARIABLES,
        body={"environmentVariables": [{"id": "e1", "value": "b"}]},
    ),
    Case(
        "v1.projects.delete_env_vars",
        lambda client: client.v1.projects.delete_env_vars("p1", environment_variable_ids=["e1"]),
        "POST /v1/projects/p1/env-vars/delete",
        samples.listed(samples.deleted("e1", "environment_variable")),
        Listing[projects.Deleted],
        body={"environmentVariableIds": ["e1"]},
    ),
]
