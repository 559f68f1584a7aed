"""Chats that begin with code, files that are attached, and what a prompt will probably cost."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dashboard.models import Chat, Membership, Submission
from dashboard.sync import follow
from tests import make
from tests.dashboard.chatting import Acting
from tests.dashboard.conftest import Cast
from tests.dashboard.prompting import posts
from v0client.simulator import Simulator

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(1000)


@pytest.fixture
def acting(simulator: Simulator, cast: Cast, client_of: Callable[[Membership], Client]) -> Acting:
    cast.team.generation = "v2"
    cast.team.save(update_fields=["generation"])
    return Acting(client_of(cast.member), make.key(cast.member, "v0-demo-member"), simulator)


@pytest.fixture
def acting_in_v1(acting: Acting, cast: Cast) -> Acting:
    cast.team.generation = "v1"
    cast.team.save(update_fields=["generation"])
    return acting


def packed(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def uploaded(content: bytes, name: str = "shop.zip") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def first_files(chat: Chat) -> dict[str, str]:
    version = chat.versions.get(number=1)
    return {row.path: row.content.text for row in version.files.select_related("content")}


def asked(simulator: Simulator, path: str) -> int:
    """How often v0 was asked to begin something there."""
    return posts(simulator, path)


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_files_and_a_prompt_make_a_chat_that_is_written_on(
    acting: Acting, cast: Cast, generation: str
) -> None:
    cast.team.generation = generation
    cast.team.save(update_fields=["generation"])
    response = acting.create(
        "Add a footer",
        source="files",
        title="From my files",
        file_name=["app/page.tsx", "notes.md", ""],
        file_text=["export default 1\r\n", "# Notes", ""],
    )
    chat = Chat.objects.get()
    assert response["Location"] == f"{acting.base}{chat.upstream_id}/"
    assert (chat.generation, chat.name, chat.status) == (generation, "From my files", "running")
    assert chat.messages.filter(content="Add a footer").exists()
    assert first_files(chat)["app/page.tsx"] == "export default 1\n"
    acting.finish()
    chat.refresh_from_db()
    assert (chat.status, chat.version_count) == ("ready", 2)


def test_code_without_a_prompt_generates_nothing(acting: Acting) -> None:
    acting.create("", source="zip", archive=uploaded(packed({"index.html": b"<p>Hi"})))
    follow.follow_due()
    chat = Chat.objects.get()
    assert (chat.status, first_files(chat)) == ("ready", {"index.html": "<p>Hi"})
    assert asked(acting.simulator, f"/v2/chats/{chat.upstream_id}/messages/async") == 0


@pytest.mark.parametrize("kind", ["registry", "template"])
def test_what_a_generation_lacks_is_disabled_with_the_reason(acting: Acting, kind: str) -> None:
    page = acting.client.get(f"{acting.base}new/").content.decode()
    assert f'value="{kind}" disabled' in page
    assert "v2 does not begin chats from a" in page
    assert "v2 has no setting for longer thinking" in page
    refused = acting.create("", source=kind, **{kind: "https://a.example/button.json"})
    assert refused.status_code == 422
    assert not Submission.objects.exists()


def test_v1_begins_with_a_template(acting_in_v1: Acting) -> None:
    acting_in_v1.create("", source="template", template="tea-shop", title="Tea")
    chat = Chat.objects.get()
    assert (chat.generation, chat.name) == ("v1", "Tea")
    assert asked(acting_in_v1.simulator, "/v1/chats/init") == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (packed({"../../etc/passwd": b"x"}), "leads out of the archive"),
        (packed({"zeros.txt": bytes(12_000_000)}), "far more than it is"),
        (packed({"page.tsx": b"export default 1" * 50})[:-60], "not a ZIP archive"),
        (b"no archive at all", "not a ZIP archive"),
        (packed({}), "contains no files"),
        (bytes(3_100_000), "3.1 MB; the most is 3 MB"),
    ],
    ids=["outside", "bomb", "cut", "other", "empty", "large"],
)
def test_a_bad_archive_is_refused_in_words_and_never_sent(
    acting: Acting, content: bytes, sentence: str
) -> None:
    response = acting.create("Go on", source="zip", archive=uploaded(content))
    assert response.status_code == (413 if "3 MB" in sentence else 422)
    assert sentence in response.content.decode()
    assert asked(acting.simulator, "/v2/chats/from-zip") == 0


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([f"{number}.md" for number in range(21)], "these are 21"),
        (["../up.md"], "no path inside a project"),
        (["a.md", "a.md"], "the same name"),
        ([""], "these are 0"),
    ],
)
def test_files_that_v0_would_not_take_are_refused_with_all_that_was_typed(
    acting: Acting, names: list[str], sentence: str
) -> None:
    texts = ["same old text" if name else "" for name in names]
    response = acting.create("Go on", source="files", file_name=names, file_text=texts)
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert page.count("same old text") == len([text for text in texts if text])
    assert asked(acting.simulator, "/v2/chats/from-files") == 0


def test_without_javascript_a_button_adds_a_row_and_judges_nothing(acting: Acting) -> None:
    response = acting.create("", source="files", more="file", file_name="a.md", file_text="Text")
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count('name="file_name"') == 2
    assert 'value="a.md"' in page
    assert "errorlist" not in page


def test_everything_that_may_go_with_a_prompt_reaches_v0(acting: Acting) -> None:
    fields = {
        "title": "Prices",
        "system": "Use Vue",
        "image_generations": "on",
        "model_id": "v0-max",
        "attachments": "https://www.figma.com/design/abc",
        "uploads": [uploaded(PICTURE, "logo.png"), uploaded(packed({"a": b"a"}), "icons.zip")],
        "skills": "vercel/next\r\nteam: brand\r\nproject: forms",
        "mcp_servers": "",
        "metadata": "ticket = 7\r\nclient=Tea & Co",
    }
    response = acting.create("Make a pricing page", **fields)
    assert response.status_code == 302, response.content.decode()
    chat = Chat.objects.get()
    assert chat.name == "Prices"
    assert {"ticket": "7", "client": "Tea & Co"}.items() <= chat.metadata.items()
    attached = chat.messages.get(role="user").attachments
    assert [one["url"][:20] for one in attached] == [
        "https://www.figma.co", "data:image/png;base6", "data:application/zip",
    ]  # fmt: skip
    page = acting.client.get(response["Location"]).content.decode()
    assert '<img src="data:image/png;base64,' in page
    assert "Picture, " in page
    assert "ZIP archive, " in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"skills": "a\nb\nc\nd"}, "at most 3 skills"),
        ({"metadata": "no sign"}, "name = value"),
        ({"metadata": f"{'n' * 41} = v"}, "1 to 40 characters"),
        ({"uploads": [uploaded(b"MZ", "run.exe")]}, "no image, Figma file or ZIP"),
        ({"uploads": [uploaded(bytes(20_000_000), "big.png")]}, "20.0 MB; the most is 2 MB"),
        ({"uploads": [uploaded(bytes(1_900_000), f"{n}.png") for n in "ab"]}, "more than 3 MB"),
        ({"source": "repo", "repo": "not an address"}, "is not an address"),
    ],
)
def test_limits_are_told_before_anything_is_sent(
    acting: Acting, fields: dict[str, object], sentence: str
) -> None:
    response = acting.create("Make a page", **fields)
    assert response.status_code == (413 if "MB" in sentence else 422)
    assert sentence in response.content.decode()
    assert "Make a page" in response.content.decode()
    assert not Submission.objects.exists()


def test_code_arrives_once_and_its_prompt_waits_where_it_was_refused(acting: Acting) -> None:
    nonce = uuid.uuid4()
    acting.simulator.faults.add("/v2/chats/*/messages/async", method="POST", status=403)
    fields = {"source": "files", "file_name": "a.md", "file_text": "Text", "nonce": nonce}
    first = acting.create("Add a footer", **fields)
    again = acting.create("Add a footer", **fields)
    assert first["Location"] == again["Location"]
    assert asked(acting.simulator, "/v2/chats/from-files") == 1
    moved = acting.client.get(first["Location"])
    assert moved["Location"] == f"{acting.base}{Chat.objects.get().upstream_id}/"
    page = acting.client.get(moved["Location"]).content.decode()
    assert "This was not sent." in page
    assert "Add a footer</textarea>" in page


def test_code_whose_answer_was_lost_is_found_and_its_prompt_offered(acting: Acting) -> None:
    acting.simulator.faults.add("/v2/chats/from-files", method="POST", reset="after")
    response = acting.create("Add a footer", source="files", file_name="a.md", file_text="Text")
    Submission.objects.update(follow_at="2020-01-01T00:00Z")
    follow.follow_due()
    page = acting.client.get(response["Location"]).content.decode()
    assert "the prompt has not been sent" in page
    chat, submission = Chat.objects.get(), Submission.objects.get()
    nonce = page.partition('name="nonce" value="')[2][:36]
    for _ in range(2):
        acting.post(f"{chat.upstream_id}/send/", nonce=nonce, prompt="Add a footer")
    assert asked(acting.simulator, f"/v2/chats/{chat.upstream_id}/messages/async") == 1
    assert acting.client.get(f"{acting.base}new/{submission.nonce}/")["Location"].endswith(
        f"/{chat.upstream_id}/"
    )


def test_a_refused_form_comes_back_with_its_lists_as_they_were_typed(acting: Acting) -> None:
    acting.simulator.faults.add("/v2/chats/from-repo", method="POST", status=403)
    response = acting.create(
        "Go on", source="repo", repo="https://github.com/a/b", branch="dev",
        skills="team: brand", metadata="ticket = 7",
    )  # fmt: skip
    assert response.status_code == 422
    page = response.content.decode()
    for typed in ("https://github.com/a/b", 'value="dev"', "team: brand", "ticket = 7"):
        assert typed in page


def test_the_estimate_is_the_range_of_what_similar_prompts_cost(acting: Acting, cast: Cast) -> None:
    for number in range(10):
        chat = make.chat(cast.team, generation="v2")
        for cost in (Decimal(number + 1) / 100, Decimal(9)):  # the first answer, and a later one
            make.message(chat, role="assistant", cost=cost, model="v0-max")
    page = acting.client.get(f"{acting.base}new/").content.decode()
    assert "<b>$0.019 to $0.091</b>" in page
    assert "last 10 first prompts with v0-max" in page
    assert "too few first prompts with v0-mini" in page
