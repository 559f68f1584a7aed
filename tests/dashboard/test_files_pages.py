"""The files of a version as pages: the tree, one file, what is found, and what is sent raw."""

from __future__ import annotations

import base64
import io
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from dashboard import packing
from dashboard.models import Chat, Content, Key, Membership, Version, VersionFile
from dashboard.sync.versions import content_of
from dashboard.upstream import v1_records
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import FileRecord
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import new_chat, run, v0
from v0client.simulator import Simulator
from v0client.v1.versions import File

pytestmark = pytest.mark.django_db
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HOSTILE = "<script>alert(1)</script>"
FILES = {
    "app/page.tsx": "export default function Page() {\n  return <h1>Tea</h1>\n}\n",
    "app/deep/down/leaf.ts": "export const leaf = 1\n",
    "README.md": "# Tea shop\n\nWith **strong** tea.\n\n<script>alert(1)</script>\n",
    "public/mark.svg": f"<svg xmlns='http://www.w3.org/2000/svg'>{HOSTILE}</svg>",
    "public/page.html": HOSTILE,
}


@pytest.fixture
def version(cast: Cast) -> Version:
    version = make.version(make.chat(cast.team, name="Tea shop"), files=FILES)
    encoded = base64.b64encode(PIXEL).decode()
    content = content_of(FileRecord("public/dot.png", encoded, encoding="base64"))
    content.save(force_insert=True)
    VersionFile.objects.create(version=version, path="public/dot.png", content=content)
    return version


class Reader:
    def __init__(self, client: Client, version: Version) -> None:
        self.client, self.version = client, version

    def get(self, what: str, **query: str) -> HttpResponse:
        chat = self.version.chat
        base = f"/t/{chat.team.slug}/chats/{chat.upstream_id}/versions"
        url = f"{base}/{self.version.upstream_id}/{what}/"
        return self.client.get(url, query)  # type: ignore[return-value]

    def page(self, **query: str) -> str:
        response = self.get("files", **query)
        assert response.status_code == 200
        return response.content.decode()


@pytest.fixture
def reader(cast: Cast, version: Version, client_of: Callable[[Membership], Client]) -> Reader:
    return Reader(client_of(cast.viewer), version)


def test_the_tree_nests_folders_and_opens_the_page_first(reader: Reader) -> None:
    pane = reader.get("files").context["pane"]
    app = pane.tree.folders["app"]
    # A folder with nothing but another has no line of its own.
    assert [file.name for file in app.folders["deep/down"].files] == ["leaf.ts"]
    assert list(app.folders) == ["deep/down"]
    assert [file.name for file in app.files if file.current] == ["page.tsx"]
    assert pane.shown.name == "app/page.tsx"
    assert '>app/</span><span class="truncate">page.tsx</span>' in reader.page()


def test_a_large_tree_opens_only_the_folders_that_matter(cast: Cast, reader: Reader) -> None:
    files = {f"lib/{number}.ts": str(number) for number in range(90)}
    reader.version = make.version(make.chat(cast.team), files=files | {"app/page.tsx": "x"})
    tree = reader.get("files").context["pane"].tree
    assert (tree.folders["app"].is_open, tree.folders["lib"].is_open) == (True, False)


def test_markdown_is_rendered_and_its_source_is_a_click_away(reader: Reader) -> None:
    page = reader.page(file="README.md")
    assert "<strong>strong</strong>" in page
    assert HOSTILE not in page
    source = reader.page(file="README.md", view="source")
    assert "**strong**" in source
    assert HOSTILE not in source


def test_images_are_shown_from_their_raw_address(reader: Reader) -> None:
    for path in ("public/dot.png", "public/mark.svg"):
        shown = reader.get("files", file=path).context["pane"].shown
        assert shown.is_image
        assert shown.raw_url in reader.page(file=path).replace("&amp;", "&")
    assert not reader.get("files", file="public/mark.svg", view="source").context["pane"].shown.why


