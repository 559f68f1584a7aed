"""Probes for machines: /healthz says the process answers, /readyz that it can work, /metrics."""
from __future__ import annotations
