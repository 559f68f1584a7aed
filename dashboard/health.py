"""Probes for machines: /healthz says the process answers, /readyz that it can work, /metrics.

What is measured is in metrics.py.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable

import psycopg
import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from dashboard.metrics import registry

PATIENCE = 2  # seconds for a server that does not answer
OK = "ok"
migrated = False  # migrations do not come undone under a running process


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": OK})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    checks: dict[str, Callable[[], str]] = {
        "database": database,
        "migrations": migrations,
        "broker": broker,
    }
    parts = {name: check() for name, check in checks.items()}
    ready = all(word == OK for word in parts.values())
    return JsonResponse(
        {"status": OK if ready else "not ready", **parts}, status=200 if ready else 503
    )


def database() -> str:
    """Asks past the pool, which would wait for its own patience first."""
    parameters = connection.get_connection_params()
    known = {"dbname", "user", "password", "host", "port", "sslmode", "sslrootcert"}
    wanted = {name: value for name, value in parameters.items() if name in known}
    try:
        with psycopg.connect(**wanted, connect_timeout=PATIENCE) as probe:
            probe.execute("SELECT 1")
    except psycopg.Error:
        return "unreachable"
    return OK


def migrations() -> str:
    global migrated
    if migrated:
        return OK
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unknown"
    migrated = not waiting
    return OK if migrated else f"{len(waiting)} to apply"


def broker() -> str:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE
        ) as server:
            server.ping()
    except redis.RedisError:
        return "unreachable"
    return OK


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_scrape(request):
        response = HttpResponse("Metrics need the token of METRICS_TOKEN.\n", status=401)
        response["WWW-Authenticate"] = "Bearer"
        return response
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def may_scrape(request: HttpRequest) -> bool:
    """With the token where there is one; else from this machine, and not through its proxy."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
