"""What the simulator makes of archives that are damaged, closed, too much, or meant to do harm."""

from __future__ import annotations

import contextlib
import io
import stat
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, strategies

from v0client.simulator import archives
from v0client.simulator.exchange import Refusal

Change = Callable[[zipfile.ZipInfo], None]


def packed(
    *entries: tuple[str, bytes], change: Change | None = None, method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A ZIP file of these entries, each changed as a test wants it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            if change:
                change(entry)
            archive.writestr(entry, content)
    return buffer.getvalue()


def link(entry: zipfile.ZipInfo) -> None:
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16


def encrypted(content: bytes) -> bytes:
    """The same archive, whose entry says in both places that it is encrypted."""
    changed = bytearray(content)
    changed[6] |= 1
    changed[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def lying(size: int) -> bytes:
    """An archive with an entry that says it is smaller than it is."""
    content = packed(("a.txt", b"0" * size))
    return content.replace(struct.pack("<I", size), struct.pack("<I", 1_000))


def misnamed() -> bytes:
    """An archive that calls a name UTF-8 that is none."""
    return packed(("größe", b"")).replace("ö".encode(), b"\xf6\xf6")


REFUSED = {
    "no archive": (b"hello", "not a zip"),
    "nothing": (b"", "not a zip"),
    "cut off": (packed(("a.txt", b"A" * 500))[:-30], "not a zip"),
    "empty": (packed(), "no files"),
    "only litter": (packed(("__MACOSX/._a", b""), (".git/HEAD", b"")), "no files"),
    "a folder up": (packed(("../a.txt", b"")), "outside"),
    "a folder up inside": (packed(("a/../../b.txt", b"")), "outside"),
    "a folder up on Windows": (packed(("a\\..\\b.txt", b"")), "outside"),
    "absolute": (packed(("/etc/passwd", b"")), "outside"),
    "absolute on Windows": (packed(("\\a.txt", b"")), "outside"),
    "a drive": (packed(("C:/a.txt", b"")), "outside"),
    "a symbolic link": (packed(("a", b"/etc"), change=link), "symbolic"),
    "encrypted": (encrypted(packed(("a.txt", b"A"))), "encrypted"),
    "packed otherwise": (packed(("a.txt", b"A"), method=zipfile.ZIP_LZMA), "not supported"),
    "a steep ratio": (packed(("a.txt", b"0" * 2_000_000)), "far more"),
    "too much": (packed(*((f"{i}.txt", bytes(range(256)) * 8_000) for i in range(11))), "20 MB"),
    "too many": (packed(*((f"{i}.txt", b"") for i in range(2_001))), "2000 files"),
    "a wrong size": (lying(900_000), "damaged"),
    "a name that is no text": (misnamed(), "not UTF-8"),
    "a name with a line break": (packed(("a\nb", b"")), "cannot be read"),
    "a long name": (packed(("a" * 501, b"")), "too long"),
    "no name": (packed(("./.", b"")), "no name"),
    "an empty name": (packed(("", b"")), "no name"),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=list(REFUSED))
def test_an_archive_that_cannot_be_trusted_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        archives.unzipped(content)
    assert refused.value.status == 422
    assert words in refused.value.message


class Silent(zipfile.ZipInfo):
    """An entry whose name is UTF-8 without saying so, as many tools write it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode(), self.flag_bits


def test_names_are_read_as_their_tools_meant_them() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(Silent("größe.md"), b"")
        archive.writestr("app\\page.tsx", b"")
        archive.writestr("./lib//größe.ts", b"")
        archive.writestr("folder/", b"")
    names = [file.name for file in archives.unzipped(buffer.getvalue())]
    assert names == ["größe.md", "app/page.tsx", "lib/größe.ts"]


WHOLE = packed(("app/page.tsx", b"export {}\n" * 40), ("größe.png", b"\x89PNG\0\xff" * 40))
Damage = list[tuple[int, int]]


@given(
    damage=strategies.lists(
        strategies.tuples(strategies.integers(0, len(WHOLE) - 1), strategies.integers(0, 255)),
        min_size=1,
        max_size=4,
    )
)
def test_a_damaged_archive_is_read_or_refused(damage: Damage) -> None:
    content = bytearray(WHOLE)
    for place, value in damage:
        content[place] = value
    with contextlib.suppress(Refusal):
        files = archives.unzipped(bytes(content))
        assert all(archives.path(file.name) == file.name for file in files)


@given(strategies.lists(strategies.tuples(strategies.text(), strategies.binary())))
def test_what_is_packed_comes_out_again(contents: list[tuple[str, bytes]]) -> None:
    files = []
    for name, content in dict(contents).items():
        with contextlib.suppress(Refusal):
            files.append(archives.file(archives.path(name), content))
    named = {file.name: file for file in files if not archives.LITTER.search(file.name)}
    if named:
        assert archives.unzipped(archives.zipped(named.values(), 1e9)) == list(named.values())
