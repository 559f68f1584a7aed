"""The mirror: runs that bring what v0 has into the database. Storing itself is in store.py.

queue() asks for a run, run() does it, queue_due() and requeue_orphans() are called by beat.
"""

from __future__ import annotations

from dashboard.sync.runs import queue, queue_due, requeue_orphans, run

__all__ = ["queue", "queue_due", "requeue_orphans", "run"]
