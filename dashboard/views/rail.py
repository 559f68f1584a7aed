"""A chat's versions for its rail: with their authors, costs, and how many files they changed."""

from __future__ import annotations

from dashboard.models import Chat, Version

# v0 tells neither author nor cost with a version: it belongs to the last prompt before it, whose
# turn ends with the next prompt. Of several versions of a turn, the newest tells the cost.
# `size` counts files that are not those of the version before (NULL where one is not stored).
VERSIONS = """
WITH turns AS (
  SELECT turn, min(created_at) AS began, sum(cost) AS cost,
         min(author_id) FILTER (WHERE role = 'user') AS author_id
  FROM (
    SELECT created_at, cost, author_id, role,
           count(*) FILTER (WHERE role = 'user') OVER (ORDER BY created_at, id) AS turn
    FROM dashboard_message WHERE chat_id = %(chat)s
  ) AS said
  GROUP BY turn
), placed AS (
  SELECT version.*,
         (SELECT max(turn) FROM turns WHERE began <= version.created_at) AS turn,
         number = 1 OR lag(files_at) OVER (ORDER BY number) IS NOT NULL AS is_comparable
  FROM dashboard_version AS version WHERE chat_id = %(chat)s
), files AS (
  SELECT placed.number, file.path, file.content_id
  FROM dashboard_versionfile AS file JOIN placed ON placed.id = file.version_id
), sizes AS (
  SELECT coalesce(here.number, before.number + 1) AS number, count(*) AS size
  FROM files AS here
  FULL JOIN files AS before ON before.path = here.path AND before.number = here.number - 1
  WHERE here.content_id IS DISTINCT FROM before.content_id
  GROUP BY 1
)
SELECT placed.*,
       coalesce(nullif(author.name, ''), nullif(author.email, ''),
                'v0 user ' || left(author.upstream_id, 8), '') AS author,
       CASE WHEN row_number() OVER (PARTITION BY placed.turn ORDER BY placed.number DESC) = 1
            THEN turns.cost END AS cost,
       CASE WHEN placed.files_at IS NOT NULL AND placed.is_comparable
            THEN coalesce(sizes.size, 0) END AS size
FROM placed
LEFT JOIN turns ON turns.turn = placed.turn
LEFT JOIN dashboard_author AS author ON author.id = turns.author_id
LEFT JOIN sizes ON sizes.number = placed.number
ORDER BY placed.number DESC
"""


def versions_of(chat: Chat) -> list[Version]:
    """The versions of a chat, newest first, each with `author` (a name or ""), `cost` (US dollars
    or None) and `size` (files changed, of the first version all of them; or None). One query."""
    rows = list(Version.objects.raw(VERSIONS, {"chat": chat.pk}))
    for row in rows:
        row.chat = chat
    return rows
