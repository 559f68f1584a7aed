"""v2's answers and lists: exact about what is declared, tolerant of what is new."""

from __future__ import annotations

import base64
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.client import v2_samples as samples
from tests.client.backend import Script, answered, ask, on_both_clients, sent_json
from v0client import V0, errors, http
from v0client.v2 import mcp_servers, vercel
from v0client.v2.chats import ChatPage
from v0client.v2.usage import UsageEventPage

MOMENT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


def told(call: Any, body: Any) -> Any:
    """What the client makes of an answer."""
    return ask("blocking", Script(answered(body)), call)


def chats(ids: list[str], cursor: str | None) -> http.Response:
    return answered({"chats": [samples.chat(id=id) for id in ids], "cursor": cursor})


def list_chats(client: Any) -> Any:
    return client.v2.chats.list(limit=2, metadata={"a": "b"})


@on_both_clients
def test_a_list_is_followed_through_an_empty_page_and_gives_nothing_twice(kind: str) -> None:
    script = Script(chats(["c3", "c2"], "2"), chats([], "3"), chats(["c2", "c1"], None))
    found = ask(kind, script, list_chats)
    assert [chat.id for chat in found] == ["c3", "c2", "c1"]
    kept = {"limit": "2", "metadata[a]": "b"}
    assert [dict(request.url.params) for request in script.requests] == [
        kept,
        {**kept, "cursor": "2"},
        {**kept, "cursor": "3"},
    ]


@on_both_clients
@pytest.mark.parametrize("cursors", [["2", "2"], ["2", "3", "2"]])
def test_a_cursor_that_comes_again_is_an_error(kind: str, cursors: list[str]) -> None:
    script = Script(*[chats([], cursor) for cursor in cursors])
    with pytest.raises(errors.InvalidAnswer, match="cursor"):
        ask(kind, script, list_chats)


@on_both_clients
def test_messages_are_listed_over_their_pages(kind: str) -> None:
    script = Script(
        answered({"messages": [samples.message(id="m2")], "cursor": "older"}),
        answered({"messages": [samples.message(id="m1")]}),
    )
    found = ask(kind, script, lambda client: client.v2.messages.list("c1"))
    assert [message.id for message in found] == ["m2", "m1"]
    assert dict(script.requests[1].url.params) == {"cursor": "older"}


@on_both_clients
def test_events_go_on_while_more_is_announced_also_after_an_empty_page(kind: str) -> None:
    script = Script(
        answered(samples.usage_events(samples.usage_event(), cursor="a")),
        answered(samples.usage_events(cursor="b")),
        answered(samples.usage_events(samples.usage_event(id="e2"))),
    )
    found = ask(kind, script, lambda client: client.v2.usage.list_events(chat_id="c1"))
    assert [event.id for event in found] == ["e1", "e2"]
    assert dict(script.requests[2].url.params) == {"chatId": "c1", "cursor": "b"}


def test_more_events_without_a_cursor_are_an_error() -> None:
    page = samples.usage_events() | {"pagination": {"hasMore": True, "cursor": None}}
    with pytest.raises(errors.InvalidAnswer, match="cursor"):
        told(lambda client: client.v2.usage.list_events(), page)


def test_a_page_tells_what_its_list_says_besides_the_items() -> None:
    script = Script(chats(["c1"], "2"))
    with V0("key", transport=http.MockTransport(script)) as client:
        first = client.v2.chats.list().first()
    assert type(first) is ChatPage
    assert (len(first.data), first.has_more, first.next_cursor) == (1, True, "2")
    events = Script(answered(samples.usage_events(samples.usage_event())))
    with V0("key", transport=http.MockTransport(events)) as client:
        page = client.v2.usage.list_events().first()
    assert isinstance(page, UsageEventPage)
    assert (page.scope.type, page.range.start.day, page.range.end.day) == ("team", 1, 2)
    assert not page.has_more


def test_credits_are_exact_and_days_are_dates() -> None:
    summary = told(lambda client: client.v2.usage.get_summary(), samples.usage_summary())
    assert summary.credits.total == Decimal("1.75")
    assert summary.daily[0].date == date(2026, 3, 1)
    message = told(lambda client: client.v2.messages.get("c1", "m1"), samples.message())
    assert message.usage.credits_cost.input == Decimal("0.012")
    assert message.created_at == MOMENT


def test_unknown_fields_and_values_are_kept() -> None:
    body = samples.message(role="critic", finishReason="bored", mood="calm")
    message = told(lambda client: client.v2.messages.get("c1", "m1"), body)
    assert (message.role, message.finish_reason) == ("critic", "bored")
    assert message.model_extra == {"mood": "calm"}
    chat = told(lambda client: client.v2.chats.get("c1"), samples.chat(privacy="friends"))
    assert chat.privacy == "friends"


