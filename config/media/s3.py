"""Figures in a bucket of an S3 store, by django-storages.

The bucket is closed: a figure is read and sent by the site, after its own rules (archive.views.figure).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    NoCredentialsError,
    SSLError,
)
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from archive.media import MediaUnavailable
from config.availability import Availability

CONNECT_SECONDS = 2
READ_SECONDS = 4
ATTEMPTS = 2
_KEYS = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "AuthFailure"}
_NOT_THERE = {"404", "NoSuchKey", "NotFound"}
Answer = TypeVar("Answer")


class S3Media(S3Storage):
    """A `Media` in a bucket. Every error of it is an archive.media.MediaUnavailable, in words, or FileNotFoundError."""

    folder = None

    def __init__(self, **settings: Any) -> None:
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            max_pool_connections=32,
            signature_version="s3v4",
            s3={"addressing_style": settings["addressing_style"]},
            # What Amazon alone knows is not sent: others refuse it.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(**settings, client_config=config, default_acl=None, file_overwrite=True)
        # One for all threads: making one reads megabytes of descriptions, and its client may be shared.
        self._connections = SimpleNamespace()
        place = f"{self.bucket_name!r} at {self.endpoint_url or 'Amazon'}"
        self._server = Availability(
            f"the bucket {place}", "figures can be neither read nor stored", ATTEMPTS * READ_SECONDS
        )

    def __str__(self) -> str:
        return f"s3://{self.bucket_name}/{self.location}".rstrip("/")

    def names(self) -> Iterator[str]:
        prefix = self._key("") and f"{self._key('')}/"
        token: dict[str, str] = {}
        while True:
            page = self._ask(
                lambda client, more=token: client.list_objects_v2(  # type: ignore[misc]
                    Bucket=self.bucket_name, Prefix=prefix, **more
                )
            )
            for entry in page.get("Contents", ()):
                if not entry["Key"].endswith("/"):
                    yield entry["Key"].removeprefix(prefix)
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def exists(self, name: str) -> bool:
        try:
            self._ask(lambda client: client.head_object(Bucket=self.bucket_name, Key=self._key(name)), name)
        except FileNotFoundError:
            return False
        return True

    def delete(self, name: str) -> None:
        self._ask(lambda client: client.delete_object(Bucket=self.bucket_name, Key=self._key(name)))

    def adopt(self, files: Path) -> Callable[[], None]:
        """Stores them one by one. What is there with the same content stays: a figure's name says what it is."""
        stored: list[str] = []

        def take_back() -> None:
            for name in stored:
                self.delete(name)

        try:
            for path in sorted(path for path in files.rglob("*") if path.is_file()):
                name = path.relative_to(files).as_posix()
                if not self.exists(name):
                    stored.append(name)
                    self.save(name, ContentFile(path.read_bytes()))
                self._compare(name, path)
        except BaseException:
            take_back()
            raise
        return take_back

    def _compare(self, name: str, path: Path) -> None:
        with self.open(name) as there:
            if hashlib.sha256(there.read()).digest() != hashlib.sha256(path.read_bytes()).digest():
                raise FileExistsError(f"{name} is in {self} with another content")

    def problem(self) -> str:
        try:
            self._ask(lambda client: client.list_objects_v2(Bucket=self.bucket_name, MaxKeys=1))
        except MediaUnavailable as error:
            return str(error)
        return ""

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        """Reads all of it: a figure has some hundred KB, and who reads on would do so while a request waits."""

        def read(client: Any) -> bytes:
            body: bytes = client.get_object(Bucket=self.bucket_name, Key=self._key(name))["Body"].read()
            return body

        return File(io.BytesIO(self._ask(read, name)), name)

    def _save(self, name: str, content: Any) -> str:
        content.seek(0)
        data, more = content.read(), self._get_write_parameters(name, content)
        self._ask(
            lambda client: client.put_object(Bucket=self.bucket_name, Key=self._key(name), Body=data, **more)
        )
        return name

    def _key(self, name: str) -> str:
        key: str = self._normalize_name(clean_name(name)) if name else self.location
        return key.strip("/")

    def _ask(self, ask: Callable[[Any], Answer], name: str = "") -> Answer:
        """Returns the answer. Raises MediaUnavailable; FileNotFoundError when `name` is not there."""
        if not self._server.may_ask():
            raise MediaUnavailable(self._server.problem)
        try:
            answer = ask(self.connection.meta.client)
        except ClientError as error:
            if name and error.response["Error"]["Code"] in _NOT_THERE:
                self._server.answered()
                raise FileNotFoundError(f"{self} holds no {name}") from None
            self._server.answered()
            raise MediaUnavailable(f"{self._server.name} {_refusal(error)}") from error
        except (BotoCoreError, Boto3Error, HTTPClientError) as error:
            self._server.failed(_silence(error))
            raise MediaUnavailable(self._server.problem) from error
        self._server.answered()
        return answer


def _refusal(error: ClientError) -> str:
    """Says what the store refuses, and what to do."""
    code = error.response["Error"]["Code"]
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "NoSuchBucket":
        return "is not there: make it, or mend its name in the URL (MEDIA_STORAGE_URL)"
    if code in _KEYS:
        return f"refuses the keys of the URL ({code}): mend MEDIA_STORAGE_URL"
    if code in ("AccessDenied", "403") or status == 403:
        return f"refuses what these keys ask for ({code}): let them list, read, write and delete there"
    if code in ("PermanentRedirect", "AuthorizationHeaderMalformed", "301"):
        return f"is in another region ({code}): say which, with region= in the URL (MEDIA_STORAGE_URL)"
    if code == "RequestTimeTooSkewed":
        return "finds the clock of this machine wrong: set it"
    return f"can not do its work now ({code}, HTTP {status})"


def _silence(error: Exception) -> str:
    """Says why there was no answer. What the library says can hold an address, but no key."""
    text = str(error)
    if isinstance(error, NoCredentialsError):
        return (
            "asks for keys: put them into the URL (MEDIA_STORAGE_URL), or set AWS_ACCESS_KEY_ID and …SECRET…"
        )
    if isinstance(error, SSLError) or "certificate verify failed" in text:
        reason = text.partition("certificate verify failed: ")[2].partition(" (_ssl")[0]
        said = f"has a certificate that is not accepted ({reason or 'look at it'})"
        return f"{said}: renew it, or name its authority with ca="
    if isinstance(error, ConnectionError | HTTPClientError):
        return "does not answer: start it, or mend endpoint= in the URL (MEDIA_STORAGE_URL)"
    return f"can not be asked ({type(error).__name__}: {text[:100]})"
