"""Django's cache on Redis, for a site that shall serve on without it.

    asked ─► away since less than a second? ── yes ─► as if nothing were kept
                │ no                                   ▲
                └─► Redis ── no answer in time ─► away ┘

The log says so once; /readyz and the admin's first page while it lasts (config.services).
What is kept is signed with SECRET_KEY: Django pickles values, and a pickle from somebody else runs code.
"""

from __future__ import annotations

import hashlib
import hmac
import pickle
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis import AuthenticationError, ConnectionError, RedisError, ResponseError, TimeoutError
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.availability import Availability

PATIENCE_SECONDS = 0.5
"""For a connection, and for an answer. Redis answers within a millisecond, or something is wrong with it."""
SIGNATURE_BYTES = 16
Answer = TypeVar("Answer")


_servers: dict[str, Availability] = {}


def availability(url: str) -> Availability:
    """Returns what this process knows of the server that a URL names."""
    parts = urlsplit(url)
    name = f"{parts.hostname}:{parts.port or 6379}" if parts.hostname else parts.path
    so = "nothing is kept there, and requests are not counted"
    return _servers.setdefault(name, Availability(f"Redis at {name}", so, 2 * PATIENCE_SECONDS))


def _said(error: RedisError) -> str:
    """Says what is wrong, and what to do. Never with the address: it can hold a password."""
    text = str(error)
    if isinstance(error, AuthenticationError) or text.startswith(("WRONGPASS", "NOAUTH")):
        return "refuses the user or password of CACHE_URL"
    if "CERTIFICATE_VERIFY_FAILED" in text or "certificate verify failed" in text:
        reason = text.partition("certificate verify failed: ")[2].partition(" (_ssl")[0]
        return f"has a certificate that is not accepted ({reason or 'look at it'})"
    if isinstance(error, TimeoutError):
        return f"has not answered within {PATIENCE_SECONDS} s"
    if isinstance(error, ConnectionError):
        return "can not be reached: start it, or mend CACHE_URL"
    if isinstance(error, ResponseError):
        return f"refuses to work ({text[:100]})"
    return f"does not answer ({type(error).__name__})"


class SignedSerializer:
    """Values as Redis keeps them: numbers as they are, so that Redis counts; everything else pickled and signed."""

    @cached_property
    def _key(self) -> bytes:
        return hashlib.sha256(b"cache " + settings.SECRET_KEY.encode()).digest()

    def dumps(self, value: Any) -> int | bytes:
        if type(value) is int:
            return value
        pickled = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        return b"=" + self._signature(pickled) + pickled

    def loads(self, data: Any) -> Any:
        """Returns the value; None for what is not ours, or which this version can not read."""
        if not data.startswith(b"="):
            try:
                return int(data)
            except ValueError:
                return None
        signature, pickled = data[1 : 1 + SIGNATURE_BYTES], data[1 + SIGNATURE_BYTES :]
        if not hmac.compare_digest(signature, self._signature(pickled)):
            return None
        try:
            return pickle.loads(pickled)  # noqa: S301 - this site has written it
        except (AttributeError, ImportError, pickle.UnpicklingError):  # a class of another release
            return None

    def _signature(self, pickled: bytes) -> bytes:
        return hashlib.blake2b(pickled, key=self._key, digest_size=SIGNATURE_BYTES).digest()


class Client:
    """Django's client, which answers as an empty cache would while the server is away."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        # Once more on a connection that a restart of Redis has closed meanwhile; not when it hangs.
        retry = Retry(NoBackoff(), 1, supported_errors=(ConnectionError,))
        patience = {"socket_connect_timeout": PATIENCE_SECONDS, "socket_timeout": PATIENCE_SECONDS}
        self._redis: Any = RedisCacheClient(
            servers, serializer="config.redis_cache.SignedSerializer", retry=retry, **{**patience, **options}
        )
        self.server = availability(servers[0])

    def _ask(self, nothing: Answer, ask: Callable[[], Answer]) -> Answer:
        """Returns Redis' answer, or `nothing` while there is none."""
        if not self.server.may_ask():
            return nothing
        try:
            answer = ask()
        except RedisError as error:
            self.server.failed(_said(error))
            return nothing
        self.server.answered()
        return answer

    def add(self, key: str, value: Any, timeout: int | None) -> bool:
        # As every empty cache: who does something once in a while does it, rather than never.
        return self._ask(True, lambda: self._redis.add(key, value, timeout))

    def get(self, key: str, default: Any) -> Any:
        found = self._ask(None, lambda: self._redis.get(key, None))
        return default if found is None else found

    def set(self, key: str, value: Any, timeout: int | None) -> None:
        self._ask(None, lambda: self._redis.set(key, value, timeout))

    def touch(self, key: str, timeout: int | None) -> bool:
        return self._ask(False, lambda: self._redis.touch(key, timeout))

    def delete(self, key: str) -> bool:
        return self._ask(False, lambda: self._redis.delete(key))

    def get_many(self, keys: Iterable[str]) -> dict[str, Any]:
        asked = list(keys)
        found: dict[str, Any] = self._ask({}, lambda: self._redis.get_many(asked)) if asked else {}
        return {key: value for key, value in found.items() if value is not None}

    def has_key(self, key: str) -> bool:
        return self._ask(False, lambda: self._redis.has_key(key))

    def incr(self, key: str, delta: int) -> int:
        found = self._ask(None, lambda: self._redis.incr(key, delta))
        if found is None:
            raise ValueError(f"Key {key!r} not found: Redis is away")
        return int(found)

    def set_many(self, data: dict[str, Any], timeout: int | None) -> None:
        self._ask(None, lambda: self._redis.set_many(data, timeout))

    def delete_many(self, keys: Iterable[str]) -> None:
        self._ask(None, lambda: self._redis.delete_many(keys))

    def delete_all(self, pattern: str) -> None:
        """Deletes the keys that a pattern matches: others may use the same server."""

        def ask() -> None:
            client = self._redis.get_client(write=True)
            for key in client.scan_iter(match=pattern, count=1000):
                client.delete(key)

        self._ask(None, ask)

    def ping(self) -> None:
        """Asks whether the server is there, for `server` to say."""
        self._ask(None, lambda: self._redis.get_client().ping())


class ForgivingRedisCache(RedisCache):
    """Django's cache on Redis that is empty while Redis is away. `OPTIONS["longest"]` bounds how long it keeps."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        options = {**params.get("OPTIONS", {})}
        self._longest: int | None = options.pop("longest", None)
        self._options = options
        self._class = Client

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> Any:
        seconds = super().get_backend_timeout(timeout)
        if self._longest is None:
            return seconds
        return self._longest if seconds is None else min(seconds, self._longest)

    def clear(self) -> None:
        self._client.delete_all(f"{self.key_prefix}:*")

    def problem(self) -> str:
        """Asks the server, and returns what is wrong and what to do; empty when it answers."""
        self._client.ping()
        return self._client.server.problem

    @property
    def _client(self) -> Client:
        return cast(Client, self._cache)