@on_both_clients
def test_a_preview_is_none_until_it_runs_and_does_not_show_its_token(kind: str) -> None:
    def get_preview(client: Any) -> Any:
        return client.v2.chats.get_preview("c1")

    assert ask(kind, Script(http.Response(200, content=b"null")), get_preview) is None
    body = {"url": "https://p.example.com", "token": "secret-token", "expiresAt": samples.TIME}
    preview = ask(kind, Script(answered(body)), get_preview)
    assert (preview.token, preview.expires_at) == ("secret-token", MOMENT)
    assert "secret-token" not in repr(preview)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"status": "pending"}, vercel.ConnectPending),
        (
            {
                "status": "ready",
                "connector": {"id": "k", "name": "K", "type": "x", "attachedToProject": True},
            },
            vercel.ConnectReady,
        ),
        ({"status": "error", "message": "Refused"}, vercel.ConnectFailed),
        ({"status": "paused", "until": "later"}, vercel.ConnectOther),
        ({"status": "ready"}, vercel.ConnectOther),
    ],
)
def test_the_states_of_a_connection_are_told_apart(body: Any, kind: type) -> None:
    def get_status(client: Any) -> Any:
        return client.v2.chats.get_connect_status("c1", request_id="r1")

    assert type(told(get_status, body)) is kind


@pytest.mark.parametrize(
    ("auth", "kind"),
    [
        ({"type": "none"}, mcp_servers.NoAuth),
        ({"type": "bearer", "token": "secret"}, mcp_servers.BearerAuth),
        ({"type": "custom-headers", "headers": {"X-Key": "secret"}}, mcp_servers.HeaderAuth),
        ({"type": "oauth", "connected": True}, mcp_servers.OAuth),
        ({"type": "handshake"}, mcp_servers.OtherAuth),
    ],
)
def test_the_ways_to_sign_in_are_told_apart_and_hide_their_secrets(auth: Any, kind: type) -> None:
    body = samples.mcp_server(auth=auth)
    server = told(lambda client: client.v2.mcp_servers.get("s1"), body)
    assert type(server.auth) is kind
    assert "secret" not in repr(server)


def test_a_servers_sign_in_can_be_sent_back_as_it_came() -> None:
    config = {
        "authorizationUrl": "https://example.com/authorize",
        "tokenUrl": "https://example.com/token",
        "clientId": "i1",
        "clientSecret": "secret",
        "scopes": [],
        "usePKCE": False,
    }
    body = samples.mcp_server(auth={"type": "oauth", "config": config, "connected": False})
    server = told(lambda client: client.v2.mcp_servers.get("s1"), body)
    assert server.auth.config.use_pkce is False
    script = Script(answered(body))
    ask("blocking", script, lambda client: client.v2.mcp_servers.update("s1", auth=server.auth))
    assert sent_json(script.requests[0]) == {"auth": body["auth"]}
    assert "secret" not in repr(server)


def test_a_new_key_does_not_show_itself() -> None:
    body = {"id": "k1", "name": "Robot", "ownerId": "t1", "apiKey": "secret"}
    key = told(lambda c: c.v2.organizations.teams.create_api_key("o1", "t1", name="Robot"), body)
    assert key.api_key == "secret"
    assert "secret" not in repr(key)


def test_files_are_given_as_bytes_whatever_their_encoding() -> None:
    picture = bytes(range(256))
    body = {
        "files": [
            {"path": "a.txt", "content": "Grün", "encoding": "utf8"},
            {"path": "a.png", "content": base64.b64encode(picture).decode(), "encoding": "base64"},
        ]
    }
    found = told(lambda client: client.v2.chats.get_files("c1"), body)
    assert [file.data for file in found.files] == ["Grün".encode(), picture]


@on_both_clients
def test_a_local_archive_is_sent_inside_the_request(kind: str, tmp_path: Path) -> None:
    archive = tmp_path / "shop.zip"
    archive.write_bytes(b"PK\x03\x04 shop")
    sent = set()
    for source in (archive, archive.read_bytes(), io.BytesIO(archive.read_bytes())):
        script = Script(answered(samples.chat_with_usage()))
        ask(kind, script, lambda client, url=source: client.v2.chats.create_from_zip(url=url))
        sent.add(sent_json(script.requests[0])["url"])
    (address,) = sent
    head, _, content = address.partition(",")
    assert head == "data:application/zip;base64"
    assert base64.b64decode(content) == archive.read_bytes()


def test_the_address_of_an_archive_is_sent_as_it_is() -> None:
    script = Script(answered(samples.chat_with_usage()))
    url = "https://example.com/shop.zip"
    ask("blocking", script, lambda client: client.v2.chats.create_from_zip(url=url))
    assert sent_json(script.requests[0]) == {"url": url}


def test_refused_contents_of_files_are_named() -> None:
    issues = [{"path": "files.0.content", "error": "Not valid"}]
    refusal = answered({"message": "Invalid file contents", "issues": issues}, 422)
    with pytest.raises(errors.Unprocessable, match="Invalid file contents") as caught:
        ask(
            "blocking",
            Script(refusal),
            lambda c: c.v2.chats.update_files("c1", files=[{"path": "a", "content": ""}]),
        )
    assert list(caught.value.issues) == issues


def test_a_field_that_a_new_chat_does_not_have_is_refused_at_run_time() -> None:
    with V0("key") as client:
        with pytest.raises(TypeError, match="NewChat has no field privcy"):
            client.v2.chats.create_async(message="A page", privcy="team")
        with pytest.raises(TypeError, match="NewMessage has no field title"):
            client.v2.messages.send("c1", message="A page", title="Page")
        with pytest.raises(TypeError, match="NewImport has no field message"):
            client.v2.chats.create_from_files(files=[], message="A page")
