"""The pages of chats that are carried to v2: picking them, their progress, and the proof."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from django.test import Client

from dashboard.models import Carry, Chat, Membership
from dashboard.sync import carry as carrying
from dashboard.sync import store
from dashboard.upstream import connect
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.states import former_of
from tests.dashboard.syncing import new_chat
from v0client.simulator import Simulator

ClientOf = Callable[[Membership], Client]
SAME, OTHER = "a" * 64, "b" * 64


def test_chats_picked_in_the_list_are_carried_together(
    cast: Cast, client_of: ClientOf, simulator: Simulator
) -> None:
    key = make.key(cast.member, "v0-demo-member")
    made = [new_chat(simulator, f"Page {number}", "v0-demo-member") for number in range(2)]
    with connect(key) as remote:
        chats = [store.store_chat(key, remote.chat(one.id)) for one in made]
    client = client_of(cast.member)
    picked = {"chat": [chat.upstream_id for chat in chats]}
    response = client.post(f"/t/{cast.team.slug}/carries/start/", picked)
    assert response.status_code == 302
    running = client.get(response["Location"])
    assert "0 of 2" in running.text
    assert "data-poll" in running.text
    carrying.carry_due()
    done = client.get(response["Location"])
    assert done.text.count(">Carried<") == 2
    assert "data-poll" not in done.text
    assert Chat.objects.filter(generation="v2").count() == 2


def test_the_proof_names_every_file_and_what_became_of_it(cast: Cast, client_of: ClientOf) -> None:
    key = make.key(cast.member)
    version = make.version(make.chat(cast.team), files={"a.ts": "a"})
    files = [
        {"path": "a.ts", "before": SAME, "after": SAME},
        {"path": "gone.ts", "before": SAME, "after": ""},
        {"path": "other.ts", "before": SAME, "after": OTHER},
        {"path": "new.ts", "before": "", "after": OTHER},
    ]
    target = make.chat(cast.team, generation="v2")
    carry = make.carry(key, version, state="differs", files=files, target=target)
    url = f"/t/{cast.team.slug}/carries/{carry.pk}/"
    told = client_of(cast.viewer).get(url).text
    assert "1 of 4 files are the same" in told
    assert re.search(r'aria-current="page"[^>]*>(?:(?!</a>).)*Chats', told, re.S)  # the area
    for words in ("Missing in v2", "Only in v2", "Differs", "Same"):
        assert words in told
    assert told.index("gone.ts") < told.index(">a.ts<")
    assert "2 files that its list of the version leaves out" in told
    assert "as added: gone.ts, other.ts." in told
    assert "Try again" not in told
    assert "Try again" in client_of(cast.member).get(url).text


def test_what_was_carried_is_compared_whatever_was_edited_since(
    cast: Cast, client_of: ClientOf
) -> None:
    key, target = make.key(cast.member), make.chat(cast.team, generation="v2")
    version = make.version(make.chat(cast.team), files={"a.ts": "edited"})
    carried, made = former_of(version, {"a.ts": "a"}), make.version(target, files={"a.ts": "a"})
    make.version(target, files={"a.ts": "later"})
    name = made.files.get().content_id
    files = [{"path": path, "before": name, "after": name} for path in ("a.ts", "next.config.mjs")]
    carry = make.carry(key, version, state="done", files=files, target=target)
    client = client_of(cast.viewer)
    page = client.get(f"/t/{cast.team.slug}/carries/{carry.pk}/").text
    url = re.search(r'href="([^"]*/compare/[^"]*)"', page)
    assert url is not None
    shown = client.get(unescape(url[1])).context
    assert (shown["old"], shown["new"]) == (carried, made)
    assert shown["comparison"].differing == 0
    assert "version 1 before an edit</a>" in page
    assert "1 file that its list of the version leaves out" in page


def test_a_carry_of_a_hidden_chat_is_not_found(cast: Cast, client_of: ClientOf) -> None:
    hidden = make.version(make.chat(cast.team, name="Diary", privacy="private"))
    carry = make.carry(make.key(cast.member), hidden)
    client = client_of(cast.viewer)
    assert client.get(f"/t/{cast.team.slug}/carries/{carry.pk}/").status_code == 404
    assert "Diary" not in client.get(f"/t/{cast.team.slug}/carries/").text


def test_the_page_of_a_chat_carries_it_and_says_why_it_cannot(
    cast: Cast, client_of: ClientOf
) -> None:
    make.key(cast.member)
    newer = make.chat(cast.team, generation="v2")
    make.version(newer)
    base = f"/t/{cast.team.slug}/chats"
    refused = client_of(cast.member).post(f"{base}/{newer.upstream_id}/carry/")
    assert refused.status_code == 422
    assert "nothing to carry" in refused.text
    chat = make.version(make.chat(cast.team)).chat
    response = client_of(cast.member).post(f"{base}/{chat.upstream_id}/carry/")
    assert response["Location"] == f"/t/{cast.team.slug}/carries/{Carry.objects.get().pk}/"
