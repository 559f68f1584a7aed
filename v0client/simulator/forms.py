"""Reads multipart forms, byte for byte: the fields with their texts and files."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

from v0client.simulator.exchange import Refusal, Request


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `file_name` is None where it is no file."""

    name: str
    content: bytes
    content_type: str | None
    file_name: str | None


def multipart(request: Request) -> list[Field]:
    """The fields of a `multipart/form-data` body, in order; 422 for what is none."""
    head = Message()
    head["content-type"] = request.headers.get("content-type", "")
    boundary = head.get_param("boundary")
    if head.get_content_type() != "multipart/form-data" or not isinstance(boundary, str):
        raise Refusal(422, "The body is not multipart/form-data")
    # The line break before a boundary belongs to the boundary, so the first one gets one, too.
    _, *parts = (b"\r\n" + request.body).split(b"\r\n--" + boundary.encode("latin-1"))
    if not parts or not parts[-1].startswith(b"--"):
        raise Refusal(422, "The multipart body breaks off")
    return [field(part) for part in parts[:-1]]


def field(part: bytes) -> Field:
    """One part: what follows its boundary."""
    lines, _, content = part.partition(b"\r\n\r\n")
    headers = HeaderParser().parsestr(lines.strip().decode("utf-8", "replace"))
    name = headers.get_param("name", header="content-disposition")
    if not isinstance(name, str):
        raise Refusal(422, "A part of the multipart body has no name")
    return Field(name, content, headers["content-type"], headers.get_filename())
