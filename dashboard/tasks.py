"""Doors for Celery: each loads by id and calls one function. No logic lives here."""

from __future__ import annotations

from dashboard import sync
from dashboard.celery import app
from dashboard.sync import carry, follow, hints
from dashboard.sync.prune import prune


@app.task
def run_sync(run_id: int) -> None:
    sync.run(run_id)


@app.task
def sync_due() -> None:
    sync.requeue_orphans()
    sync.queue_due()


@app.task
def follow_due() -> None:
    follow.follow_due()


@app.task
def look_due() -> None:
    hints.look_due()


@app.task
def run_carry(carry_id: int) -> None:
    carry.run(carry_id)


@app.task
def carry_due() -> None:
    carry.carry_due()


@app.task
def prune_old() -> None:
    prune()
    hints.prune_deliveries()
