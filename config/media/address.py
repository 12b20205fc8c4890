"""MEDIA_STORAGE_URL → Django's settings. Settings import this: it imports nothing heavy.

file:///srv/figures
s3://figures?endpoint=https://s3.example.org               keys from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
s3://KEY:SECRET@figures/xinwenku?endpoint=https://…&region=cn-north-1&ca=/etc/ssl/own.pem&addressing=virtual
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_OPTIONS = ("endpoint", "region", "ca", "addressing")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ENCODE = "special characters of KEY:SECRET are written like %2F"
_EXAMPLES = "file:///srv/figures, or s3://KEY:SECRET@bucket?endpoint=https://s3.example.org"


class Configured(NamedTuple):
    """What the settings get: MEDIA_ROOT, and the default of STORAGES."""

    root: Path
    storage: dict[str, Any]


def configured(url: str, default_root: Path) -> Configured:
    """Returns the settings for a URL; for an empty one, of `default_root`. Raises ImproperlyConfigured."""
    if not url:
        return Configured(default_root, {"BACKEND": "config.media.folder.FolderMedia"})
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _refused(url, f"it has a bracket; {_ENCODE}") from None
    if parts.scheme == "file":
        path = Path(unquote(parts.path))
        if parts.netloc or not path.is_absolute() or path == Path("/") or parts.query:
            raise _refused(url, "a folder is written with its whole path")
        return Configured(path, {"BACKEND": "config.media.folder.FolderMedia"})
    if parts.scheme != "s3":
        raise _refused(url, f"figures can not be kept in {parts.scheme or 'that'}")
    return Configured(default_root, {"BACKEND": "config.media.s3.S3Media", "OPTIONS": _s3(url)})


def _s3(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    keys, _, bucket = parts.netloc.rpartition("@")
    if ":" in bucket or "@" in parts.path + parts.query + parts.fragment:  # there the secret goes on
        raise _refused(url, f"KEY:SECRET@ stands before the bucket; {_ENCODE}")
    access, _, secret = keys.partition(":")
    given = parse_qs(parts.query, keep_blank_values=True)
    if unknown := sorted(given.keys() - set(_OPTIONS)):
        raise _refused(url, f"there is no option {unknown[0]!r}: use {', '.join(_OPTIONS)}")
    if doubled := [name for name, values in given.items() if len(values) > 1 or not values[0]]:
        raise _refused(url, f"{doubled[0]} is given once, with a value")
    options = {name: values[0] for name, values in given.items()}
    if not _BUCKET.fullmatch(bucket):
        raise _refused(url, f"{bucket!r} is no name of a bucket (small letters, digits, hyphens; 3 or more)")
    if bool(access) != bool(secret):
        raise _refused(url, f"of KEY:SECRET one is missing; {_ENCODE}")
    endpoint = options.get("endpoint")
    if endpoint and (urlsplit(endpoint).scheme not in ("http", "https") or not urlsplit(endpoint).hostname):
        raise _refused(url, f"endpoint={endpoint!r} is no address of a server (https://…)")
    addressing = options.get("addressing", "path" if endpoint else "auto")
    if addressing not in ("path", "virtual", "auto"):
        raise _refused(
            url, f"addressing={addressing!r}: use path (bucket after the host) or virtual (before it)"
        )
    if (ca := options.get("ca")) and not Path(ca).is_file():
        raise _refused(url, f"there is no file {ca} with certificates")
    return {
        "bucket_name": bucket,
        "location": unquote(parts.path).strip("/"),
        "endpoint_url": endpoint,
        "region_name": options.get("region", "us-east-1" if endpoint else None),
        "access_key": unquote(access) or None,
        "secret_key": unquote(secret) or None,
        "addressing_style": addressing,
        "verify": ca,
    }


def _refused(url: str, reason: str) -> ImproperlyConfigured:
    shown = re.sub(r"^([^:/]*:/*)(.*@|[^/?]*:[^?]*)", r"\1…@", url)
    return ImproperlyConfigured(f"MEDIA_STORAGE_URL={shown!r}: {reason}. Like {_EXAMPLES}.")
