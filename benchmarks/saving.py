"""What a save of an article costs: SQL statements of save, drain and an editor's POST; CPU beside 20 golden queries.

    python -m benchmarks.saving                # this code
    python benchmarks/saving.py --tree DIR     # another checkout's, 0.1.0's too
    python -m benchmarks.saving --articles 10000   # a term that stands in most of so many generated articles

An archive of the demo weeks with the glossary, in a folder that is removed afterwards. BEGIN, COMMIT and savepoints are
not counted.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "PRAGMA")
GOLDEN = 20
TIMES = 5


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tree", type=Path, default=ROOT, help="the checkout whose code is measured")
    parser.add_argument("--articles", type=int, metavar="N", help="saves a term that most of N articles hold")
    options = parser.parse_args()
    tree = options.tree.resolve()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "XWK_DATA_DIR": folder,
            "SECRET_KEY": "only-for-benchmarks",
        }
        for name in ("DATABASE_URL", "SEARCH_URL", "CACHE_URL", "DEBUG", "HTTPS"):
            os.environ.pop(name, None)
        sys.path.insert(0, str(tree))
        os.chdir(tree)
        if options.articles:
            measure_term(options.articles)
        else:
            measure()


def measure_term(articles: int) -> None:
    """Prints how long an editor waits for the saving of the commonest of the words that generated articles hold."""
    import django

    django.setup()
    from django.core.management import call_command

    from archive.models import Article
    from benchmarks import archive
    from glossary.editing import save_term
    from glossary.models import Alias, Term

    archive.prepare()
    common = {query.text for query in archive.make(articles, GOLDEN).queries if query.kind == "common"}
    common -= set(Term.objects.values_list("name", flat=True))
    call_command("rebuild_index", verbosity=0)
    held = {word: Article.objects.filter(body__contains=word).count() for word in common}
    name = max(held, key=held.__getitem__)
    unheard_of = Term(name="没有文章写到的词", kind=Term.Kind.PROCESS)
    save_term(unheard_of)  # so that what a process loads once is loaded
    term = Term(name=name, kind=Term.Kind.PROCESS)
    for what, aliases in (("a new term", []), ("the same with a new alias", [Alias(text=f"{name}一种")])):
        began, worked = time.perf_counter(), time.process_time()
        save_term(term, aliases)
        waited, worked = time.perf_counter() - began, time.process_time() - worked
        print(
            f"Saving {what}, of {held[name]:,} of {articles:,} articles: {waited:.3f} s, CPU {worked:.3f} s"
        )


def measure() -> None:
    """Prints the figures of the code that is first on the path."""
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import transaction
    from django.test import Client
    from django.test.utils import setup_test_environment

    from archive.models import Article
    from insight.models import GoldenQuery

    setup_test_environment()  # so that a form can be read
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("import_glossary", verbosity=0)
    call_command("import_issues", "fixtures/weeks", publish=True, verbosity=0)
    call_command("rebuild_index", verbosity=0)
    editor = Client()
    editor.force_login(User.objects.create_superuser("editor"))
    article = Article.objects.select_related("issue").order_by("pk").last()
    assert article is not None  # noqa: S101 - the demo weeks hold some
    _save(article)  # so that what a process asks once was asked

    for _ in range(2):
        _change(article)
        with transaction.atomic():
            count = _Counted()
            with count:
                _save(article)
            transaction.get_connection().run_on_commit.clear()
        drained = _Counted()
        with drained:
            _drain()
        address = f"/admin/archive/article/{article.pk}/change/"
        form = editor.get(address).context["adminform"].form
        _change(article)
        sent = {
            name: form.initial.get(name, "") for name in ("version", "form_token", "source", "source_url")
        }
        posted = _Counted()
        with posted:
            answer = editor.post(address, {**sent, "title": article.title, "body": article.body})
        assert answer.status_code == 302, answer.content.decode()[:500]  # noqa: S101
        article.refresh_from_db()
        article.issue.refresh_from_db()
    print(f"SQL of a save, in its transaction: {count.number}")
    print(f"SQL of the drain after it:         {drained.number}")
    print(f"SQL of a form's POST with drain:   {posted.number}")

    for title in Article.objects.order_by("pk").values_list("title", flat=True)[:GOLDEN]:
        GoldenQuery.objects.create(query=title, article=Article.objects.filter(title=title).first())
    for name, save in (
        ("an article", lambda: _save(article)),
        ("an issue", lambda: _save_issue(article.issue)),
    ):
        seconds = []
        for _ in range(TIMES):
            _change(article)
            began = time.process_time()
            save()
            seconds.append(time.process_time() - began)
        print(f"CPU of a save of {name} with {GOLDEN} golden queries: {sorted(seconds)[TIMES // 2]:.3f} s")


class _Counted:
    number = 0

    def __enter__(self) -> None:
        from django.db import connection

        self._context = connection.execute_wrapper(self._count)
        self._context.__enter__()

    def __exit__(self, *exception: object) -> None:
        self._context.__exit__(*exception)  # type: ignore[arg-type]

    def _count(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.number += not sql.lstrip().startswith(NOT_COUNTED)
        return execute(sql, *rest)


def _change(article: Any) -> None:
    """Takes the mentions of its title away or brings them back."""
    article.title = "没有词条的标题" if "英特尔" in article.title else "英特尔与台积电"
    article.body = f"<p>台积电与英特尔，第{time.perf_counter_ns()}次。</p>"


def _save(article: Any) -> None:
    try:
        from archive.editing import save_article
    except ImportError:  # 0.1.0
        article.save()
    else:
        save_article(article)


def _save_issue(issue: Any) -> None:
    try:
        from archive.editing import save_issue
    except ImportError:
        issue.save()
    else:
        save_issue(issue)


def _drain() -> None:
    try:
        from search.indexing import sync
    except ImportError:
        from search import sync  # type: ignore[attr-defined, no-redef]
    sync.drain()


if __name__ == "__main__":
    main()
