"""What members and editors read calls one thing by one name (docs/wording.md)."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterable
from pathlib import Path

import allauth
import django
import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.test import Client

from tests import editors_words
from tests.conftest import WeekMaker
from tests.editors_words import faults

ROOT = Path(__file__).resolve().parent.parent
OTHER_NAMES = "检索|查询|查找|说到|读者|提及|取出|撤下|后台|编辑登录|登出|对数似然|显著性|你|命令行"
EDITORS = {"_teach.html"}
"""Of templates that only editors see, some stand among those of members."""
FOR_WHO_ASKS = {"对数似然"}
"""Technical words that the help page has."""
TEMPLATES = [
    path
    for folder in ("", "archive", "search", "glossary", "api", "members")
    for path in sorted((ROOT / "templates" / folder).glob("*.html"))
    if path.name not in EDITORS
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_of_members_has_none_of_the_other_names(path: Path) -> None:
    shown = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"))
    found = set(re.findall(OTHER_NAMES, shown))
    assert found <= (FOR_WHO_ASKS if path.name == "help.html" else set())


def test_the_templates_are_found() -> None:
    assert {"base.html", "basket.html", "results.html", "topic_list.html", "reference.html"} <= {
        path.name for path in TEMPLATES
    }


def test_pages_of_members_have_none_of_the_other_names(client: Client, make_issue: WeekMaker) -> None:
    issue = make_issue({"先进封装": "第一段。"}, columnist="莫大康")
    addresses = [
        "/",
        "/issues/",
        "/topics/",
        "/trends/",
        "/trends/?q=封装",
        "/search/",
        "/search/?q=封装",
        "/basket/",
    ]
    addresses += ["/search/?q=绝无此词&explain=1", "/api/v1/docs", issue.get_absolute_url()]
    addresses += ["/search/help/", issue.articles.get().get_absolute_url()]
    for address in addresses:
        shown = re.sub(r"<script.*?</script>", "", client.get(address).content.decode(), flags=re.DOTALL)
        assert set(re.findall(OTHER_NAMES, shown)) <= FOR_WHO_ASKS, address


# --- The editors' room ----------------------------------------------------------------------------------

EDITORS_ROOM = sorted(
    [
        *(ROOT / "templates" / "admin").rglob("*.html"),
        *(ROOT / "templates" / "desk").glob("*.html"),
        *(ROOT / "templates" / "members").rglob("*.html"),
    ]
)
MESSAGES = sorted(
    path
    for room in ("archive/admin", "desk", "glossary/admin", "insight", "claims", "members", "config")
    for path in (ROOT / room).rglob("*.py")
    if not {"migrations", "radar"} & set(path.parts)
)


def sentences(path: Path) -> list[str]:
    """Returns the Chinese that a module says: its strings, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


@pytest.mark.parametrize("path", EDITORS_ROOM, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_of_the_editors_room_says_what_it_should(path: Path) -> None:
    shown = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"))
    assert not set(faults(re.sub(r"\{[{%].*?[%}]\}", "…", shown)))


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_message_to_editors_says_what_it_should(path: Path) -> None:
    assert not [said for said in sentences(path) if editors_words.OTHER_NAMES.search(said) or "你" in said]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "static" / "js" / "admin").glob("*.js")), ids=lambda path: path.name
)
def test_a_script_of_the_editors_room_says_what_it_should(path: Path) -> None:
    assert not re.findall(editors_words.OTHER_NAMES, path.read_text(encoding="utf-8"))


def test_the_handbook_says_what_it_should() -> None:
    handbook = (ROOT / "docs" / "editors-handbook.md").read_text(encoding="utf-8")
    assert [line for line in handbook.splitlines() if editors_words.OTHER_NAMES.search(line)] == []


# --- Django's sentences in our words ---------------------------------------------------------------------

LOCALE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
DOMAINS = ("django", "djangojs")


def written(domain: str) -> list[Message]:
    return [each for each in read_po(io.BytesIO((LOCALE / f"{domain}.po").read_bytes())) if each.id]


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_runs_is_what_was_written(domain: str) -> None:
    """`make messages` was run."""

    def plain(messages: Iterable[Message]) -> dict[tuple[str, ...], tuple[str, ...]]:
        return {_all(each.id): _all(each.string) for each in messages if each.id}

    runs = read_mo(io.BytesIO((LOCALE / f"{domain}.mo").read_bytes()))
    assert plain(runs) == plain(written(domain))


def _all(forms_of_it: str | Iterable[str] | None) -> tuple[str, ...]:
    return (forms_of_it,) if isinstance(forms_of_it, str) else tuple(forms_of_it or ())


@pytest.mark.parametrize("domain", DOMAINS)
def test_only_what_django_and_its_log_in_say_is_translated(domain: str) -> None:
    """A sentence that a new Django words otherwise would be its own again, and nobody would notice."""
    said: set[object] = set()
    of_django = Path(django.__file__).parent.glob(f"c*/**/locale/en/LC_MESSAGES/{domain}.po")
    of_allauth = Path(allauth.__file__).parent.glob(f"locale/en/LC_MESSAGES/{domain}.po")
    for path in (*of_django, *of_allauth):
        said |= {message.id for message in read_po(io.BytesIO(path.read_bytes()))}
    ours = written(domain)
    assert len(ours) > 10
    assert {message.id for message in ours} - said == set()
    assert [message.id for message in ours if not message.string] == []
