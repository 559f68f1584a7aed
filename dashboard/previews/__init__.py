"""The server of the preview origin: previews of v2's chats, and nothing else.

Each preview has a host of its own, whose first label says who may see it (dashboard/labels.py).
There are no pages, sessions or addresses of the dashboard here.
"""

from __future__ import annotations
