"""Structured logs: one line per request with its id, JSON in production, readable in development.

Nothing of a request's body, query or headers is logged, so no secret can be.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.debug import SafeExceptionReporterFilter

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
# The addresses that v0 posts to are secrets.
HOOK = re.compile(r"/hooks/[^/\s'\"]+")
SECRET_FIELD = re.compile(r"plain|password|code|token|secret", re.I)
log = structlog.get_logger("dashboard.request")


def logging_config(form: str) -> dict[str, Any]:
    """The description for logging.config.dictConfig; also points structlog at it."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        hide_hooks,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": last_steps(form),
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # One line per request is ours; these would repeat it or name addresses with keys.
            "uvicorn.access": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "httpx2": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
        },
    }


def hide_hooks(logger: Any, method: str, line: Any) -> Any:
    """Takes the tokens of webhooks out of messages and paths."""
    for name in ("event", "path"):
        if isinstance(line.get(name), str):
            line[name] = HOOK.sub("/hooks/…", line[name])
    return line


def last_steps(form: str) -> list[Any]:
    """How a line is written. Without the variables of a traceback, which may hold a secret."""
    clean = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if form == "json":
        transform = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        return [
            clean,
            structlog.processors.ExceptionRenderer(transform),
            structlog.processors.JSONRenderer(),
        ]
    plain = structlog.dev.plain_traceback
    return [clean, structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]


class SecretsFilter(SafeExceptionReporterFilter):
    """Error pages hide marked variables and secret form fields with DEBUG on as well."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        posted = super().get_post_parameters(request)
        return {
            name: self.cleansed_substitute if SECRET_FIELD.search(name) else value
            for name, value in posted.items()
        }


def loggable(request: HttpRequest) -> str:
    """The path; under /accounts/ the pattern that matched: links in mails are secrets."""
    match = getattr(request, "resolver_match", None)
    if match is not None and request.path.startswith("/accounts/"):
        return f"/{match.route}"
    return request.path


class RequestLog:
    """Gives each request an id (the proxy's X-Request-ID where it is sane) and logs its answer."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        offered = request.headers.get("X-Request-ID", "")
        request_id = offered if REQUEST_ID.fullmatch(offered) else uuid.uuid4().hex
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            if request.path not in ("/healthz", "/readyz", "/metrics"):
                log.info(
                    "request",
                    method=request.method,
                    path=loggable(request),
                    status=response.status_code,
                    milliseconds=round((time.perf_counter() - started) * 1000, 1),
                )
            return response
        finally:
            structlog.contextvars.clear_contextvars()
