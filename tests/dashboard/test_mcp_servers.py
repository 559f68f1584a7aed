"""MCP servers beside a prompt: asked for with the chosen key, ticked, typed, and sent."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Chat, Key, Membership
from tests import make
from tests.dashboard.chatting import Acting
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import v0
from v0client.simulator import Simulator
from v0client.simulator.reporting import Exchange

ClientOf = Callable[[Membership], Client]
HX = {"HX-Request": "true", "HX-Target": "div#mcp-servers"}
SERVER = {"name": "Linear", "url": "https://mcp.linear.example/sse"}


@pytest.fixture
def prompts(simulator: Simulator) -> Iterator[list[dict[str, Any]]]:
    """What v0 was sent with prompts."""
    found: list[dict[str, Any]] = []

    def hear(exchange: Exchange) -> None:
        if exchange.request.method == "POST":
            body = json.loads(exchange.request.body or b"{}")
            found.extend([body] if "message" in body else [])

    simulator.on_exchange = hear
    yield found
    simulator.on_exchange = None


def add(simulator: Simulator, key: str = "v0-demo-member", **fields: Any) -> str:
    """The id of a server in v0."""
    with v0(simulator, key) as client:
        return str(client.v2.mcp_servers.create(**SERVER | fields).id)


def asked(simulator: Simulator) -> list[str | None]:
    """The keys that v0's lists of servers were asked with."""
    return [one.key for one in simulator.requests if one.path.endswith("/mcp-servers")]


def boxes(text: str) -> dict[str, str]:
    """The ids of all boxes, with what else each says."""
    found = re.findall(r'<input type="checkbox" value="([^"]+)" data-adds-to="[^"]*"([^>]*)>', text)
    return {id_: rest.strip() for id_, rest in found}


def offered(acting: Acting, path: str = "new/", **fields: object) -> str:
    response = acting.client.post(f"{acting.base}{path}mcp-servers/", fields, headers=HX)
    assert response.status_code == 200
    assert "<html" not in response.text
    return str(response.text)


def test_opening_the_form_asks_v0_nothing(acting: Acting) -> None:
    page = acting.client.get(f"{acting.base}new/").text
    assert f'hx-post="{acting.base}new/mcp-servers/"' in page
    assert acting.simulator.requests == []


def test_servers_of_the_key_are_offered_with_their_hosts(acting: Acting, generation: str) -> None:
    own = add(acting.simulator)
    team = add(acting.simulator, "v0-demo-owner", name="Sentry <b>", scope="team")
    add(acting.simulator, "v0-demo-owner", name="Not for others")
    acting.simulator.requests.clear()
    text = offered(acting, mcp_servers=own)
    assert boxes(text) == {own: "checked", team: ""}
    assert "mcp.linear.example" in text
    assert "Sentry &lt;b&gt;" in text
    assert "Not for others" not in text
    assert [one.path for one in acting.simulator.requests] == [f"/{generation}/mcp-servers"]


def test_the_chosen_key_is_asked_and_no_other(acting: Acting, cast: Cast) -> None:
    other = make.key(cast.owner, "v0-demo-owner", shared=True)
    hidden = make.key(cast.admin, "v0-demo-admin")
    offered(acting, key=other.pk)
    offered(acting, key=hidden.pk)
    offered(acting, key="nonsense")
    own = "v0-demo-member"
    assert asked(acting.simulator) == ["v0-demo-owner", own, own]


def test_what_v0_marks_is_shown(acting: Acting, cast: Cast) -> None:
    cast.team.generation = "v2"
    cast.team.save(update_fields=["generation"])
    off = add(acting.simulator, name="Off", enabled=False)
    signed_out = add(acting.simulator, name="OAuth", auth={"type": "oauth"})
    text = offered(acting)
    assert boxes(text) == {signed_out: "", off: "disabled"}
    assert text.count("Disabled in v0") == text.count("Not signed in") == 1
    assert boxes(offered(acting, mcp_servers=off))[off] == "checked", "it can be unticked"


def test_ids_that_v0_does_not_list_are_kept_and_named(acting: Acting) -> None:
    own = add(acting.simulator)
    text = offered(acting, mcp_servers=f"typed-by-hand\n{own}")
    assert "Not among this key" in text
    assert '<span class="tag">typed-by-hand</span>' in text


