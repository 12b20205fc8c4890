"""The order of INSTALLED_APPS means nothing: the site does the same in every order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tiers import thinned

pytestmark = pytest.mark.server

ROOT = Path(__file__).resolve().parent.parent
ORDERS = {
    "backwards": "apps.reverse()",
    "by name": "apps.sort()",
    "by their last letters": "apps.sort(key=lambda app: app[::-1])",
    "ours behind the others": "apps.sort(key=lambda app: (BASE_DIR / app).is_dir())",
}
SITE = """
import io, os, sys, types
import config.settings as site
from config.settings import *
BASE_DIR, apps = site.BASE_DIR, list(site.INSTALLED_APPS)
{reorder}
settings = types.ModuleType("other_order")
settings.__dict__.update({{name: value for name, value in vars(site).items() if name.isupper()}})
settings.INSTALLED_APPS = apps
settings.STORAGES["staticfiles"] = {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
sys.modules["other_order"] = settings
os.environ["DJANGO_SETTINGS_MODULE"] = "other_order"
import django
django.setup()
from django.core.management import call_command, get_commands
from django.contrib.auth.models import Group, User
from django.test import Client
call_command("migrate", verbosity=0)
call_command("import_issues", min((BASE_DIR / "fixtures" / "weeks").iterdir()), publish=True, verbosity=0)
User.objects.create_superuser("editor")
from archive.models import Article, Issue
from archive import publishing
from glossary.editing import save_term
from glossary.models import Term
from search.results.request import SearchRequest
from search.results.service import find
article = Article.objects.order_by("pk").first()
term = Term(name=article.title, kind="product")
save_term(term)
print(term.mentions.filter(article=article).exists())
print(find(SearchRequest(article.title)).results[0].article.pk == article.pk)
publishing.withdraw(article.issue)
print(article.pk in [hit.article.pk for hit in find(SearchRequest(article.title)).results])
print(Client().get("/").status_code, Client().get("/search/?q=HBM").status_code)
editor = Client()
editor.force_login(User.objects.get())
print(editor.get("/admin/").status_code, editor.get(f"/admin/archive/article/{{article.pk}}/change/").status_code)
print(get_commands()["rebuild_index"], get_commands()["migrate"])
print(Group.objects.get(name="主编").permissions.filter(codename="publish_issue").exists())
call_command("check_index", stdout=io.StringIO())
"""
EXPECTED = ["True", "True", "False", "200 200", "200 200", "search config", "True"]


@pytest.mark.parametrize(
    "reorder", thinned((pytest.param(order, id=name) for name, order in ORDERS.items()), every=len(ORDERS))
)
def test_the_site_works_in_any_order(tmp_path: Path, reorder: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.endswith(("_URL", "SECRET_KEY"))}
    done = subprocess.run(
        [sys.executable, "-c", SITE.format(reorder=reorder)],
        cwd=ROOT,
        env={
            **kept,
            "XWK_DATA_DIR": str(tmp_path / "data"),
            "SECRET_KEY": "x",
            "SECOND_FACTOR_REQUIRED": "false",
            "ALLOWED_HOSTS": "testserver",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.splitlines() == EXPECTED, done.stdout + done.stderr[-3000:]
