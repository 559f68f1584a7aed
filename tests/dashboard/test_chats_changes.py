"""What people do with chats: from the form they send to what v0 and the database say then."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from dashboard.models import Activity, Chat, Membership
from tests import make
from tests.dashboard.chatting import Acting
from tests.dashboard.conftest import Cast

ClientOf = Callable[[Membership], Client]


def test_a_message_goes_on_with_the_chat(acting: Acting) -> None:
    chat = acting.chat()
    response = acting.post(f"{chat.upstream_id}/send/", nonce=uuid.uuid4(), prompt="Add an FAQ")
    assert response["Location"] == f"{acting.base}{chat.upstream_id}/"
    acting.finish()
    page = acting.client.get(response["Location"]).content.decode()
    assert "Add an FAQ" in page
    assert "Version 2" in page


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("?tab=files&file=app%2Fpage.tsx&version=1", "?tab=files&file=app%2Fpage.tsx"),
        ("?version=1", ""),
    ],
)
def test_what_is_open_beside_the_conversation_stays_open(
    acting: Acting, before: str, after: str
) -> None:
    chat = acting.chat()
    page = f"{acting.base}{chat.upstream_id}/"
    response = acting.client.post(
        f"{page}send/",
        {"nonce": uuid.uuid4(), "prompt": "Add an FAQ"},
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}{before}"},
    )
    assert response["HX-Redirect"] == page + after


def test_an_empty_message_comes_back_in_the_composer(acting: Acting) -> None:
    chat = acting.chat()
    headers = {"HX-Request": "true", "HX-Target": "div#composer"}
    response = acting.client.post(
        f"{acting.base}{chat.upstream_id}/send/",
        {"nonce": uuid.uuid4(), "prompt": " ", "attachments": "https://a.example/kept.png"},
        headers=headers,
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "Write what v0 should do." in page
    assert "https://a.example/kept.png" in page
    assert "<html" not in page


def test_a_chat_is_renamed_shared_favoured_and_assigned(acting: Acting) -> None:
    chat, shop = acting.chat(), acting.project("Shop")
    path = chat.upstream_id
    assert acting.post(f"{path}/rename/", name="Prices").status_code == 302
    assert acting.post(f"{path}/privacy/", privacy="unlisted").status_code == 302
    assert acting.post(f"{path}/favorite/", favorite="true").status_code == 302
    assert acting.post(f"{path}/assign/", project=shop.upstream_id).status_code == 302
    told = acting.upstream(chat)
    assert (told["name"], told["privacy"], told["favorite"]) == ("Prices", "unlisted", True)
    chat.refresh_from_db()
    assert (chat.name, chat.privacy, chat.favorite, chat.project) == (
        "Prices", "unlisted", True, shop,
    )  # fmt: skip
    history = acting.client.get(f"{acting.base}{path}/", {"tab": "history"}).content.decode()
    assert "<ins>Prices</ins>" in history
    assert "<ins>Shop</ins>" in history


def test_taking_a_chat_out_of_its_project_is_told_to_hold_here_only(acting: Acting) -> None:
    shop = acting.project("Shop")
    chat = acting.chat(project=shop.upstream_id)
    page = acting.client.get(f"{acting.base}{chat.upstream_id}/assign/").content.decode()
    assert "applies in this dashboard only" in page
    acting.post(f"{chat.upstream_id}/assign/", project="")
    chat.refresh_from_db()
    assert chat.project is None
    assert chat.unassigned_from == shop.upstream_id


def test_the_star_answers_with_itself_and_says_what_v0_refused(acting: Acting) -> None:
    chat = acting.chat()
    headers = {"HX-Request": "true", "HX-Target": f"button#star-{chat.pk}"}
    url = f"{acting.base}{chat.upstream_id}/favorite/"
    on = acting.client.post(url, {"favorite": "true"}, headers=headers)
    assert 'aria-pressed="true"' in on.content.decode()
    assert "<html" not in on.content.decode()
    acting.simulator.faults.add(f"/v1/chats/{chat.upstream_id}/favorite", status=403)
    off = acting.client.post(url, {"favorite": "false"}, headers=headers)
    assert 'aria-pressed="true"' in off.content.decode()
    assert '"tone": "bad"' in off["HX-Trigger"]


def test_a_refusal_of_v0_is_shown_in_the_form_it_came_from(acting: Acting) -> None:
    chat = acting.chat()
    acting.simulator.faults.add(f"/v1/chats/{chat.upstream_id}", method="PATCH", status=403)
    response = acting.post(f"{chat.upstream_id}/rename/", name="Never")
    page = response.content.decode()
    assert response.status_code == 422
    assert 'role="alert"' in page
    assert 'value="Never"' in page
    chat.refresh_from_db()
    assert chat.name != "Never"


def test_deleting_asks_first_and_keeps_a_tombstone(acting: Acting) -> None:
    chat = acting.chat()
    asked = acting.client.get(f"{acting.base}{chat.upstream_id}/delete/").content.decode()
    assert "30 days" in asked
    response = acting.post(f"{chat.upstream_id}/delete/")
    assert response["Location"] == acting.base
    page = acting.client.get(f"{acting.base}{chat.upstream_id}/").content.decode()
    assert "This chat was deleted." in page
    assert "Member deleted it" in page
    assert "Make a pricing page" in page
    again = acting.post(f"{chat.upstream_id}/rename/", name="Ghost")
    assert again.status_code == 422
    assert "deleted" in again.content.decode()


def test_a_fork_leads_to_the_new_chat_and_names_its_source(acting: Acting) -> None:
    chat = acting.chat()
    version = chat.versions.get()
    path = f"{chat.upstream_id}/versions/{version.upstream_id}/fork/"
    response = acting.post(path, privacy="team")
    made = Chat.objects.get(forked_from=chat)
    assert response["Location"] == f"{acting.base}{made.upstream_id}/"
    page = re.sub(r"\s+", " ", acting.client.get(response["Location"]).content.decode())
    assert f"{chat.label}, version 1" in page
    assert made.privacy == "team"


def test_a_deployment_leads_to_its_page(acting: Acting) -> None:
    chat = acting.chat()
    version = chat.versions.get()
    response = acting.post(f"{chat.upstream_id}/versions/{version.upstream_id}/deploy/")
    deployment = version.deployments.get()
    assert response["Location"].endswith(f"/deployments/{deployment.upstream_id}/")
    page = acting.client.get(f"{acting.base}{chat.upstream_id}/?tab=deployments").content.decode()
    assert deployment.upstream_id in page


def test_many_chats_are_changed_at_once(acting: Acting) -> None:
    chats, shop = [acting.chat(), acting.chat()], acting.project("Shop")
    ids = [chat.upstream_id for chat in chats]
    acting.post("bulk/", do="favorite", chat=ids, back=f"{acting.base}?sort=name")
    response = acting.post("bulk/", do="assign", chat=ids, project=shop.upstream_id)
    assert Chat.objects.filter(favorite=True, project=shop).count() == 2
    page = acting.client.get(response["Location"]).content.decode()
    assert "2 chats assigned to the project." in page


def test_many_chats_are_deleted_only_after_a_second_yes(acting: Acting) -> None:
    chats = [acting.chat(), acting.chat()]
    ids = [chat.upstream_id for chat in chats]
    asked = acting.post("bulk/", do="delete", chat=ids)
    assert asked.status_code == 200
    assert chats[0].label in asked.content.decode()
    assert not Chat.objects.exclude(gone_at=None).exists()
    acting.simulator.faults.add(f"/v1/chats/{ids[0]}", method="DELETE", status=403)
    done = acting.post("bulk/", do="delete", chat=ids, sure="yes")
    page = acting.client.get(done["Location"]).content.decode()
    assert "1 chat deleted." in page
    assert "1 not:" in page
    assert Chat.objects.exclude(gone_at=None).get() == chats[1]


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:1", ""])
def test_the_bulk_bar_goes_back_only_to_pages_of_ours(acting: Acting, back: str) -> None:
    response = acting.post("bulk/", do="nothing", back=back)
    assert response["Location"] == acting.base


def test_bulk_changes_touch_no_chat_that_the_member_cannot_see(acting: Acting, cast: Cast) -> None:
    hidden = make.chat(cast.team, privacy="private", seen_by=make.key(cast.admin, "v0-demo-admin"))
    foreign = make.chat(cast.outsider.team)
    acting.post("bulk/", do="favorite", chat=[hidden.upstream_id, foreign.upstream_id])
    assert not Chat.objects.filter(favorite=True).exists()
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["new/", "bulk/", "{chat}/send/", "{chat}/rename/", "{chat}/privacy/", "{chat}/favorite/",
     "{chat}/assign/", "{chat}/delete/", "{chat}/versions/{version}/fork/",
     "{chat}/versions/{version}/deploy/"],
)  # fmt: skip
def test_a_viewer_can_do_none_of_it(cast: Cast, client_of: ClientOf, path: str) -> None:
    chat = make.chat(cast.team)
    version = make.version(chat)
    filled = path.format(chat=chat.upstream_id, version=version.upstream_id)
    response = client_of(cast.viewer).post(f"/t/{cast.team.slug}/chats/{filled}", {"do": "delete"})
    assert response.status_code == 403


@pytest.mark.parametrize("path", ["{chat}/rename/", "{chat}/favorite/", "{chat}/delete/",
                                  "{chat}/versions/{version}/deploy/"])  # fmt: skip
def test_nothing_can_be_done_with_a_chat_one_cannot_see(
    acting: Acting, cast: Cast, path: str
) -> None:
    hidden = make.chat(cast.team, privacy="private", seen_by=make.key(cast.admin, "v0-demo-admin"))
    for chat in (hidden, make.chat(cast.outsider.team)):
        filled = path.format(chat=chat.upstream_id, version=make.version(chat).upstream_id)
        assert acting.post(filled).status_code == 404
