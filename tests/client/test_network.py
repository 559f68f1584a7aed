"""The client on real sockets: servers that say nothing, hang up, or stop in the middle."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.client.backend import KEY, on_both_clients
from v0client import V0, AsyncV0, errors

HALF = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"


def hang_up(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def stop_in_the_middle(connection: socket.socket) -> None:
    connection.sendall(HALF)
    connection.close()


def say_nothing(connection: socket.socket) -> None:
    # Ends when the client gives up and closes its side.
    connection.recv(1)
    connection.close()


@contextmanager
def server(behave: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[bytes]]]:
    """A server on loopback that reads a request and then behaves; its address and the requests."""
    listener = socket.create_server(("127.0.0.1", 0))
    requests: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            received = connection.recv(65536)
            if not received:
                connection.close()
                return
            requests.append(received)
            behave(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", requests
    finally:
        # A connection without a request ends the thread, which may be waiting for one.
        socket.create_connection(listener.getsockname()).close()
        thread.join()
        listener.close()


def ask(kind: str, address: str, call: Callable[[Any], Any]) -> Any:
    options: Any = {"base_url": address, "timeout": 0.3, "max_retries": 1}

    async def ask_async() -> Any:
        async with AsyncV0(KEY, **options) as client:
            return await call(client)

    if kind == "asyncio":
        return asyncio.run(ask_async())
    with V0(KEY, **options) as client:
        return call(client)


@on_both_clients
@pytest.mark.parametrize("behave", [hang_up, stop_in_the_middle])
def test_a_broken_get_is_tried_again_and_a_broken_post_is_not(kind: str, behave: Any) -> None:
    with server(behave) as (address, requests), pytest.raises(errors.ConnectionFailed):
        ask(kind, address, lambda client: client.v1.user.get())
    assert len(requests) == 2
    with server(behave) as (address, requests), pytest.raises(errors.ConnectionFailed) as caught:
        ask(kind, address, lambda client: client.v1.chats.create(message="A page"))
    assert len(requests) == 1
    assert caught.value.maybe_sent


@on_both_clients
def test_a_server_that_says_nothing_is_given_up(kind: str) -> None:
    with server(say_nothing) as (address, requests), pytest.raises(errors.TimedOut):
        ask(kind, address, lambda client: client.v1.user.get())
    assert len(requests) == 2


@on_both_clients
def test_where_nobody_listens_not_even_a_post_can_have_been_seen(kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(errors.ConnectionFailed) as caught:
        ask(kind, address, lambda client: client.v1.chats.create(message="A page"))
    assert not caught.value.maybe_sent


def test_the_key_goes_where_it_belongs_and_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with server(hang_up) as (address, requests), pytest.raises(errors.ConnectionFailed):
        ask("blocking", address, lambda client: client.v1.chats.create(message="A page"))
    assert requests[0].count(KEY.encode()) == 1
    assert f"authorization: bearer {KEY}".encode() in requests[0].lower()
    assert caplog.records, "the HTTP library logs what it does"
    assert KEY not in caplog.text
