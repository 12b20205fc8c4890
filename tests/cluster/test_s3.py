"""Figures in a real S3 store: who may see them, how they get there, and what happens when it is not there."""

from __future__ import annotations

import datetime as dt
import ipaddress
import logging
import uuid
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.checks import run_checks
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from archive.figures import NewFiles
from archive.images import prepare_image
from archive.media import MediaUnavailable
from archive.models import Article, Figure, Issue
from archive.publishing import withdraw
from config.media.address import configured
from config.media.store import Media, media_at, site_media
from tests.archive.makers import image_bytes
from tests.cluster import s3
from tests.cluster.s3 import Server
from tests.conftest import WeekMaker
from tests.waiting import until

pytestmark = pytest.mark.cluster


@pytest.fixture
def server(s3_server: Server) -> Iterator[Server]:
    """The store, there again at the end."""
    yield s3_server
    s3_server.go_on()
    s3_server.kill()
    s3_server.start()


@pytest.fixture
def site(server: Server, settings: Settings) -> Media:
    """The site, with its figures in a place of its own in the bucket."""
    use(server.url(prefix=uuid.uuid4().hex), settings)
    return site_media()


def use(url: str, settings: Settings) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": configured(url, settings.MEDIA_ROOT).storage}


@pytest.fixture
def figure(make_issue: WeekMaker, site: Media) -> Figure:
    """A figure that a published article shows."""
    make_issue({"台积电扩产": "先进封装产能翻倍。"})
    article = Article.objects.get()
    made = Figure(article=article)
    NewFiles().store(made, prepare_image(image_bytes()), "")
    Article.objects.filter(pk=article.pk).update(body=f'<p>图</p><img src="{made.get_absolute_url()}">')
    return made


def test_a_figure_is_stored_read_listed_and_deleted(site: Media) -> None:
    name = "figures/ab/图 1.png"
    assert site.save(name, ContentFile(b"picture")) == name
    assert (site.exists(name), [*site.names()], site.open(name).read()) == (True, [name], b"picture")
    site.delete(name)
    assert (site.exists(name), [*site.names()]) == (False, [])
    with pytest.raises(FileNotFoundError, match="holds no figures/ab"):
        site.open(name)


def test_more_figures_than_one_answer_lists_are_listed(site: Media) -> None:
    names = [f"figures/{number:04}.png" for number in range(1001)]
    for name in names:
        site.save(name, ContentFile(b"x"))
    assert [*site.names()] == names


def test_a_figure_is_shown_by_the_rules_of_the_site(
    figure: Figure, client: Client, admin_client: Client, settings: Settings
) -> None:
    answer = client.get(figure.get_absolute_url())
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert (content, answer["Content-Type"]) == (figure.image.read(), "image/png")
    assert answer["Content-Length"] == str(len(content))
    settings.READERS = "members"
    assert client.get(figure.get_absolute_url()).status_code == 401
    settings.READERS = "everyone"
    withdraw(Issue.objects.get())
    assert client.get(figure.get_absolute_url()).status_code == 404
    assert admin_client.get(figure.get_absolute_url()).status_code == 200


