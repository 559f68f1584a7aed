"""The site map. Names are nouns with the verb last; pages of a team are under /t/<team>/."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from dashboard import health
from dashboard.views import (
    account,
    activity,
    carry,
    changes,
    chat,
    chats,
    chats_bulk,
    compare,
    deployments,
    downloads,
    edits,
    exports,
    file_edits,
    files,
    forks,
    hints,
    home,
    inbox,
    keys,
    lineage,
    live,
    mcp_servers,
    new_chat,
    playground,
    preview_hosts,
    projects,
    running,
    submissions,
    syncs,
    team,
    usage,
    versions,
    webhooks,
)

handler400 = "dashboard.bodies.bad_request"

team_pages = [
    path("", home.home, name="home"),
    # Chats
    path("chats/", chats.chats, name="chats"),
    path("chats/new/", new_chat.chat_create, name="chat-create"),
    path("chats/new/mcp-servers/", mcp_servers.mcp_servers, name="mcp-servers"),
    path("chats/new/<uuid:nonce>/", submissions.submission, name="submission"),
    path("chats/new/<uuid:nonce>/drop/", submissions.submission_drop, name="submission-drop"),
    path("chats/bulk/", chats_bulk.chats_bulk, name="chats-bulk"),
    path("chats/lineage/", lineage.lineage, name="lineage"),
    path("chats/<str:chat>/", chat.chat, name="chat"),
    path("chats/<str:chat>/live/", live.chat_live, name="chat-live"),
    path("chats/<str:chat>/edit/", edits.chat_edit, name="chat-edit"),
    path("chats/<str:chat>/stop/", running.chat_stop, name="chat-stop"),
    path("chats/<str:chat>/fix/", running.chat_fix, name="chat-fix"),
    path("chats/<str:chat>/send/", changes.message_send, name="message-send"),
    path("chats/<str:chat>/mcp-servers/", mcp_servers.chat_mcp_servers, name="chat-mcp-servers"),
    path("chats/<str:chat>/estimate/", changes.chat_estimate, name="chat-estimate"),
    path("chats/<str:chat>/rename/", changes.chat_rename, name="chat-rename"),
    path("chats/<str:chat>/privacy/", changes.chat_privacy, name="chat-privacy"),
    path("chats/<str:chat>/favorite/", changes.chat_favorite, name="chat-favorite"),
    path("chats/<str:chat>/assign/", changes.chat_assign, name="chat-assign"),
    path("chats/<str:chat>/delete/", changes.chat_delete, name="chat-delete"),
    path("chats/<str:chat>/carry/", carry.chat_carry, name="chat-carry"),
    path("chats/<str:chat>/compare/", compare.compare, name="chat-compare"),
    path("chats/<str:chat>/lineage/", lineage.chat_lineage, name="chat-lineage"),
    path("chats/<str:chat>/export/", exports.chat_export, name="chat-export"),
    # Versions of a chat
    path("chats/<str:chat>/versions/<str:version>/files/", files.files, name="version-files"),
    path("chats/<str:chat>/versions/<str:version>/raw/", downloads.raw, name="version-raw"),
    path(
        "chats/<str:chat>/versions/<str:version>/archive/",
        downloads.archive,
        name="version-archive",
    ),
    path("chats/<str:chat>/versions/<str:version>/edit/", file_edits.file_edit, name="file-edit"),
    path(
        "chats/<str:chat>/versions/<str:version>/delete/",
        file_edits.file_delete,
        name="file-delete",
    ),
    path("chats/<str:chat>/versions/<str:version>/lock/", file_edits.file_lock, name="file-lock"),
    path(
        "chats/<str:chat>/versions/<str:version>/restore/",
        versions.restore,
        name="version-restore",
    ),
    path("chats/<str:chat>/versions/<str:version>/fork/", forks.fork, name="version-fork"),
    path("chats/<str:chat>/versions/<str:version>/deploy/", versions.deploy, name="version-deploy"),
    # What v0 waits for
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:ask>/", inbox.ask, name="ask"),
    path("inbox/<int:ask>/setup/", inbox.ask_setup, name="ask-setup"),
    # From v1 to v2
    path("carries/", carry.carries, name="carries"),
    path("carries/start/", carry.carries_start, name="carries-start"),
    path("carries/<int:carry>/", carry.carry, name="carry"),
    # Projects
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.project_create, name="project-create"),
    path("projects/<str:project>/", projects.project, name="project"),
    path("projects/<str:project>/edit/", projects.project_edit, name="project-edit"),
    # Deployments
    path("deployments/", deployments.deployments, name="deployments"),
    path("deployments/<str:deployment>/", deployments.deployment, name="deployment"),
    path(
        "deployments/<str:deployment>/delete/",
        deployments.deployment_delete,
        name="deployment-delete",
    ),
    path("deployments/<str:deployment>/fix/", running.deployment_fix, name="deployment-fix"),
    # The Model API
    path("playground/", playground.playground, name="playground"),
    # Money and limits
    path("usage/", usage.usage, name="usage"),
    # Keys
    path("keys/", keys.keys, name="keys"),
    path("keys/add/", keys.key_add, name="key-add"),
    path("keys/<int:key>/", keys.key, name="key"),
    path("keys/<int:key>/check/", keys.key_check, name="key-check"),
    path("keys/<int:key>/rename/", keys.key_rename, name="key-rename"),
    path("keys/<int:key>/share/", keys.key_share, name="key-share"),
    path("keys/<int:key>/pause/", keys.key_pause, name="key-pause"),
    path("keys/<int:key>/remove/", keys.key_remove, name="key-remove"),
    # Webhooks
    path("webhooks/", webhooks.webhooks_list, name="webhooks"),
    path("webhooks/add/", webhooks.webhook_add, name="webhook-add"),
    path("webhooks/refresh/", webhooks.webhooks_refresh, name="webhooks-refresh"),
    path("webhooks/<int:webhook>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:webhook>/edit/", webhooks.webhook_edit, name="webhook-edit"),
    path("webhooks/<int:webhook>/delete/", webhooks.webhook_delete, name="webhook-delete"),
    # The team
    path("team/", team.team, name="team"),
    path("team/edit/", team.team_edit, name="team-edit"),
    path("team/preview-hosts/", preview_hosts.preview_hosts, name="preview-hosts"),
    path("team/preview-hosts/save/", preview_hosts.preview_hosts_save, name="preview-hosts-save"),
    path("team/add/", team.member_add, name="member-add"),
    path("team/<int:person>/role/", team.member_role, name="member-role"),
    path("team/<int:person>/remove/", team.member_remove, name="member-remove"),
    # The mirror
    path("syncs/", syncs.syncs, name="syncs"),
    path("syncs/start/", syncs.sync_start, name="sync-start"),
    path("syncs/<int:sync>/", syncs.sync, name="sync"),
    # History
    path("activity/", activity.activity, name="activity"),
]

urlpatterns = [
    path("", account.start, name="start"),
    path("accounts/", include("allauth.urls")),
    path("theme/", account.theme, name="theme"),
    path("teams/new/", account.team_create, name="team-create"),
    path("t/<slug:team>/", include(team_pages)),
    path("hooks/<str:token>/", hints.hint, name="hint"),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
