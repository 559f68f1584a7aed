"""ZIP archives that people hand in: what is wrong with one, before v0 gets it. Nothing is unpacked
to disk, and nothing that an archive says of itself is believed."""

from __future__ import annotations

import io
import re
import stat
import zipfile

from dashboard.packing import UNREADABLE

MOST_FILES = 2_000
LARGEST_CONTENT = 50_000_000
STEEPEST_RATIO, HONEST_CONTENT = 100, 1_000_000  # more than that is made to swell
ENCRYPTED = 0x1
PIECE = 64 * 1024
BROKEN = "This is not a ZIP archive, or it is damaged. Pack it again and retry."


def is_inside(path: str) -> bool:
    """Whether a path stays in its folder, on any system."""
    steps = path.replace("\\", "/").split("/")
    return not (steps[0] == "" or ".." in steps or re.match(r"[A-Za-z]:", path))


def wrong(content: bytes) -> str:
    """What is wrong with an archive, in words; "" where nothing is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            return wrong_list(entries) or wrong_content(archive, entries)
    except UNREADABLE:
        return BROKEN


def wrong_list(entries: list[zipfile.ZipInfo]) -> str:
    """By what the archive says of itself."""
    if not entries:
        return "This archive contains no files."
    if len(entries) > MOST_FILES:
        return f"This archive contains {len(entries):,} files; the most is {MOST_FILES:,}."
    for entry in entries:
        if not is_inside(entry.filename):
            return f"“{entry.filename[:80]}” leads out of the archive's folder."
        if entry.flag_bits & ENCRYPTED:
            return "This archive is encrypted. Pack it without a password."
        if stat.S_ISLNK(entry.external_attr >> 16):
            return f"“{entry.filename[:80]}” is a link to another file. Pack the file itself."
    return ""


def wrong_content(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> str:
    """By reading it all, no further than an honest archive goes; checksums are compared."""
    whole = 0
    for entry in entries:
        size, most = 0, max(HONEST_CONTENT, entry.compress_size * STEEPEST_RATIO)
        with archive.open(entry) as opened:
            while piece := opened.read(PIECE):
                size, whole = size + len(piece), whole + len(piece)
                if size > most or whole > LARGEST_CONTENT:
                    return "This archive unpacks to far more than it is. It is not sent to v0."
    return ""
