"""Whatever stands in a query, the simulator answers or refuses it."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.client.simulated import client, simulator

NUMBERS = st.text("0123456789-+.²e ", max_size=30) | st.integers().map(str)
EXTREMES = ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00", "9999-12-31T23:59:59.999999Z"]
TIMES = (
    st.sampled_from(EXTREMES)
    | st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
    | st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat())
)
FORGED = st.recursive(
    st.none() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
).map(json.dumps) | st.just("[" * 5_000)
CURSORS = (st.binary(max_size=20) | FORGED.map(str.encode)).map(
    lambda told: base64.urlsafe_b64encode(told).decode()
)
ANYTHING = NUMBERS | TIMES | CURSORS | st.text(max_size=20) | st.just("9" * 5_000)
ADDRESSES = {
    "/v1/chats": ("limit", "offset", "isFavorite", "branch"),
    "/v1/chats/{chat}/messages": ("limit", "cursor"),
    "/v1/chats/{chat}/versions/{version}/download": ("format", "includeDefaultFiles"),
    "/v1/deployments/{deployment}/logs": ("since",),
    "/v1/rate-limits": ("scope",),
    "/v1/reports/usage": ("limit", "cursor", "startDate", "endDate"),
    "/v1/reports/usage/ai": ("limit", "cursor", "start", "end"),
    "/v1/reports/user-activity": ("startDate", "endDate"),
    "/v2/chats": ("limit", "cursor", "authorId", "metadata[a]"),
    "/v2/usage/events": ("limit", "cursor", "start", "end"),
    "/v2/usage/summary": ("start", "end", "userId"),
    "/v2/usage/activity": ("start", "end", "userId"),
}


@pytest.fixture(scope="module")
def http() -> Any:
    return client(simulator(), generation="")


@pytest.fixture(scope="module")
def ids(http: Any) -> dict[str, str]:
    chat = http.post("/v1/chats", json={"message": "A shop"}).json()
    version = chat["latestVersion"]["id"]
    body = {"chatId": chat["id"], "versionId": version}
    deployment = http.post("/v1/deployments", json=body).json()["id"]
    return {"chat": chat["id"], "version": version, "deployment": deployment}


@pytest.mark.parametrize(
    ("address", "name"), [(address, name) for address in ADDRESSES for name in ADDRESSES[address]]
)
@settings(max_examples=30)
@given(value=ANYTHING)
def test_no_value_of_a_query_breaks_the_simulator(
    http: Any, ids: dict[str, str], address: str, name: str, value: str
) -> None:
    answer = http.get(address.format(**ids), params={name: value})
    assert answer.status_code in (200, 403, 422), answer.text
