"""The cache: in Valkey for all processes, and in each one's own memory while Valkey is away.

Pages must not fail for want of what only makes them quicker, and whoever counts attempts goes on
counting.
"""

from __future__ import annotations

from typing import Any

import redis
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

from dashboard.upstream.pace import Away


class SharedCache(RedisCache):
    """Django's cache in Valkey, which raises nothing where Valkey is away."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.own = LocMemCache(f"beside {server}", params)

    def ask(self, verb: str, *args: Any, **options: Any) -> Any:
        if not Away.now():
            try:
                return getattr(super(), verb)(*args, **options)
            except redis.RedisError:
                Away.noticed()
        return getattr(self.own, verb)(*args, **options)

    def add(self, *args: Any, **options: Any) -> Any:
        return self.ask("add", *args, **options)

    def get(self, *args: Any, **options: Any) -> Any:
        return self.ask("get", *args, **options)

    def set(self, *args: Any, **options: Any) -> Any:
        return self.ask("set", *args, **options)

    def touch(self, *args: Any, **options: Any) -> Any:
        return self.ask("touch", *args, **options)

    def delete(self, *args: Any, **options: Any) -> Any:
        return self.ask("delete", *args, **options)

    def get_many(self, *args: Any, **options: Any) -> Any:
        return self.ask("get_many", *args, **options)

    def has_key(self, *args: Any, **options: Any) -> Any:
        return self.ask("has_key", *args, **options)

    def incr(self, *args: Any, **options: Any) -> Any:
        return self.ask("incr", *args, **options)

    def set_many(self, *args: Any, **options: Any) -> Any:
        return self.ask("set_many", *args, **options)

    def delete_many(self, *args: Any, **options: Any) -> Any:
        return self.ask("delete_many", *args, **options)

    def clear(self) -> Any:
        self.own.clear()
        return self.ask("clear")