def test_what_the_bucket_has_lost_is_a_404(figure: Figure, site: Media, client: Client) -> None:
    site.delete(figure.image.name)
    assert client.get(figure.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("trouble", ["kill", "pause"])
def test_while_the_store_is_away_pages_are_read_and_nothing_is_stored_half(
    figure: Figure, server: Server, admin_client: Client, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    getattr(server, trouble)()
    with caplog.at_level(logging.WARNING, "config.availability"):
        answer = admin_client.get(figure.get_absolute_url())
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "图片现在取不到" in answer.text
    assert "figures can be neither read nor stored" in caplog.text
    assert server.secret not in caplog.text
    assert "台积电扩产" in admin_client.get(figure.article.get_absolute_url()).text
    ready = admin_client.get("/readyz")
    assert (ready.status_code, "does not answer" in ready.json()["figures"]) == (200, True)
    another = Figure(article=figure.article)
    with pytest.raises(MediaUnavailable):
        NewFiles().store(another, prepare_image(image_bytes(colour="green")), "")
    assert Figure.objects.count() == 1
    server.go_on()
    server.kill()
    server.start()
    until(lambda: admin_client.get(figure.get_absolute_url()).status_code == 200, "the figure")


def test_a_week_with_figures_is_imported_whole_or_not_at_all(
    site: Media, server: Server, db: None, tmp_path: Path
) -> None:
    week = tmp_path / "week.html"
    picture = f"<img src='data:image/png;base64,{b64encode(image_bytes()).decode()}'>"
    week.write_text(
        f"<h1>芯闻周报 2025年3月17日-3月21日</h1><h2>1、台积电扩产</h2><p>先进封装产能翻倍。</p>{picture}",
        encoding="utf-8",
    )
    server.kill()
    with pytest.raises(
        CommandError, match=r"week.html: 图片存不进去（the bucket 'figures' at .* does not answer"
    ):
        call_command("import_issues", week, publish=True)
    assert (Issue.objects.count(), Figure.objects.count()) == (0, 0)
    server.start()
    until(lambda: not site.problem(), "the store")
    call_command("import_issues", week, publish=True)
    assert (Issue.objects.count(), [*site.names()]) == (1, [Figure.objects.get().image.name])


def test_a_move_that_was_broken_off_goes_on(
    server: Server, settings: Settings, tmp_path: Path, db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    here, url = site_media(), server.url(prefix=uuid.uuid4().hex)
    names = [f"figures/{number:02}.png" for number in range(40)]
    for name in names:
        here.save(name, ContentFile(name.encode() * 1000))
    there = media_at(url)
    real, stored = there.open, names[:15]
    for name in stored:
        there.save(name, here.open(name))
    server.kill()
    with pytest.raises(CommandError, match="does not answer"):
        call_command("move_media", url)
    server.start()
    until(lambda: not there.problem(), "the store")
    call_command("move_media", url)
    assert "Moved: 40 files" in (said := capsys.readouterr().out)
    assert "25 of them copied now" in said
    assert {name: real(name).read() for name in there.names()} == {
        name: here.open(name).read() for name in names
    }
    use(url, settings)
    call_command("move_media", f"file://{tmp_path}/back")
    assert "40 of them copied now" in capsys.readouterr().out


def test_a_store_with_a_certificate_that_has_expired_is_named_with_the_remedy(
    tmp_path: Path, s3_server: Server
) -> None:
    for valid, said in (
        (True, ""),
        (False, "certificate that is not accepted (certificate has expired): renew it"),
    ):
        certificate = _certificate(tmp_path, valid=valid)
        with s3.server(certificate) as server:
            problem = media_at(server.url(ca=str(certificate[0]))).problem()
        assert said in problem
        assert bool(problem) is bool(said)


def _certificate(folder: Path, *, valid: bool) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "store of tests")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=9))
        .not_valid_after(now + dt.timedelta(days=9 if valid else -1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    files = folder / f"{valid}.pem", folder / f"{valid}.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))
    return files


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"bucket": "another-bucket"}, "the bucket 'another-bucket' at {endpoint} is not there: make it"),
        ({"secret": "a-wrong-secret"}, "refuses the keys of the URL (SignatureDoesNotMatch): mend MEDIA_STORAGE_URL"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_url_is_told_to_editors_operators_and_checks(
    server: Server,
    settings: Settings,
    admin_client: Client,
    make_issue: WeekMaker,
    changes: dict[str, str],
    said: str,
) -> None:
    make_issue({"台积电扩产": "先进封装产能翻倍。"})
    use(server.url(**changes), settings)
    said = said.format(endpoint=f"http://127.0.0.1:{server.port}")
    ready = admin_client.get("/readyz")
    assert (ready.status_code, said in ready.json()["figures"]) == (200, True)
    page = admin_client.get(reverse("admin:index")).text
    assert "存放图片的地方出了问题" in page
    assert "a-wrong-secret" not in page + ready.text
    found = [check.msg for check in run_checks(tags=["database"], databases=["default"])]
    assert any(said in message for message in found)