def test_without_any_the_form_says_so(acting: Acting) -> None:
    assert "The account of this key has no MCP servers in v0." in offered(acting)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 401}, "v0 rejects this key"),
        ({"status": 403}, "v0 does not allow this"),
        ({"status": 500}, "v0 had a problem of its own"),
        ({"not_json": True}, "could not be read"),
        ({"patch": {"data": 5}}, "could not be read"),
    ],
)
def test_a_failure_is_told_and_can_be_tried_again(
    acting: Acting, fault: dict[str, Any], words: str
) -> None:
    acting.simulator.faults.add("/v1/mcp-servers", times=None, **fault)
    text = offered(acting, mcp_servers="kept")
    assert words in text
    assert "data-asks-servers" in text


def test_without_a_key_the_form_says_what_is_needed(
    cast: Cast, client_of: ClientOf, acting: Acting
) -> None:
    Key.objects.all().delete()
    assert "You need a v0 key for this." in offered(acting)


def test_chosen_ids_reach_v0_once_each(
    acting: Acting, generation: str, prompts: list[dict[str, Any]]
) -> None:
    own = add(acting.simulator)
    response = acting.create(mcp_servers=f"{own}\r\n{own}\r\nother", mcp_server=[own])
    assert response.status_code == 302
    assert prompts[0]["mcpServerIds"] == [own, "other"]


def test_none_chosen_leaves_the_choice_to_v0(acting: Acting, prompts: list[dict[str, Any]]) -> None:
    assert acting.create(mcp_servers=" ").status_code == 302
    assert "mcpServerIds" not in prompts[0]


def test_without_javascript_a_button_shows_boxes_and_keeps_what_was_typed(
    acting: Acting, prompts: list[dict[str, Any]]
) -> None:
    own = add(acting.simulator)
    response = acting.create("A page", servers="ask", title="Mine", mcp_servers=f"{own}\nother")
    page = response.content.decode()
    assert response.status_code == 200
    assert "Mine" in page
    assert boxes(page)[own].split() == ['name="mcp_server"', "checked"]
    kept = re.search(r'<textarea name="mcp_servers"[^>]*>([^<]*)</textarea>', page)
    assert kept is not None
    assert kept[1].split() == ["other"], "a box that is unticked does not come back"
    assert not Chat.objects.exists()


def test_a_viewer_asks_v0_nothing(cast: Cast, client_of: ClientOf, acting: Acting) -> None:
    chat = make.chat(cast.team)
    viewer = client_of(cast.viewer)
    for path in ("new/", f"{chat.upstream_id}/"):
        assert viewer.post(f"{acting.base}{path}mcp-servers/").status_code == 403
    assert acting.simulator.requests == []


def test_a_chats_own_generation_and_a_key_that_sees_it_are_asked(
    acting: Acting, generation: str, cast: Cast
) -> None:
    chat = acting.chat()
    own = add(acting.simulator)
    acting.simulator.requests.clear()
    assert boxes(offered(acting, f"{chat.upstream_id}/")) == {own: ""}
    assert acting.simulator.requests[0].path == f"/{generation}/mcp-servers"


def test_a_further_prompt_takes_servers_along(
    acting: Acting, generation: str, prompts: list[dict[str, Any]]
) -> None:
    chat = acting.chat()
    own = add(acting.simulator)
    page = acting.client.get(f"{acting.base}{chat.upstream_id}/").text
    assert f'hx-post="{acting.base}{chat.upstream_id}/mcp-servers/"' in page
    sent = {"nonce": uuid.uuid4(), "prompt": "Use Linear", "mcp_servers": f"{own}\r\nother"}
    assert acting.post(f"{chat.upstream_id}/send/", **sent).status_code == 302
    assert prompts[-1]["mcpServerIds"] == [own, "other"]


def test_ids_are_there_again_when_a_further_prompt_was_refused(
    acting: Acting, generation: str
) -> None:
    chat = acting.chat()
    path = f"/{generation}/chats/{chat.upstream_id}/messages*"
    acting.simulator.faults.add(path, method="POST", status=422, times=None)
    sent = {"nonce": uuid.uuid4(), "prompt": "Use Linear", "mcp_servers": "one\r\ntwo"}
    response = acting.post(f"{chat.upstream_id}/send/", **sent)
    assert response.status_code == 422
    for page in (response.text, acting.client.get(f"{acting.base}{chat.upstream_id}/").text):
        assert "This was not sent." in page
        kept = re.search(r'<textarea name="mcp_servers"[^>]*>([^<]*)</textarea>', page)
        assert kept is not None
        assert kept[1].split() == ["one", "two"]
