"""Files: whole in chunks, whole on disk, or not there at all."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.client.backend import Body, Script, ask, on_both_clients
from v0client import V0, AsyncV0, errors, http

PIECES = [b"PK\x03\x04", b"a" * 70_000, b"end"]


def archive(failure: Exception | None = None) -> http.Response:
    headers = {"content-type": "application/zip; x=y", "content-length": "70007"}
    return http.Response(200, headers=headers, stream=Body(PIECES, failure))


def save(kind: str, answer: http.Response, path: Path) -> Path:
    transport = http.MockTransport(Script(answer))

    async def save_async() -> Path:
        async with (
            AsyncV0("key", transport=transport) as client,
            client.v1.chats.download_version("c1", "b1") as file,
        ):
            return await file.save(path)

    if kind == "asyncio":
        return asyncio.run(save_async())
    with (
        V0("key", transport=transport) as client,
        client.v1.chats.download_version("c1", "b1") as file,
    ):
        return file.save(path)


@on_both_clients
def test_a_file_is_handed_on_in_chunks(kind: str) -> None:
    script = Script(archive())
    content = ask(kind, script, lambda client: client.v1.chats.download_version("c1", "b1"))
    assert content == b"".join(PIECES)


def test_a_file_tells_its_type_and_size_before_it_is_read() -> None:
    with (
        V0("key", transport=http.MockTransport(Script(archive()))) as client,
        client.v1.chats.download_version("c1", "b1") as file,
    ):
        assert (file.content_type, file.size) == ("application/zip", 70_007)


@on_both_clients
def test_a_file_is_saved(kind: str, tmp_path: Path) -> None:
    saved = save(kind, archive(), tmp_path / "files.zip")
    assert saved.read_bytes() == b"".join(PIECES)
    assert list(tmp_path.iterdir()) == [tmp_path / "files.zip"]


@on_both_clients
def test_a_file_that_breaks_off_leaves_the_old_one_and_no_rest(kind: str, tmp_path: Path) -> None:
    (tmp_path / "files.zip").write_text("old")
    with pytest.raises(errors.ConnectionFailed):
        save(kind, archive(http.RemoteProtocolError("cut")), tmp_path / "files.zip")
    assert (tmp_path / "files.zip").read_text() == "old"
    assert list(tmp_path.iterdir()) == [tmp_path / "files.zip"]


def test_a_file_is_read_inside_its_block_only() -> None:
    script = Script(archive())
    with (
        V0("key", transport=http.MockTransport(script)) as client,
        pytest.raises(errors.InvalidRequest, match="with"),
    ):
        next(client.v1.chats.download_version("c1", "b1").chunks())
    assert script.requests == []
