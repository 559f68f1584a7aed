"""What a sync brings and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.models import (
    Author,
    Chat,
    ChatSight,
    Content,
    Deployment,
    Key,
    Message,
    Project,
    Snapshot,
    Version,
)
from dashboard.sync.bundles import Known, fetch_chat
from dashboard.sync.chats import save_chats, store_chat
from dashboard.upstream import connect
from tests import make
from tests.dashboard.conftest import Cast
from tests.dashboard.syncing import fill, new_chat, run, v0
from v0client.simulator import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(simulator: Simulator, cast: Cast) -> Key:
    return make.key(cast.owner)


def test_first_sync_brings_a_chat_with_all_that_belongs_to_it(
    simulator: Simulator, key: Key
) -> None:
    made = new_chat(simulator)
    finished = run(key)
    assert (finished.state, finished.errors) == ("done", {})
    chat = Chat.objects.get(upstream_id=made.id)
    assert (chat.status, chat.version_count, chat.privacy) == ("ready", 1, "private")
    assert chat.screenshot_url
    assert chat.dark_screenshot_url
    messages = Message.objects.filter(chat=chat).order_by("created_at", "pk")
    assert [message.role for message in messages] == ["user", "assistant"]
    version = Version.objects.get(chat=chat)
    assert (version.number, version.status) == (1, "completed")
    with v0(simulator) as client:
        upstream = client.v1.chats.get_version(made.id, version.upstream_id)
    stored = {file.path: file.content.text for file in version.files.select_related("content")}
    assert stored == {file.name: file.content for file in upstream.files}


def test_a_key_learns_who_it_belongs_to_and_names_the_author(
    simulator: Simulator, key: Key
) -> None:
    new_chat(simulator)
    run(key)
    key.refresh_from_db()
    person = simulator.person("owner@example.com")
    assert (key.upstream_user_id, key.upstream_email) == (person.id, person.email)
    assert len(key.scopes) == 2
    assert Chat.objects.get().author == Author.objects.get(upstream_id=person.id, name=person.name)
    assert key.last_used_at
    assert key.last_synced_at
    assert key.next_sync_at > timezone.now() + timedelta(minutes=4)


def test_plan_balance_and_limits_become_a_snapshot_only_when_they_change(
    simulator: Simulator, key: Key
) -> None:
    run(key)
    snapshot = Snapshot.objects.get()
    assert snapshot.balance_total
    assert snapshot.rate_limit
    assert snapshot.rate_reset_at
    assert abs(snapshot.rate_reset_at - timezone.now()) < timedelta(days=2)
    run(key)
    assert Snapshot.objects.count() == 1
    Snapshot.objects.update(taken_at=timezone.now() - timedelta(minutes=61))
    run(key)
    assert Snapshot.objects.count() == 2


def test_versions_are_numbered_from_the_oldest(simulator: Simulator, key: Key) -> None:
    made = new_chat(simulator)
    with v0(simulator) as client:
        for message in ("Make it blue", "Make it round"):
            client.v1.chats.send_message(made.id, message=message, response_mode="async")
            simulator.clock.advance(60)
        upstream = [version.id for version in client.v1.chats.find_versions(made.id)]
    run(key)
    stored = Version.objects.order_by("number").values_list("number", "upstream_id")
    assert list(stored) == list(enumerate(reversed(upstream), 1))


def test_a_content_is_stored_once(simulator: Simulator, key: Key) -> None:
    made = new_chat(simulator)
    with v0(simulator) as client:
        version = client.v1.chats.get_by_id(made.id).latest_version
        assert version is not None
        client.v1.chats.update_version(
            made.id,
            version.id,
            files=[{"name": "one.txt", "content": "same"}, {"name": "two.txt", "content": "same"}],
        )
    run(key)
    assert Content.objects.filter(text="same").count() == 1
    assert Content.objects.get(text="same").files.count() == 2


def test_files_that_are_changed_or_removed_in_v0_are_replaced(
    simulator: Simulator, key: Key
) -> None:
    made = new_chat(simulator)
    run(key)
    version = Version.objects.get()
    paths = set(version.files.values_list("path", flat=True))
    gone = sorted(paths)[0]
    simulator.clock.advance(5)
    with v0(simulator) as client:
        cut = client.v1.chats.delete_version_files(made.id, version.upstream_id, file_paths=[gone])
        client.v1.chats.update_version(
            made.id, version.upstream_id, files=[{"name": "new.txt", "content": "new"}]
        )
    run(key)
    assert set(version.files.values_list("path", flat=True)) == paths | {"new.txt"}
    newer = Version.objects.get(upstream_id=cut.id)
    assert set(newer.files.values_list("path", flat=True)) == paths - {gone}


def test_a_chat_knows_its_project_even_when_the_project_came_later(
    simulator: Simulator, key: Key
) -> None:
    made = new_chat(simulator)
    run(key)
    with v0(simulator) as client:
        project = client.v1.projects.create(name="Tea", instructions="Be brief")
        client.v1.projects.assign(project.id, chat_id=made.id)
    run(key)
    chat = Chat.objects.select_related("project").get()
    assert chat.project == Project.objects.get(upstream_id=project.id, instructions="Be brief")


def test_a_chat_that_was_taken_out_of_a_project_here_stays_out(
    simulator: Simulator, key: Key
) -> None:
    with v0(simulator) as client:
        first = client.v1.projects.create(name="First")
        second = client.v1.projects.create(name="Second")
        made = new_chat(simulator, project_id=first.id)
        run(key)
        chat = Chat.objects.get()
        chat.project, chat.unassigned_from = None, first.id
        chat.save(update_fields=["project", "unassigned_from"])
        client.v1.chats.update(made.id, name="Another name")
        run(key)
        chat.refresh_from_db()
        assert (chat.name, chat.project) == ("Another name", None)
        client.v1.projects.assign(second.id, chat_id=made.id)
        run(key)
    chat.refresh_from_db()
    assert chat.project is not None
    assert (chat.project.name, chat.unassigned_from) == ("Second", "")


def test_a_deployment_comes_with_its_log_and_its_state(simulator: Simulator, key: Key) -> None:
    good, bad = new_chat(simulator), new_chat(simulator, "Please break the build")
    with v0(simulator) as client:
        for made in (good, bad):
            version = client.v1.chats.get_by_id(made.id).latest_version
            assert version is not None
            client.v1.deployments.create(made.id, version.id)
    simulator.clock.advance(120)
    run(key)
    ready = Deployment.objects.get(chat__upstream_id=good.id)
    assert (ready.state, ready.follow_at) == ("ready", None)
    assert ready.lines.filter(text="Deployment completed").exists()
    assert ready.created_at == ready.lines.order_by("created_at")[0].created_at
    failed = Deployment.objects.get(chat__upstream_id=bad.id)
    assert (failed.state, failed.follow_at) == ("failed", None)
    assert failed.error_summary


def test_a_favourite_is_noticed_without_asking_for_the_chat(simulator: Simulator, key: Key) -> None:
    made = new_chat(simulator)
    run(key)
    simulator.store.chats[made.id].favorite = True
    simulator.store.forget(simulator.store.chats[made.id])
    requests = run(key).requests
    assert Chat.objects.get().favorite
    assert requests == run(key).requests


def test_a_deployment_of_an_unchanged_chat_is_noticed_within_a_few_runs(
    simulator: Simulator, key: Key
) -> None:
    made = [new_chat(simulator, f"Page {number} about tea") for number in range(5)]
    run(key)
    with v0(simulator) as client:
        for chat in made:
            version = client.v1.chats.get_by_id(chat.id).latest_version
            assert version is not None
            client.v1.deployments.create(chat.id, version.id)
    simulator.clock.advance(200)
    found = []
    for _ in range(3):
        assert run(key).state == "done"
        found.append(Deployment.objects.count())
    assert found == [2, 4, 5]
    assert set(Deployment.objects.values_list("state", flat=True)) == {"ready"}


def test_two_keys_of_a_team_share_one_row_and_the_second_asks_only_for_what_is_new(
    simulator: Simulator, cast: Cast, key: Key
) -> None:
    shared = new_chat(simulator, chat_privacy="team")
    new_chat(simulator, key="v0-demo-member")
    run(key)
    other = make.key(cast.member, "v0-demo-member")
    run(other)
    assert Chat.objects.count() == 2
    assert ChatSight.objects.filter(chat__upstream_id=shared.id).count() == 2
    asked = [r.path for r in simulator.requests if r.key == "v0-demo-member"]
    assert f"/v1/chats/{shared.id}" not in asked


def test_nothing_changed_costs_little(simulator: Simulator, key: Key) -> None:
    fill(simulator, 70)
    assert run(key).state == "done"
    assert Chat.objects.count() >= 70
    simulator.requests.clear()
    finished = run(key)
    assert finished.requests == len(simulator.requests) <= Chat.objects.count() / 60 + 12


def test_one_changed_chat_adds_at_most_six_requests(simulator: Simulator, key: Key) -> None:
    fill(simulator, 70)
    run(key)
    unchanged = run(key).requests
    with v0(simulator) as client:
        made = client.v1.chats.find().first().data[5]
        client.v1.chats.send_message(made.id, message="Make it blue", response_mode="async")
        simulator.clock.advance(90)
        version = client.v1.chats.get_by_id(made.id).latest_version
        assert version is not None
        client.v1.deployments.create(made.id, version.id)
        simulator.clock.advance(90)
    assert run(key).requests <= unchanged + 6
    assert Deployment.objects.get(version__upstream_id=version.id).state == "ready"


def test_the_mirror_equals_what_v0_has(simulator: Simulator, key: Key) -> None:
    simulator.seed = "demo"
    simulator.reset()
    finished = run(key)
    assert (finished.state, finished.errors) == ("done", {})
    assert Deployment.objects.filter(state="failed").exists()
    assert_mirrored(simulator)


def test_an_older_answer_does_not_overwrite_a_newer_one(simulator: Simulator, key: Key) -> None:
    """A sync fetched the chat; before it stores that, somebody renames the chat here."""
    made = new_chat(simulator)
    with connect(key) as remote:
        fetched = fetch_chat(remote, made.id, Known())
        simulator.clock.advance(5)
        store_chat(key, remote.rename_chat(made.id, "New name"))
        save_chats(key, [fetched])
    assert Chat.objects.get().name == "New name"


def assert_mirrored(simulator: Simulator) -> None:
    """Row by row what the owner sees in v0: no duplicates, no holes."""
    owner = simulator.person("owner@example.com")
    seen = [*simulator.store.listed(owner), *simulator.store.listed(owner, "v2")]
    assert set(Chat.objects.values_list("upstream_id", flat=True)) == {chat.id for chat in seen}
    for chat in Chat.objects.prefetch_related("messages", "versions__files"):
        upstream = simulator.store.chats[chat.upstream_id]
        assert {m.upstream_id for m in chat.messages.all()} == {m.id for m in upstream.messages}
        if upstream.generation == "v2":
            continue
        versions = sorted(chat.versions.all(), key=lambda version: version.number)
        assert [v.upstream_id for v in versions] == [v.id for v in upstream.versions]
        assert [v.number for v in versions] == list(range(1, len(versions) + 1))
        assert all(v.files.all() and v.files_at for v in versions if v.status == "completed")
    deployments = {
        d.id for d in simulator.store.deployments.values() if d.chat_id in {c.id for c in seen}
    }
    assert set(Deployment.objects.values_list("upstream_id", flat=True)) == deployments
