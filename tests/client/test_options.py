"""Options per call, what a key tells of itself, and what each generation lacks."""

from __future__ import annotations

import asyncio

import pytest

from tests.client.backend import Script, answered, refused
from v0client import NULL, V0, AsyncV0, Key, errors, http
from v0client.capabilities import ALL, Capabilities

USER = {"id": "u", "object": "user", "email": "a@b.c", "createdAt": "2026-01-01T00:00:00Z"}


def scopes_sent(script: Script) -> list[str | None]:
    return [request.headers.get("x-scope") for request in script.requests]


def test_a_scope_can_be_set_for_one_call_and_taken_away() -> None:
    script = Script(answered({"object": "list", "data": []}))
    with V0("key", transport=http.MockTransport(script), scope="team_1") as client:
        client.v1.user.get_scopes()
        client.with_options(scope="team_2").v1.user.get_scopes()
        client.with_options(scope=NULL).v1.user.get_scopes()
        client.v1.user.get_scopes()
    assert scopes_sent(script) == ["team_1", "team_2", None, "team_1"]


def test_a_scope_can_be_set_for_one_call_with_asyncio() -> None:
    script = Script(answered({"object": "list", "data": []}))

    async def ask() -> None:
        async with AsyncV0("key", transport=http.MockTransport(script)) as client:
            await client.with_options(scope="team_2").v1.user.get_scopes()
            await client.v1.user.get_scopes()

    asyncio.run(ask())
    assert scopes_sent(script) == ["team_2", None]


def test_other_options_leave_the_client_as_it_was() -> None:
    script = Script(refused(500))
    with V0("key", transport=http.MockTransport(script), max_retries=1, scope="t") as client:
        other = client.with_options(max_retries=0, timeout=1.5)
        with pytest.raises(errors.ServerError):
            other.v1.user.get()
        assert len(script.requests) == 1
        assert script.requests[0].extensions["timeout"]["read"] == 1.5
        assert (other.scope, other.base_url, other.key) == ("t", client.base_url, client.key)


def test_closing_what_shares_connections_closes_nothing() -> None:
    script = Script(answered({"object": "list", "data": []}))
    with V0("key", transport=http.MockTransport(script)) as client:
        with client.with_options(timeout=5) as other:
            other.v1.user.get_scopes()
        assert client.v1.user.get_scopes().data == []


def test_an_option_that_cannot_work_is_refused() -> None:
    with V0("key") as client, pytest.raises(errors.InvalidRequest, match="scope"):
        client.with_options(scope="zwei\nZeilen")


@pytest.mark.parametrize(
    ("text", "embeds"),
    [
        ("v1:team_1:token", True),
        ("v1:team_1:to:ken", True),
        ("v1:team_1:", False),
        ("v1::token", False),
        ("v0-key", False),
        ("v2:team:token", False),
    ],
)
def test_a_key_says_whether_it_holds_a_vercel_token(text: str, embeds: bool) -> None:
    assert Key(text).embeds_vercel_token is embeds
    with V0(Key(text)) as client:
        assert client.key.embeds_vercel_token is embeds


def test_neither_the_key_nor_the_token_in_it_is_in_an_error() -> None:
    echo = refused(401, "unknown key v1:team_1:verysecret, token verysecret", "bad verysecret")
    client = V0("v1:team_1:verysecret", transport=http.MockTransport(Script(echo)))
    with pytest.raises(errors.Unauthorized) as caught:
        client.v1.user.get()
    assert "verysecret" not in f"{caught.value!r} {caught.value} {vars(caught.value)}"


def test_a_file_that_v0_refuses_is_named_in_the_error() -> None:
    issues = [{"path": "app/page.tsx", "error": "echoes the-key"}, "not an issue"]
    script = Script(answered({"message": "Invalid file contents", "issues": issues}, 422))
    client = V0("the-key", transport=http.MockTransport(script))
    with pytest.raises(errors.Unprocessable) as caught:
        client.v1.user.get()
    assert caught.value.message == "Invalid file contents"
    assert caught.value.issues == ({"path": "app/page.tsx", "error": "echoes [key]"},)


def test_an_error_of_the_model_api_keeps_its_code_and_parameter() -> None:
    told = {"message": "no", "type": "invalid_request_error", "param": "model", "code": "unknown"}
    client = V0("key", transport=http.MockTransport(Script(answered({"error": told}, 400))))
    with pytest.raises(errors.BadRequest) as caught:
        client.v1.user.get()
    assert (caught.value.type, caught.value.param, caught.value.code) == (
        "invalid_request_error",
        "model",
        "unknown",
    )


def test_what_a_generation_lacks_comes_with_a_reason() -> None:
    capabilities = Capabilities()
    assert "projects" in capabilities.missing("v2")
    assert "projects" not in capabilities.missing("v1")
    assert capabilities.why_not("v1", "projects") is None
    assert capabilities.why_not("v2", "rate_limits") == ALL["rate_limits"].reason
    with pytest.raises(ValueError, match="v1 or v2"):
        capabilities.missing("v3")


@pytest.mark.parametrize("name", ALL)
def test_a_missing_capability_has_a_sentence_and_a_present_one_none(name: str) -> None:
    capability = ALL[name]
    lacking = capability.v1 is None or capability.v2 is None
    assert bool(capability.reason) is lacking
    assert not lacking or capability.reason.endswith(".")