@pytest.mark.parametrize(
    ("path", "kind", "saved"),
    [
        ("public/page.html", "text/plain; charset=utf-8", False),
        ("app/page.tsx", "text/plain; charset=utf-8", False),
        ("public/mark.svg", "image/svg+xml", True),
        ("public/dot.png", "image/png", False),
    ],
)
def test_what_is_sent_raw_runs_nothing_in_this_origin(
    reader: Reader, path: str, kind: str, saved: bool
) -> None:
    response = reader.get("raw", file=path)
    assert response["Content-Type"] == kind
    assert response["X-Content-Type-Options"] == "nosniff"
    policy = response["Content-Security-Policy"].split("; ")
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert response["Content-Disposition"].startswith("attachment" if saved else "inline")
    assert response.content == (PIXEL if path.endswith("png") else FILES[path].encode())
    download = reader.get("raw", file=path, download="")
    assert download["Content-Disposition"].startswith("attachment")


def test_a_binary_file_of_no_known_kind_is_saved_not_shown(reader: Reader) -> None:
    content = Content.objects.create(sha256="b" * 64, text="AAEC", is_binary=True, size=3)
    VersionFile.objects.create(version=reader.version, path="data.html", content=content)
    response = reader.get("raw", file="data.html")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert "This is not a text file" in reader.page(file="data.html")


def test_words_are_found_in_texts_and_names_and_marked(reader: Reader) -> None:
    page = reader.page(find="tea")
    assert "<mark>Tea</mark>" in page
    assert 'href="?file=' not in page
    assert "app%2Fpage.tsx#L2" in page
    assert HOSTILE not in reader.page(find=HOSTILE)
    assert "&lt;script&gt;" in reader.page(find=HOSTILE)
    assert "leaf.ts" in reader.page(find="LEAF.TS")
    assert "Nothing found" in reader.page(find="no such words")
    assert "at least 2 characters" in reader.page(find="x")


def test_a_line_that_is_found_is_on_the_page_it_leads_to(reader: Reader) -> None:
    found = reader.get("files", find="script").context["pane"].found
    assert {file.path for file in found.files} >= {"README.md", "public/mark.svg"}
    for hit in (hit for file in found.files for hit in file.hits):
        assert f'id="L{hit.number}"' in reader.client.get(hit.url).text


def test_what_is_found_is_bounded(cast: Cast, reader: Reader) -> None:
    long = "x" * 5000 + "needle" + "y" * 5000
    files = {"many.txt": "needle\n" * 5000, "long.txt": long}
    reader.version = make.version(make.chat(cast.team), files=files)
    found = reader.get("files", find="needle").context["pane"].found
    assert found.more
    assert found.total <= 300
    (wide,) = next(file for file in found.files if file.path == "long.txt").hits
    assert len(wide.html) < 400


def test_a_v2_state_that_was_never_current_says_so(cast: Cast, reader: Reader) -> None:
    chat = make.chat(cast.team, generation="v2")
    reader.version = make.version(chat, files_at=None)
    make.version(chat, files={"a.ts": "a"})
    page = reader.page()
    assert "These files were never here" in page


def unpacked(response: HttpResponse) -> dict[str, bytes]:
    packed = io.BytesIO(b"".join(response))  # type: ignore[arg-type]
    if response["Content-Type"] == "application/zip":
        with zipfile.ZipFile(packed) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    with tarfile.open(fileobj=packed) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]


@pytest.mark.parametrize("form", ["zip", "tarball"])
def test_the_stored_copy_is_packed_also_when_the_chat_is_gone(reader: Reader, form: str) -> None:
    Chat.objects.update(gone_at=timezone.now())
    response = reader.get("archive", form=form)
    expected = {path: text.encode() for path, text in FILES.items()} | {"public/dot.png": PIXEL}
    assert unpacked(response) == expected
    assert "tea-shop-v1." in response["Content-Disposition"]


def test_no_entry_of_an_archive_leads_outside() -> None:
    hostile = ["../../etc/passwd", "/absolute/x", "C:\\windows\\x", "a/./b", ".."]
    packed = packing.zipped([(path, b"x") for path in hostile], datetime(1970, 1, 1, tzinfo=UTC))
    names = zipfile.ZipFile(io.BytesIO(packed)).namelist()
    assert names == ["etc/passwd", "absolute/x", "windows/x", "a/b", "file"]


