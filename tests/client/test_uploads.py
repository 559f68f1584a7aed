"""Files that are sent: from a path, or from a file that is open already."""

from __future__ import annotations

import io
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any

import pytest

from tests.client.backend import Script, answered, ask, on_both_clients
from v0client import http
from v0client.calls import Call, Resource, Upload, operation
from v0client.shapes import Shape

CONTENT = bytes(range(256)) * 700


class Stored(Shape):
    """The answer to an upload."""

    url: str


class Files(Resource[Any]):
    """A resource of this test's own."""

    _name = "v1.files"

    @operation
    def put(self, file: Any, name: str | None = None) -> Call[Stored]:
        """Upload a file."""
        return Call("POST", "v1/files", Stored, upload=Upload(file, name))


def sent(kind: str, file: Any, name: str | None = None) -> tuple[str | None, bytes]:
    """The file name and the content that arrived in the field `file`."""
    seen: list[tuple[str, bytes]] = []

    def receive(request: http.Request) -> http.Response:
        seen.append((request.headers["content-type"], request.content))
        return answered({"url": "https://v0.test/a"})

    stored = ask(kind, receive, lambda client: Files(client._connection).put(file, name))
    assert type(stored) is Stored
    content_type, body = seen[0]
    message = BytesParser(policy=HTTP).parsebytes(
        f"content-type: {content_type}\r\n\r\n".encode() + body
    )
    (part,) = message.iter_parts()
    assert part.get_param("name", header="content-disposition") == "file"
    return part.get_filename(), part.get_payload(decode=True)


@on_both_clients
def test_a_file_is_sent_from_its_path(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "shot.png"
    path.write_bytes(CONTENT)
    assert sent(kind, path) == ("shot.png", CONTENT)
    assert sent(kind, str(path), "other.png") == ("other.png", CONTENT)


@on_both_clients
def test_an_open_file_is_sent_and_stays_open(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "shot.png"
    path.write_bytes(CONTENT)
    with path.open("rb") as file:
        assert sent(kind, file) == ("shot.png", CONTENT)
        assert not file.closed
    assert sent(kind, io.BytesIO(CONTENT)) == ("file", CONTENT)


@on_both_clients
def test_a_file_that_is_not_there_is_told_before_anything_is_sent(
    kind: str, tmp_path: Path
) -> None:
    script = Script(answered({}))
    with pytest.raises(FileNotFoundError):
        ask(kind, script, lambda client: Files(client._connection).put(tmp_path / "no.png"))
    assert script.requests == []
