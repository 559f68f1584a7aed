"""How the chat list grows with the team, as ratios within one run."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone

from dashboard.models import Author, Chat, ChatSight, Key, Membership, Project, Role, Team, User

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
ROUNDS = 40
QUERIES = (
    "",
    "?q=pricing",
    "?q=rare",
    "?q=ra",
    "?q=zz",
    "?sort=created",
    "?privacy=private",
    "?favorite=on",
)


def team_with(chats: int) -> Membership:
    """A team whose owner's key sees `chats` chats, a third of them private."""
    team = Team.objects.create(name=f"Team of {chats}", slug=f"team-{chats}")
    user = User.objects.create_user(f"owner-{chats}@example.com", "x")
    member = Membership.objects.create(team=team, user=user, role=Role.OWNER)
    key = Key.objects.create(
        team=team, owner=user, label="Key", last_four="0000", fingerprint=str(chats)
    )
    now = timezone.now()
    project = Project.objects.create(
        team=team, upstream_id="p", name="Shop", privacy="team", created_at=now, updated_at=now
    )
    author = Author.objects.create(team=team, upstream_id="a", name="Ada")
    rows = Chat.objects.bulk_create(
        (
            Chat(
                team=team,
                upstream_id=f"c{chats}-{number}",
                # Sixty of them wherever they are, so that a search has as many rows to show.
                name=f"{'Pricing' if number % (chats // 60) else 'Rare'} page number {number}",
                privacy="private" if number % 3 == 0 else "team",
                author=author,
                project=project,
                status=Chat.Status.READY,
                created_at=now - timedelta(minutes=number),
                updated_at=now - timedelta(minutes=number),
            )
            for number in range(chats)
        ),
        batch_size=5000,
    )
    ChatSight.objects.bulk_create((ChatSight(chat=chat, key=key) for chat in rows), batch_size=5000)
    return member


def seconds(client: Client, path: str) -> float:
    started = time.perf_counter()
    response = client.get(path)
    took = time.perf_counter() - started
    assert response.status_code == 200
    return took


def ratio(first: tuple[Client, str], second: tuple[Client, str]) -> float:
    """Median time of the first page over that of the second, taken in turns."""
    for client, path in (first, second):
        seconds(client, path)
    pairs = [(seconds(*first), seconds(*second)) for _ in range(ROUNDS)]
    return statistics.median(a for a, _ in pairs) / statistics.median(b for _, b in pairs)


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def small() -> Membership:
    return team_with(1_000)


@pytest.fixture
def large(small: Membership) -> Membership:
    member = team_with(100_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return member


def test_the_list_of_a_large_team_is_as_fast_as_that_of_a_small_one(
    small: Membership, large: Membership
) -> None:
    found = {}
    for query in QUERIES:
        found[query] = ratio(
            (signed_in(large), f"/t/{large.team.slug}/chats/{query}"),
            (signed_in(small), f"/t/{small.team.slug}/chats/{query}"),
        )
        print(f"\nchat list{query}, 100,000 chats over 1,000: {found[query]:.2f} (at most 1.3)")
    assert max(found.values()) <= 1.3


def test_the_list_costs_little_more_than_its_frame(
    small: Membership, settings: LazySettings
) -> None:
    settings.ROOT_URLCONF = "tests.bench.empty_page"
    client = signed_in(small)
    found = ratio(
        (client, f"/t/{small.team.slug}/chats/"), (client, f"/t/{small.team.slug}/empty/")
    )
    print(f"\nchat list over an empty page: {found:.2f} (at most 4)")
    assert found <= 4
