"""Real archives of a version's files; the same files give the same bytes."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime

from v0client.simulator.records import File


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
