"""Real archives of a version's files, and reading those that are handed in. The same files give
the same bytes."""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime

from v0client.simulator.exchange import Refusal
from v0client.simulator.records import File

MOST_FILES, LARGEST_CONTENT = 2_000, 20_000_000


def zipped(files: Iterable[File], moment: float) -> bytes:
    """A .zip of the files."""
    buffer = io.BytesIO()
    stamp = datetime.fromtimestamp(moment, UTC).timetuple()[:6]
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.content)
    return buffer.getvalue()


def tarred(files: Iterable[File], moment: float) -> bytes:
    """A .tar.gz of the files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for file in files:
            data = file.content.encode()
            entry = tarfile.TarInfo(file.name)
            entry.size, entry.mtime = len(data), int(moment)
            archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(buffer.getvalue(), mtime=0)


def data_url(url: str) -> bytes:
    """The bytes of a base64 data URL; 422 for other addresses."""
    head, comma, rest = url.partition(",")
    if not head.startswith("data:") or not comma or not head.endswith(";base64"):
        raise Refusal(422, "This address could not be fetched; data URLs can be read")
    try:
        return base64.b64decode(rest, validate=True)
    except binascii.Error:
        raise Refusal(422, "The data URL is not valid base64") from None


def unzipped(data: bytes) -> list[File]:
    """The text files of a .zip; 422 for what is no archive, too large, or leaves its folder."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            total = sum(entry.file_size for entry in entries)
            if len(entries) > MOST_FILES or total > LARGEST_CONTENT:
                raise Refusal(422, "The archive is too large")
            if any(leaves_folder(entry.filename) for entry in entries):
                raise Refusal(422, "The archive contains paths outside its folder")
            return [File(e.filename, archive.read(e).decode("utf-8", "replace")) for e in entries]
    except zipfile.BadZipFile:
        raise Refusal(422, "The archive is not a zip file") from None


def leaves_folder(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/")
