"""MEDIA_STORAGE_URL: what it may say, and what is said of what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.media.address import configured

ROOT = Path("/var/lib/site/media")
S3 = {
    "bucket_name": "figures",
    "location": "",
    "endpoint_url": "https://s3.example.org",
    "region_name": "us-east-1",
    "access_key": None,
    "secret_key": None,
    "addressing_style": "path",
    "verify": None,
}


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("", ROOT),
        ("file:///srv/figures", Path("/srv/figures")),
        ("file:///srv/%E5%9B%BE%20s", Path("/srv/图 s")),
    ],
)
def test_figures_are_kept_in_a_folder(url: str, root: Path) -> None:
    assert configured(url, ROOT) == (root, {"BACKEND": "config.media.folder.FolderMedia"})


@pytest.mark.parametrize(
    ("url", "differs"),
    [
        ("s3://figures?endpoint=https://s3.example.org", {}),
        ("s3://AK:s%2Fe%40c@figures/a/b/?endpoint=https://s3.example.org",
         {"access_key": "AK", "secret_key": "s/e@c", "location": "a/b"}),
        ("s3://figures", {"endpoint_url": None, "region_name": None, "addressing_style": "auto"}),
        ("s3://figures?region=cn-north-1&addressing=virtual&endpoint=https://s3.example.org",
         {"region_name": "cn-north-1", "addressing_style": "virtual"}),
    ],
)  # fmt: skip
def test_figures_are_kept_in_a_bucket(url: str, differs: dict[str, object]) -> None:
    root, storage = configured(url, ROOT)
    assert (root, storage["BACKEND"]) == (ROOT, "config.media.s3.S3Media")
    assert storage["OPTIONS"] == {**S3, **differs}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("/srv/figures", "figures can not be kept in that"),
        ("ftp://k:secret@host/x", "figures can not be kept in ftp"),
        ("file://srv/figures", "whole path"),
        ("file:///", "whole path"),
        ("s3://", "'' is no name of a bucket"),
        ("s3://k:secret@Figures_1", "'Figures_1' is no name of a bucket"),
        ("s3://k:a/secret@figures", "KEY:SECRET@ stands before the bucket; special characters"),
        ("s3://k:a?secret@figures", "written like %2F"),
        ("s3://k:a#secret@figures", "written like %2F"),
        (
            "s3://k:a[secret@figures",
            "it has a bracket; special characters of KEY:SECRET are written like %2F",
        ),
        ("s3:/k:secret@figures", "KEY:SECRET@ stands before the bucket"),
        ("s3://k:secret/figures", "KEY:SECRET@ stands before the bucket"),
        ("s3://k@figures", "one is missing"),
        ("s3://:secret@figures", "one is missing"),
        ("s3://k:secret@figures?endpoint=s3.example.org", "endpoint='s3.example.org' is no address"),
        ("s3://k:secret@figures?endpoint=", "endpoint is given once, with a value"),
        ("s3://figures?region=a&region=b", "region is given once"),
        ("s3://figures?endpiont=https://s3.example.org", "no option 'endpiont': use endpoint, region"),
        ("s3://figures?addressing=host", "use path"),
        ("s3://figures?ca=/there/is/none.pem", "there is no file /there/is/none.pem"),
    ],
)
def test_what_names_no_store_is_refused_with_an_example_and_without_its_keys(url: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MEDIA_STORAGE_URL=") as refused:
        configured(url, ROOT)
    assert said in str(refused.value)
    assert "s3://KEY:SECRET@bucket" in str(refused.value)
    assert "secret" not in str(refused.value)