@pytest.fixture
def own(
    simulator: Simulator, cast: Cast, client_of: Callable[[Membership], Client]
) -> tuple[Key, Client]:
    return make.key(cast.owner), client_of(cast.owner)


def test_v0s_own_archive_comes_through_as_it_is(
    simulator: Simulator, own: tuple[Key, Client]
) -> None:
    key, client = own
    made = new_chat(simulator)
    run(key)
    reader = Reader(client, Version.objects.get(chat__upstream_id=made.id))
    for form in ("zip", "tarball"):
        files = unpacked(reader.get("archive", form=form, of="v0"))
        stored = reader.version.files.select_related("content")
        assert files == {row.path: row.content.data for row in stored}


def test_v2_packs_its_newest_files_alone(simulator: Simulator, own: tuple[Key, Client]) -> None:
    key, client = own
    with v0(simulator) as api:
        made = api.v2.chats.create_async(message="A shop").chat_id
        simulator.clock.advance(600)
        api.v2.messages.send_async(made, message="Add a form")
        simulator.clock.advance(600)
    run(key)
    first, newest = Version.objects.filter(chat__upstream_id=made).order_by("number")
    files = unpacked(Reader(client, newest).get("archive", form="zip", of="v0"))
    assert files.keys() == set(newest.files.values_list("path", flat=True))
    for version, form in ((first, "zip"), (newest, "tarball")):
        refused = Reader(client, version).get("archive", form=form, of="v0")
        assert refused.status_code == 302  # back to the files, with the reason


def test_an_archive_that_v0_refuses_is_told_in_words(
    simulator: Simulator, own: tuple[Key, Client]
) -> None:
    key, client = own
    made = new_chat(simulator)
    run(key)
    simulator.faults.add(f"/v1/chats/{made.id}/versions", status=429, times=9)
    version = Version.objects.get(chat__upstream_id=made.id)
    reader = Reader(client, version)
    response = reader.get("archive", form="zip", of="v0")
    assert response.status_code == 302
    assert "asks to slow down" in client.get(response["Location"]).content.decode()


def test_another_teams_files_stay_closed(
    cast: Cast, version: Version, client_of: Callable[[Membership], Client]
) -> None:
    outside = Reader(client_of(cast.outsider), version)
    for what in ("files", "raw", "archive"):
        assert outside.get(what, file="README.md", form="zip").status_code == 404


def test_the_count_of_what_differs_leads_to_the_comparison(reader: Reader) -> None:
    first = reader.version
    reader.version = make.version(first.chat, files=FILES | {"app/page.tsx": "new"})
    pane = reader.get("files").context["pane"]
    assert (pane.marked, pane.compared_with) == (2, 1)  # one changed, one image removed
    compared = reader.client.get(pane.compare_url).context
    assert (compared["old"], compared["new"]) == (first, reader.version)


def test_v1s_data_addresses_are_binary_files_and_nothing_else_is() -> None:
    def record(content: str) -> FileRecord:
        return v1_records.file(File(name="a.png", content=content, locked=False))

    encoded = base64.b64encode(PIXEL).decode()
    assert content_of(record(f"data:image/png;base64,{encoded}")).data == PIXEL
    for text in ("data: none", "data:text/plain,hello", f"x data:image/png;base64,{encoded}"):
        assert content_of(record(text)).data == text.encode()


def test_an_archive_that_breaks_off_never_looks_whole(
    simulator: Simulator, own: tuple[Key, Client]
) -> None:
    key, client = own
    made = new_chat(simulator)
    run(key)
    simulator.faults.add(f"/v1/chats/{made.id}/versions", cut_after=100)
    reader = Reader(client, Version.objects.get(chat__upstream_id=made.id))
    response = reader.get("archive", form="zip", of="v0")
    assert response.status_code == 200
    with pytest.raises(Refused, match="cannot be reached"):
        b"".join(response)  # type: ignore[arg-type]


def test_a_version_of_another_chat_is_not_found(reader: Reader, cast: Cast) -> None:
    reader.version.chat = make.chat(cast.team)
    assert reader.get("files").status_code == 404
