"""The doors to storing what v0 says, for sync and actions alike. Each area's are in its file."""

from __future__ import annotations

from dashboard.sync.account import store_account
from dashboard.sync.chats import store_chat
from dashboard.sync.deployments import store_deployment
from dashboard.sync.projects import store_project
from dashboard.sync.usage import store_money

__all__ = [
    "store_account",
    "store_chat",
    "store_deployment",
    "store_money",
    "store_project",
]
