"""What is written past the use cases is said and mended."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from archive.models import Article, Issue
from glossary.models import Alias, Term
from tests.use_cases.conftest import Step, World, assert_equal

pytestmark = pytest.mark.django_db(transaction=True)

PAST: dict[str, Step] = {
    "a user": lambda world: User.objects.all().delete(),
    "an issue": lambda world: world.issue.delete(),
    "all issues": lambda world: Issue.objects.all().delete(),
    "an article": lambda world: world.article.delete(),
    "a term": lambda world: Term.objects.get(name="英特尔").delete(),
    "an alias": lambda world: Alias.objects.get().delete(),
    "a new alias": lambda world: Alias.objects.create(term=Term.objects.get(name="英特尔"), text="铠侠"),
    "a text": lambda world: Article.objects.update(body="<p>铠侠与TSMC。</p>"),
    "new articles": lambda world: Article.objects.bulk_create(
        [Article(issue=world.issue, position=7, title="TSMC")]
    ),
    "withdrawn": lambda world: Issue.objects.update(status=Issue.Status.DRAFT),
    "published": lambda world: Issue.objects.update(status=Issue.Status.PUBLISHED, publish_at=timezone.now()),
    "counted wrongly": lambda world: Term.objects.get(name="英特尔").mentions.update(count=7),
}


@pytest.mark.parametrize("step", PAST.values(), ids=PAST)
def test_what_is_written_past_the_use_cases_is_mended(world: World, step: Step) -> None:
    step(world)
    call_command("check_index", fix=True, stdout=io.StringIO())
    assert_equal()


def test_what_was_written_past_the_use_cases_is_said(world: World) -> None:
    Article.objects.filter(pk=world.article.pk).update(body="<p>铠侠。</p>")
    said = io.StringIO()
    with pytest.raises(CommandError, match="check_index --fix"):
        call_command("check_index", stdout=said)
    assert "1 articles with other mentions" in said.getvalue()
    assert "1 stale" in said.getvalue()
