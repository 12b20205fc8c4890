"""Nobody but `archive` writes issues, articles and figures, and nobody but `glossary` writes terms: read in the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OWNED = {
    "archive": {
        "Issue",
        "Article",
        "Figure",
        "SavedForm",
        "issue",
        "issues",
        "article",
        "articles",
        "figures",
    },
    "glossary": {
        "Term",
        "Alias",
        "Writing",
        "Mention",
        "term",
        "terms",
        "alias",
        "aliases",
        "writings",
        "mentions",
    },
}
"""Room → its models, and what fields and variables that hold them are called."""
WRITES = {
    "save", "delete", "create", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "asave", "adelete", "acreate", "aupdate", "abulk_create", "abulk_update", "aget_or_create", "aupdate_or_create",
}  # fmt: skip
ROOMS = sorted(path.parent.name for path in ROOT.glob("*/apps.py"))


def foreign_writes(source: str, room: str) -> Iterator[str]:
    """Calls that write a model of another room than `room`, as they stand in the code."""
    foreign = set().union(*(names for owner, names in OWNED.items() if owner != room))
    tree = ast.parse(source)
    scopes = [
        tree,
        *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)),
    ]
    for scope in scopes:
        made_of = _variables(scope)
        for node in ast.walk(scope):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in WRITES
                and _reach(_chain(node.func.value), made_of) & foreign
            ):
                yield ast.unparse(node)


def _chain(node: ast.AST) -> set[str]:
    """The names that an expression leads through: `issue.articles.filter(…)[0]` → issue, articles, filter."""
    match node:
        case ast.Name(id=name):
            return {name}
        case ast.Attribute(value=value, attr=name):
            return _chain(value) | {name}
        case ast.Call(
            func=ast.Name(id="list" | "sorted" | "next" | "iter" | "reversed" | "enumerate"), args=[first, *_]
        ):
            return _chain(first)
        case ast.Call(func=func):
            return _chain(func)
        case ast.Subscript(value=value) | ast.NamedExpr(value=value) | ast.Starred(value=value):
            return _chain(value)
        case ast.BoolOp(values=values):
            return set().union(*map(_chain, values))
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            return _chain(one) | _chain(other)
        case ast.GeneratorExp(elt=one) | ast.ListComp(elt=one):
            return _chain(one)
    return set()


def _variables(scope: ast.AST) -> dict[str, set[str]]:
    """Variable → the names that its values and its annotation lead through."""
    made_of: dict[str, set[str]] = {}

    def note(target: ast.AST, source: set[str]) -> None:
        for name in ast.walk(target):
            if isinstance(name, ast.Name):
                made_of.setdefault(name.id, set()).update(source)

    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name | ast.Tuple):
                        note(target, _chain(value))
            case ast.AnnAssign(target=ast.Name() as target, annotation=annotation, value=value):
                note(target, _annotated(annotation) | (_chain(value) if value else set()))
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                note(target, _chain(value))
            case ast.NamedExpr(target=target, value=value):
                note(target, _chain(value))
            case ast.arg(arg=name, annotation=annotation) if annotation is not None:
                made_of.setdefault(name, set()).update(_annotated(annotation))
    return made_of


def _annotated(annotation: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}


def _reach(names: set[str], made_of: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    while names - reached:
        reached |= names
        names = set().union(*(made_of.get(name, set()) for name in names))
    return reached


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_writes_the_models_of_archive_or_glossary(room: str) -> None:
    found = {
        f"{path.relative_to(ROOT)}: {call}"
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts
        for call in foreign_writes(path.read_text(encoding="utf-8"), room)
    }
    assert found == set()


def test_the_rooms_are_all_here() -> None:
    assert {"archive", "config", "desk", "glossary", "insight", "search"} <= set(ROOMS)


@pytest.mark.parametrize(
    "code",
    [
        "issue.save()",
        "Article.objects.filter(pk=1).update(title='x')",
        "Article.objects.bulk_create([])",
        "for one in issue.articles.all():\n    one.delete()",
        "def f(it: Issue) -> None:\n    it.save()",
        "def f(its: list[Issue]) -> None:\n    for it in its:\n        it.delete()",
        "old = list(Term.objects.all())\n[one.delete() for one in old]",
        "first = found or Issue()\nfirst.save()",
        "desk.issue.delete()",
        "Mention.objects.get_or_create(count=1)",
    ],
)
def test_a_write_is_seen(code: str) -> None:
    assert list(foreign_writes(code, "desk"))


@pytest.mark.parametrize(
    "code",
    [
        "desk.save()",
        "Desk.objects.filter(issue__isnull=False).delete()",
        "GoldenQuery.objects.filter(article=article).update(outcome='')",
        "counts.update(article=1)",
        "save_issue(issue)",
    ],
)
def test_a_write_of_ones_own_is_none(code: str) -> None:
    assert not list(foreign_writes(code, "desk"))
