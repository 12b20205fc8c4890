"""Passwords are kept as Argon2id; what an earlier version kept is made anew when its owner logs in."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from config import settings as site
from config.passwords import Argon2


@pytest.fixture(autouse=True)
def real_hashers(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = site.PASSWORD_HASHERS


def test_new_ones_are_argon2id_with_owasps_parameters() -> None:
    assert make_password("correct horse").startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_two_of_the_same_are_not_alike() -> None:
    assert make_password("correct horse") != make_password("correct horse")


@pytest.mark.django_db
def test_an_old_hash_lets_in_and_is_made_anew(client: Client) -> None:
    user = User(
        username="bianji", password=make_password("correct horse", hasher="pbkdf2_sha256"), is_staff=True
    )
    user.save()
    assert user.password.startswith("pbkdf2_sha256$")
    assert not client.login(username="bianji", password="correct hors")
    assert client.login(username="bianji", password="correct horse")
    user.refresh_from_db()
    assert user.password.startswith("argon2$")
    assert client.login(username="bianji", password="correct horse")


def test_a_hash_with_weaker_parameters_is_made_anew() -> None:
    hasher = Argon2()
    weaker = hasher.encode("correct horse", hasher.salt()).replace("m=19456", "m=8192")
    assert hasher.must_update(weaker)


@pytest.mark.parametrize(
    "password",
    ["Xinwenku-2026!", "芯闻库20261129", "admin1234567890", "主编主编2026!!!!", "示例周刊-2026-11"],
)
def test_the_sites_own_words_are_no_password(settings: LazySettings, password: str) -> None:
    settings.SITE_NAME = "示例周刊"
    with pytest.raises(ValidationError, match="网站的名字"):
        validate_password(password)


@pytest.mark.parametrize(
    "password", ["芯闻库里有一只安静的猫", "xinwenku correct horse", "wholly other 2026"]
)
def test_such_a_word_among_others_is_fine(password: str) -> None:
    validate_password(password)
