"""What v0 is sent for a new chat: each value of the form, in both generations, from each beginning.

What the form refuses, and what comes of an answer, is in test_chats_new.py and test_chats_begun.py.
"""

from __future__ import annotations

import base64
import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dashboard.models import Chat
from dashboard.upstream.v2_records import PROJECT
from tests.client.loopback import serving
from tests.dashboard.chatting import Acting
from tests.dashboard.syncing import v0
from v0client.simulator import Simulator
from v0client.simulator.reporting import Exchange

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)
FIGMA = "https://www.figma.com/design/abc"
WISHES = {
    "model_id": "v0-max",
    "image_generations": "on",
    "system": "Use Vue\r\nand nothing else",
    "attachments": FIGMA,
    "skills": "vercel/next\r\nteam: brand\r\nproject: forms",
}
ABOUT = {"privacy": "unlisted", "metadata": "ticket = 7"}
SKILLS = [
    {"type": "remote", "id": "vercel/next"},
    {"type": "memory", "scope": "team", "skillName": "brand"},
    {"type": "project", "skillName": "forms"},
]
Bodies = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def sent(simulator: Simulator) -> Iterator[Bodies]:
    """Paths and bodies of all that v0 is asked to do."""
    found: Bodies = []

    def hear(exchange: Exchange) -> None:
        if exchange.request.method == "POST":
            found.append((exchange.request.path, json.loads(exchange.request.body or b"{}")))

    simulator.on_exchange = hear
    yield found
    simulator.on_exchange = None


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of a server with an archive, a repository and an entry of a registry."""
    entry = {"files": [{"path": "a.tsx", "content": "A", "type": "registry:ui"}]}

    def answer(path: str, _body: bytes) -> tuple[int, bytes]:
        packed = archive("shop-dev/index.html" if "/archive/" in path else "index.html")
        return 200, json.dumps(entry).encode() if path.endswith(".json") else packed

    with serving(answer) as address:
        yield address


def archive(name: str = "index.html") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr(name, "<p>Hi")
    return content.getvalue()


def data_url(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def wished(acting: Acting, generation: str) -> tuple[dict[str, object], dict[str, Any]]:
    """All that may go with a prompt: as the form has it, and as v0 is to get it."""
    with v0(acting.simulator, "v0-demo-member") as client:
        server = client.v2.mcp_servers.create(name="Linear", url="https://mcp.linear.example/sse")
    picture = SimpleUploadedFile("logo.png", PICTURE)
    fields = {**WISHES, "uploads": [picture], "mcp_servers": server.id}
    model = {"modelId": "v0-max", "imageGenerations": True}
    if generation == "v1":
        fields["thinking"], model["thinking"] = "on", True
    system = "system" if generation == "v1" else "systemPrompt"
    return fields, {
        "modelConfiguration": model,
        system: "Use Vue\nand nothing else",
        "attachments": [{"url": FIGMA}, {"url": data_url("image/png", PICTURE)}],
        "skills": SKILLS,
        "mcpServerIds": [server.id],
    }


def told(acting: Acting, generation: str, title: str = "") -> tuple[dict[str, str], dict[str, Any]]:
    """All that a new chat may be told of itself, in the same way."""
    shop = acting.project("Shop").upstream_id
    fields = {**ABOUT, "project": shop, "title": title}
    if generation == "v1":
        metadata = {"ticket": "7"}
        name = {"name": title} if title else {}
        return fields, {"chatPrivacy": "unlisted", "projectId": shop, "metadata": metadata, **name}
    metadata = {"ticket": "7", PROJECT: shop}
    return fields, {"privacy": "unlisted", "title": title, "metadata": metadata}


def without_nonce(body: dict[str, Any], nonce: uuid.UUID) -> dict[str, Any]:
    """The body as it is asserted; a chat's metadata carries the form's nonce."""
    metadata = dict(body["metadata"])
    assert metadata.pop("dashboardNonce") == str(nonce)
    return {**body, "metadata": metadata}


def test_a_prompt_arrives_with_everything_that_was_wished_for(
    acting: Acting, sent: Bodies, generation: str
) -> None:
    title = "" if generation == "v1" else "Prices"
    wishes, wanted = wished(acting, generation)
    about, expected = told(acting, generation, title)
    sent.clear()
    nonce = uuid.uuid4()
    response = acting.create("Make\r\na shop", nonce=nonce, **wishes, **about)
    assert response.status_code == 302, response.content.decode()
    ((path, body),) = sent
    mode = {"responseMode": "async"} if generation == "v1" else {}
    assert path == ("/v1/chats" if generation == "v1" else "/v2/chats/async")
    assert without_nonce(body, nonce) == {"message": "Make\na shop", **wanted, **expected, **mode}


def test_a_prompt_alone_leaves_everything_else_to_v0(
    acting: Acting, sent: Bodies, generation: str
) -> None:
    nonce = uuid.uuid4()
    acting.create("Make a shop", nonce=nonce)
    ((_, body),) = sent
    v1, v2 = {"responseMode": "async", "chatPrivacy": "team"}, {"privacy": "team"}
    expected = {"message": "Make a shop", "metadata": {}, **(v1 if generation == "v1" else v2)}
    assert without_nonce(body, nonce) == expected


# What the form begins with, the path in v2, and what each generation gets for it.
FILES = [
    {"name": "app/page.tsx", "content": "export default 1\n"},
    {"name": "b.md", "content": "B"},
]
PACKED = archive()
ZIP = data_url("application/zip", PACKED)
REPO = {"url": "{elsewhere}/acme/shop", "branch": "dev"}
BEGINNINGS: list[tuple[str, dict[str, object], str, dict[str, Any], dict[str, Any]]] = [
    ("files", {"file_name": ["app/page.tsx", "b.md"], "file_text": ["export default 1\r\n", "B"]},
     "from-files", {"files": FILES}, {"files": FILES}),
    ("zip", {"archive": PACKED}, "from-zip", {"zip": {"url": ZIP}}, {"url": ZIP}),
    ("zip", {"zip": "{elsewhere}/shop.zip"}, "from-zip",
     {"zip": {"url": "{elsewhere}/shop.zip"}}, {"url": "{elsewhere}/shop.zip"}),
    ("repo", {"repo": "{elsewhere}/acme/shop", "branch": "dev"}, "from-repo",
     {"repo": REPO}, {"repo": REPO}),
    ("registry", {"registry": "{elsewhere}/r/button.json"}, "",
     {"registry": {"url": "{elsewhere}/r/button.json"}}, {}),
    ("template", {"template": "tea-shop"}, "", {"templateId": "tea-shop"}, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("generation", "kind", "fields", "path", "v1", "v2"),
    # v2 has no registry and no templates; test_chats_begun.py tells that the form says so.
    [
        (generation, *beginning)
        for beginning in BEGINNINGS
        for generation in ("v1", "v2")
        if generation == "v1" or beginning[2]
    ],
    indirect=["generation"],
)
def test_code_arrives_as_it_was_given_and_its_prompt_follows(
    acting: Acting,
    sent: Bodies,
    elsewhere: str,
    generation: str,
    kind: str,
    fields: dict[str, object],
    path: str,
    v1: dict[str, Any],
    v2: dict[str, Any],
) -> None:
    given = placed(fields, elsewhere)
    if isinstance(given.get("archive"), bytes):
        given["archive"] = SimpleUploadedFile("shop.zip", PACKED)
    wishes, wanted = wished(acting, generation)
    about, expected = told(acting, generation, "From code")
    sent.clear()
    nonce = uuid.uuid4()
    response = acting.create("Go on", nonce=nonce, source=kind, **given, **wishes, **about)
    chat = Chat.objects.get()
    assert response["Location"] == f"{acting.base}{chat.upstream_id}/"
    (first, code), (second, prompt) = sent
    if generation == "v1":
        assert (first, second) == ("/v1/chats/init", f"/v1/chats/{chat.upstream_id}/messages")
        beginning = {"type": kind, **placed(v1, elsewhere)}
        wanted["responseMode"] = "async"
    else:
        assert first == f"/v2/chats/{path}"
        assert second == f"/v2/chats/{chat.upstream_id}/messages/async"
        beginning = placed(v2, elsewhere)
    assert without_nonce(code, nonce) == {**beginning, **expected}
    assert prompt == {"message": "Go on", **wanted}


def placed(value: Any, elsewhere: str) -> Any:
    """The same with the address of the test's server."""
    if isinstance(value, dict):
        return {name: placed(one, elsewhere) for name, one in value.items()}
    return value.replace("{elsewhere}", elsewhere) if isinstance(value, str) else value
