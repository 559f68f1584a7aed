"""What the page of a chat offers to whom; what it does not is there with the reason in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.actions import Invalid
from dashboard.actions.deployments import deploy_version
from dashboard.models import Chat, ChatSight, Membership, Version
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.controls_shown import held, offered
from v0client.simulator import Simulator

ClientOf = Callable[[Membership], Client]
CHANGES = {"Rename…", "Privacy…", "Project…", "Delete…"}
BEGINS = {"Fork", "Deploy", "Fork version 2…", "Deploy version 2…"}
ALWAYS = {"Compare version 2", "Fork tree", "Export as a web page", "Export as Markdown",
          "Export as JSON"}  # fmt: skip
NO_ROLE = "Your role is viewer. Members and above can do this."
NO_KEY = "You need a v0 key to do this."
DELETED = "This chat was deleted in v0, so it is read-only."


def read(client: Client, chat: Chat, **query: str) -> str:
    response = client.get(f"/t/{chat.team.slug}/chats/{chat.upstream_id}/", query)
    assert response.status_code == 200
    return response.text


def two_versions(cast: Cast, **fields: object) -> Chat:
    chat = make.chat(cast.team, web_url="https://v0.app/chat/x", **fields)
    for text in ("one", "two"):
        make.version(chat, files={"app/page.tsx": text})
    return chat


@pytest.fixture
def member(cast: Cast, client_of: ClientOf) -> Client:
    """Somebody with a key."""
    make.key(cast.member, "v0-demo-member")
    return client_of(cast.member)


@pytest.mark.parametrize("generation", ["v1", "v2"])
@pytest.mark.parametrize("role", ["member", "admin", "owner"])
def test_whoever_has_the_role_and_a_key_is_offered_everything(
    cast: Cast, client_of: ClientOf, role: str, generation: str
) -> None:
    person = cast.everyone()[role]
    make.key(person, f"v0-demo-{role}")
    chat = two_versions(cast, generation=generation)
    page = read(client_of(person), chat)
    assert {*CHANGES, *BEGINS, *ALWAYS, "Open in v0"} <= offered(page)
    carry = {} if generation == "v1" else {"Carry to v2…": "This chat is in v2 already."}
    assert held(page) == {"Restore": "This is the newest version."} | carry
    before = read(client_of(person), chat, version="1")
    assert "Restore" in offered(before)


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_a_viewer_sees_everything_that_others_can_do_and_why_not_they(
    cast: Cast, client_of: ClientOf, generation: str
) -> None:
    chat = two_versions(cast, generation=generation)
    page = read(client_of(cast.viewer), chat, version="1")
    reasons = held(page)
    barred = {one.replace("version 2", "version 1") for one in CHANGES | BEGINS}
    for name in {*barred, "Restore", f"Favourite: {chat.label}"}:
        assert reasons[name] == NO_ROLE, name
    assert reasons["Carry to v2…"] == (
        NO_ROLE if generation == "v1" else "This chat is in v2 already."
    )
    assert {one.replace("version 2", "version 1") for one in ALWAYS} <= offered(page)
    assert page.count(NO_ROLE) == 5  # once in the menu, once for each button


def test_a_member_without_a_key_is_told_to_add_one(cast: Cast, client_of: ClientOf) -> None:
    page = read(client_of(cast.member), two_versions(cast), version="1")
    reasons = held(page)
    for name in ("Rename…", "Delete…", "Carry to v2…"):
        assert reasons[name] == f"{NO_KEY} Add a v0 key"
    for name in ("Fork", "Deploy", "Restore"):
        assert reasons[name] == NO_KEY


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_with_keys_that_only_read_what_v0_would_refuse_is_not_offered(
    cast: Cast, client_of: ClientOf, generation: str
) -> None:
    key = make.key(cast.member, "v0-demo-member")
    chat = two_versions(cast, generation=generation, can_write=False)
    ChatSight.objects.create(chat=chat, key=key, can_write=False)
    page = read(client_of(cast.member), chat, version="1")
    reasons = held(page)
    for name in ("Rename…", "Privacy…", "Delete…", "Restore"):
        assert reasons[name] == (
            "Your keys can read this chat but not change it. Fork it to continue."
        )
    assert "Fork" in offered(page)
    # v1 keeps projects and favourites beside the chat, v2 in it.
    for name in ("Project…", f"Favourite: {chat.label}", "Deploy"):
        assert (name in reasons) == (generation == "v2"), name


def test_a_deleted_chat_can_be_forked_and_read(cast: Cast, member: Client) -> None:
    chat = two_versions(cast, gone_at=timezone.now())
    page = read(member, chat)
    reasons = held(page)
    for name in {*CHANGES, "Open in v0", "Deploy", "Restore", f"Favourite: {chat.label}"}:
        assert reasons[name] == DELETED, name
    assert {"Fork", "Fork version 2…", "Carry to v2…", *ALWAYS} <= offered(page)
    Version.objects.update(files_at=None)
    assert held(read(member, chat))["Fork"] == (
        "The files of this version are not stored here, so there is nothing to begin with."
    )


def test_a_deleted_chat_can_be_forked_with_a_key_that_never_saw_it(
    cast: Cast, client_of: ClientOf
) -> None:
    make.key(cast.owner, shared=True)
    page = read(client_of(cast.member), two_versions(cast, gone_at=timezone.now()))
    assert {"Fork", "Carry to v2…"} <= offered(page)


def test_an_earlier_state_of_v2_is_forked_from_its_files_and_not_deployed(
    cast: Cast, member: Client
) -> None:
    chat = two_versions(cast, generation="v2")
    page = read(member, chat, version="1")
    assert {"Fork", "Restore"} <= offered(page)
    assert held(page)["Deploy"] == (
        "v2 deploys a chat as it is now, not as it once was. Restore this version first."
    )
    Version.objects.update(files_at=None)
    reasons = held(read(member, chat, version="1"))
    assert reasons["Fork version 1…"].startswith("v2 duplicates a chat as it is now")
    assert "not stored here" in reasons["Fork version 1…"]
    assert "Fork" in offered(read(member, chat))


def test_v0_is_not_asked_to_deploy_an_earlier_state_of_v2(cast: Cast, simulator: Simulator) -> None:
    make.key(cast.owner)
    chat = two_versions(cast, generation="v2")
    old = chat.versions.get(number=1)
    old.chat = chat
    with pytest.raises(Invalid, match="Restore this version first"):
        deploy_version(member=cast.owner, version=old)
    assert not simulator.requests


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_while_v0_writes_what_would_disturb_it_waits(
    cast: Cast, member: Client, generation: str
) -> None:
    chat = two_versions(cast, generation=generation)
    Chat.objects.update(status="running", running_since=timezone.now())
    wait = "v0 is writing in this chat. Wait until it has finished."
    assert held(read(member, chat, version="1"))["Restore"] == wait
    page = read(member, chat)
    assert held(page)["Send"] == "You can send as soon as v0 has finished writing."
    assert {"Stop", "Rename…", "Fork", "Delete…"} <= offered(page)
    assert ("Deploy" in offered(page)) == (generation == "v1")
    assert held(page).get("Deploy", wait) == wait


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("failed", "Version 1 failed, so there is nothing to go on from."),
        ("pending", "Version 1 is not finished."),
        ("in-review", "Version 1 is not finished."),
        ("", "This chat has no version yet."),
    ],
)
def test_without_a_finished_version_nothing_goes_on_from_it(
    cast: Cast, member: Client, status: str, reason: str
) -> None:
    chat = make.chat(cast.team)
    if status:
        make.version(chat, status=status)
    reasons = held(read(member, chat))
    for name in ("Fork", "Deploy", "Restore"):
        assert reasons[name] == reason
    assert reasons["Carry to v2…"].startswith("No version of this chat is finished")
    assert ("Compare a version" in reasons) == (not status)
    assert reasons["Open in v0"] == "v0 did not tell this chat's address."


def test_choosing_a_version_changes_the_menu_with_it(cast: Cast, member: Client) -> None:
    chat = two_versions(cast)
    address = f"/t/{chat.team.slug}/chats/{chat.upstream_id}/?version=1"
    headers = {"HX-Request": "true", "HX-Target": "section#stage"}
    part = member.get(address, headers=headers).text
    assert '<hx-partial hx-target="#chat-menu"' in part
    assert "Fork version 1…" in offered(part)


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_a_failed_run_offers_its_remedies_or_says_why_not(
    cast: Cast, member: Client, client_of: ClientOf, role: str
) -> None:
    chat = make.chat(cast.team)
    make.message(chat, "Make a shop")
    make.message(
        chat, "It broke", role="assistant", finish_reason="error", created_at=make.AT + timedelta(1)
    )
    make.version(chat, status="failed")
    Chat.objects.update(status="failed")
    page = read(client_of(cast.everyone()[role]), chat)
    remedies = {"Fix with v0", "Send the prompt again"}
    if role == "member":
        assert remedies <= offered(page)
        return
    assert not remedies & offered(page)
    for name in remedies:
        assert held(page)[name] == "Your role is viewer. Members and above can send messages."


# ---- files --------------------------------------------------------------------------------------


def test_what_cannot_be_done_with_files_says_why(
    cast: Cast, member: Client, client_of: ClientOf
) -> None:
    chat = two_versions(cast)
    page = read(member, chat, tab="files")
    assert {"New file", "Edit", "Lock", "Delete…", "ZIP", "Tarball packed by v0"} <= offered(page)
    for client, reason in (
        (client_of(cast.viewer), "Your role is viewer. Members and above can change files."),
        (client_of(cast.admin), "You need a v0 key to change files."),
    ):
        told = held(read(client, chat, tab="files"))
        assert {told[name] for name in ("New file", "Edit", "Lock")} == {reason}
    old = "Only the newest version can be changed. Restore this one first."
    told = held(read(member, chat, tab="files", version="1"))
    assert {told[name] for name in ("New file", "Edit", "Lock")} == {old}


def test_what_v2_lacks_for_files_is_there_with_the_reason(cast: Cast, member: Client) -> None:
    chat = two_versions(cast, generation="v2")
    told = held(read(member, chat, tab="files"))
    assert told["Lock"] == "v2 has no locks on files."
    assert told["Tarball packed by v0"] == "v2 packs ZIP archives only."
    version = chat.versions.get(number=1)
    page = member.get(f"/t/{cast.team.slug}/chats/{chat.upstream_id}/versions/"
                      f"{version.upstream_id}/files/").text  # fmt: skip
    assert "ZIP packed by v0" in held(page)
    assert "Restore" in offered(page)


# ---- projects, new chats ------------------------------------------------------------------------


def test_projects_say_who_changes_them(cast: Cast, member: Client, client_of: ClientOf) -> None:
    project = make.project(cast.team)
    base = f"/t/{cast.team.slug}/projects/"
    pages = [base, f"{base}{project.upstream_id}/"]
    assert {"New project", "Edit", "New chat here"} <= offered("".join(
        member.get(page).text for page in pages
    ))  # fmt: skip
    told = [held(client_of(cast.viewer).get(page).text) for page in pages]
    assert told[0]["New project"] == ("Your role is viewer. Members and above can create projects.")
    assert told[1]["Edit"] == "Your role is viewer. Members and above can edit projects."
    assert told[1]["New chat here"] == "Your role is viewer. Members and above can begin chats."
    assert held(client_of(cast.admin).get(base).text)["New project"] == (
        "You need a v0 key to create projects."
    )
    project.gone_at = timezone.now()
    project.save(update_fields=["gone_at"])
    told_gone = held(member.get(pages[1]).text)
    assert (
        told_gone["Edit"]
        == told_gone["New chat here"]
        == ("This project was deleted in v0, so it is read-only.")
    )


def test_a_new_chat_says_who_may_begin_one_and_with_what(
    cast: Cast, member: Client, client_of: ClientOf
) -> None:
    base = f"/t/{cast.team.slug}/chats/"
    viewer, keyless = client_of(cast.viewer), client_of(cast.admin)
    assert held(viewer.get(base).text)["New chat"] == (
        "Your role is viewer. Members and above can begin chats."
    )
    assert "New chat" in offered(keyless.get(base).text)
    assert held(keyless.get(f"{base}new/").text)["Start chat"] == (
        "You need a v0 key to start a chat."
    )
    assert "Start chat" in offered(member.get(f"{base}new/").text)
