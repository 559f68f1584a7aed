"""Real archives of a version's files, and reading those that are handed in, of which nothing is
believed. The same files give the same bytes."""

from __future__ import annotations

import base64
import gzip
import io
import mimetypes
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime

from v0client.simulator.exchange import Refusal
from v0client.simulator.records import File

MOST_FILES, LARGEST_CONTENT, LONGEST_NAME = 2_000, 20_000_000, 500
# An entry that grows by more than this, and past what such files have, is no honest one.
STEEPEST_RATIO, HONEST_CONTENT = 100, 1_000_000
ENCRYPTED, UTF8_NAME = 0x1, 0x800
# What operating systems and git leave behind.
LITTER = re.compile(r"(^|/)(__MACOSX|\.git)/|(^|/)(\.DS_Store|Thumbs\.db)$")
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,  # packed in a way that Python does not know
    ValueError,
)


def zipped(files: Iterable[File], moment: float) -> bytes:
    """A .zip of the files."""
    buffer = io.BytesIO()
    stamp = datetime.fromtimestamp(moment, UTC).timetuple()[:6]
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data(file))
    return buffer.getvalue()


def tarred(files: Iterable[File], moment: float) -> bytes:
    """A .tar.gz of the files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for file in files:
            content = data(file)
            entry = tarfile.TarInfo(file.name)
            entry.size, entry.mtime = len(content), int(moment)
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(buffer.getvalue(), mtime=0)


def file(name: str, content: bytes) -> File:
    """A file as versions keep it: text as it is, anything else as a data URL."""
    try:
        if b"\0" not in content:
            return File(name, content.decode())
    except UnicodeDecodeError:
        pass
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return File(name, f"data:{kind};base64,{base64.b64encode(content).decode()}", binary=True)


def data(file: File) -> bytes:
    """What is in a file."""
    if file.binary:
        return base64.b64decode(file.content.partition(",")[2])
    return file.content.encode()


def path(name: str) -> str:
    """A file's name inside its folder; 422 for one that leads outside or that nobody can read."""
    name = name.replace("\\", "/")
    steps = name.split("/")
    if name.startswith("/") or ".." in steps or re.match(r"[A-Za-z]:", name):
        raise Refusal(422, f"The path {shown(name)} leads outside its folder")
    if len(name) > LONGEST_NAME or not all(map(str.isprintable, steps)):
        raise Refusal(422, f"The path {shown(name)} is too long or cannot be read")
    clean = "/".join(step for step in steps if step not in ("", "."))
    if not clean:
        raise Refusal(422, "A file has no name")
    return clean


def shown(name: str) -> str:
    """A name from outside, fit for a message."""
    return ascii(name[:80])


def unzipped(packed: bytes) -> list[File]:
    """The files of a .zip; 422 for what is no archive, too much, closed, or leaves its folder."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            entries = [one for one in archive.infolist() if not one.filename.endswith("/")]
            guard(entries)
            named = {name: entry for entry in entries if not LITTER.search(name := named_in(entry))}
            if not named:
                raise Refusal(422, "The archive contains no files")
            return [file(name, unpacked(archive, entry)) for name, entry in named.items()]
    except UnicodeDecodeError:
        raise Refusal(422, "The archive contains names that are not UTF-8") from None
    except UNREADABLE:
        raise Refusal(422, "The archive is not a zip file, or it is damaged") from None


def guard(entries: list[zipfile.ZipInfo]) -> None:
    """422 before anything is unpacked, by what the entries say of themselves."""
    if len(entries) > MOST_FILES:
        raise Refusal(422, f"The archive contains more than {MOST_FILES} files")
    if sum(entry.file_size for entry in entries) > LARGEST_CONTENT:
        raise Refusal(422, f"The archive contains more than {LARGEST_CONTENT // 10**6} MB")
    for entry in entries:
        ratio = entry.file_size / max(entry.compress_size, 1)
        if ratio > STEEPEST_RATIO and entry.file_size > HONEST_CONTENT:
            raise Refusal(422, "The archive unpacks to far more than it is")
        if entry.flag_bits & ENCRYPTED:
            raise Refusal(422, "The archive is encrypted")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Refusal(422, "The archive contains symbolic links")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refusal(422, "The archive is packed in a way that is not supported")


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The content of an entry. Only a bounded read stops where an entry lies about its size."""
    with archive.open(entry) as content:
        return content.read(entry.file_size + 1)


def named_in(entry: zipfile.ZipInfo) -> str:
    """The path of an entry. Many tools write UTF-8 without saying so."""
    name = entry.filename
    if not entry.flag_bits & UTF8_NAME:
        try:
            name = name.encode("cp437").decode()
        except UnicodeError:
            name = entry.filename
    return path(name)
