"""The steps that change the glossary."""

from __future__ import annotations

from tests.border.steps import Step, term_form

WORDS: dict[str, Step] = {
    "a term": Step("glossary_term_add", lambda world: world.post("glossary_term_add", **term_form("铠侠"))),
    "a renamed term": Step(
        "glossary_term_change",
        lambda world: world.post("glossary_term_change", world.term.pk, **term_form("英特尔")),
    ),
    "a deleted term": Step(
        "glossary_term_delete", lambda world: world.post("glossary_term_delete", world.term.pk, post="yes")
    ),
    "an alias": Step(
        "insight_ignoredword_alias",
        lambda world: world.post("insight_ignoredword_alias", text="铠侠", term=world.term.name),
    ),
    "a table": Step(
        "glossary_term_import",
        lambda world: world.post(
            "glossary_term_import", mode="add", table="name,kind,aliases,note\n铠侠,company,Kioxia,存储\n"
        ),
    ),
}
"""The glossary: links, topics and what a search understands, never a word of a week (decision 37)."""
