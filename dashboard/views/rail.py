"""A chat's versions for its rail: with their authors, costs, and how many files they changed; below
each version what it was before it was edited."""

from __future__ import annotations

from dashboard.models import Chat, User, Version

# v0 tells neither author nor cost with a version: it belongs to the last prompt before it, whose
# turn ends with the next prompt. Of several versions of a turn, the newest tells the cost.
# `size` counts files that are not those of the version before (`since`; one that failed and left no
# files is passed over), of a former state those that are not the same in the state that came next
# (NULL where one is not stored). A version is stopped whose answer was: in v2 both have one id,
# in v1 it is the one of the turn that came to nothing.
VERSIONS = """
WITH turns AS (
  SELECT turn, min(created_at) AS began, sum(cost) AS cost,
         min(author_id) FILTER (WHERE role = 'user') AS author_id,
         array_agg(upstream_id) FILTER (WHERE finish_reason = 'other') AS stopped
  FROM (
    SELECT created_at, cost, author_id, role, upstream_id, finish_reason,
           count(*) FILTER (WHERE role = 'user') OVER (ORDER BY created_at, id) AS turn
    FROM dashboard_message WHERE chat_id = %(chat)s
  ) AS said
  GROUP BY turn
), stood AS (
  SELECT version.*, status <> 'failed' OR EXISTS (
           SELECT FROM dashboard_versionfile WHERE version_id = version.id) AS has_state
  FROM dashboard_version AS version WHERE chat_id = %(chat)s
), placed AS (
  SELECT version.*, row_number() OVER line AS rank,
         (SELECT max(turn) FROM turns WHERE began <= version.created_at) AS turn,
         CASE WHEN former_of_id IS NULL THEN max(number) FILTER (WHERE has_state) OVER (
                line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) END AS since,
         CASE WHEN former_of_id IS NOT NULL THEN lead(id) OVER own END AS next_id
  FROM stood AS version
  WINDOW line AS (PARTITION BY former_of_id IS NULL ORDER BY number),
         own AS (PARTITION BY coalesce(former_of_id, id) ORDER BY former_of_id NULLS LAST, edition)
), paired AS (
  SELECT placed.id, coalesce(later.id, before.id) AS other_id,
         placed.files_at IS NOT NULL AND placed.has_state AND CASE
           WHEN placed.former_of_id IS NOT NULL THEN later.files_at IS NOT NULL
           WHEN placed.since IS NULL THEN placed.rank = placed.number
           ELSE before.files_at IS NOT NULL END AS is_comparable
  FROM placed LEFT JOIN placed AS later ON later.id = placed.next_id
  LEFT JOIN placed AS before ON before.former_of_id IS NULL AND before.number = placed.since
), here AS (
  SELECT placed.id, file.path, file.content_id
  FROM placed JOIN dashboard_versionfile AS file ON file.version_id = placed.id
), other AS (
  SELECT paired.id, file.path, file.content_id
  FROM paired JOIN dashboard_versionfile AS file ON file.version_id = paired.other_id
), sizes AS (
  SELECT coalesce(here.id, other.id) AS id, count(*) AS size
  FROM here FULL JOIN other ON other.id = here.id AND other.path = here.path
  WHERE here.content_id IS DISTINCT FROM other.content_id
  GROUP BY 1
)
SELECT placed.*,
       coalesce(nullif(author.name, ''), nullif(author.email, ''),
                'v0 user ' || left(author.upstream_id, 8), '') AS author,
       CASE WHEN former_of_id IS NULL AND row_number() OVER (
              PARTITION BY placed.turn, former_of_id IS NULL ORDER BY number DESC) = 1
            THEN turns.cost END AS cost,
       CASE WHEN paired.is_comparable THEN coalesce(sizes.size, 0) END AS size,
       coalesce(placed.upstream_id = ANY (stopped), false)
         OR placed.status = 'failed' AND stopped IS NOT NULL AS is_stopped,
       editor.name AS editor_name, editor.email AS editor_email
FROM placed
JOIN paired ON paired.id = placed.id
LEFT JOIN turns ON turns.turn = placed.turn
LEFT JOIN dashboard_author AS author ON author.id = turns.author_id
LEFT JOIN dashboard_user AS editor ON editor.id = placed.replaced_by_id
LEFT JOIN sizes ON sizes.id = placed.id
ORDER BY number DESC, former_of_id DESC NULLS FIRST, edition DESC
"""


def versions_of(chat: Chat) -> list[Version]:
    """The versions of a chat, newest first, each followed by its former states. Each has `author`
    (a name or ""), `cost` (US dollars or None), `size` (files changed, or None), `since` (the
    number of the version before; None for the first, whose `size` counts all its files), and
    `is_stopped`. One query."""
    rows = list(Version.states.raw(VERSIONS, {"chat": chat.pk}))
    for row in rows:
        row.chat = chat
        if row.replaced_by_id is not None:
            named = {name: vars(row)[f"editor_{name}"] for name in ("name", "email")}
            row.replaced_by = User(pk=row.replaced_by_id, **named)
    return rows
