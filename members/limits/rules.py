"""Which limit a request falls under: by the name of its view, never by what its address looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import ResolverMatch

from search.pages.signals import is_typing


@dataclass(frozen=True, slots=True)
class Rule:
    """The limit of a view: one of settings.LIMITS."""

    limit: str
    is_of_posts: bool = False
    """Only what is sent counts: the form itself may be looked at."""
    by_address: bool = False
    """Whoever is logged in: who tries passwords may have an account of their own."""


SEARCH, TYPING, TRENDS, API, FEEDS = map(Rule, ("search", "typing", "trends", "api", "feeds"))
LOG_IN = Rule("log-in", is_of_posts=True, by_address=True)
UPLOADS = Rule("uploads", is_of_posts=True)
MAILS = Rule("mails", is_of_posts=True, by_address=True)

RULES: Mapping[str, Rule] = {
    "search:results": SEARCH,
    "search:markdown": SEARCH,
    "search:marks": SEARCH,
    "search:completions": TYPING,
    "api-1:suggest": TYPING,  # what the site's own box asks
    "trends:show": TRENDS,
    "trends:articles": TRENDS,
    "trends:csv": TRENDS,
    "trends:picture": TRENDS,
    "api-1:trends": TRENDS,
    "glossary:topic-csv": TRENDS,
    "offline:weeks": API,  # a program of ours, in each reader's browser
    "assistants:mcp": API,
    "claims:topic-csv": TRENDS,
    "portable:file": FEEDS,
    "claims:article-csv": TRENDS,
    "following:news": TRENDS,  # a search for each that is followed
    "search:feed": FEEDS,
    "glossary:topic-feed": FEEDS,
    "alerts:subscribe": MAILS,
    "admin:login": LOG_IN,
    "desk:open": UPLOADS,
    "desk:figure": UPLOADS,
    "desk:batches": UPLOADS,
    "admin:archive_article_figures": UPLOADS,
    "admin:glossary_term_import": UPLOADS,
}
"""Views by name. Reports of errors count themselves (archive.reporting): what was written stays in their form."""
NAMESPACES: Mapping[str, Rule] = {"api-1": API}
"""Views of a namespace that have no rule of their own."""
ACCOUNT = "account/"
"""What is sent to addresses below it logs in, or asks for a password or a mail: a limit that needs no list of names."""


def rule_of(request: HttpRequest, match: ResolverMatch) -> Rule | None:
    """Returns the rule that a request falls under, if any.

    What is asked for while a query is typed has a limit of its own, ten times as high: nobody who types meets it, and
    who sends the header to go past the search's meets it all the same.
    """
    rule = RULES.get(match.view_name) or NAMESPACES.get(match.namespace)
    if rule is None and match.route.startswith(ACCOUNT):
        rule = LOG_IN
    if rule is SEARCH and is_typing(request):
        rule = TYPING
    if rule is not None and rule.is_of_posts and request.method != "POST":
        return None
    return rule
