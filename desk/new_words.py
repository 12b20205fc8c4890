"""本期的新词: words of the week on the desk that the glossary lacks. It has a page of its own: the desk stays quick."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from desk.access import editor_of, page
from desk.models import Desk
from desk.state import Card, Paragraph, State
from glossary import current
from insight.radar import Candidate, unknown_words
from insight.word_list import word_list

NEEDED = "insight.view_ignoredword"
"""The permission of the new-word radar."""


@require_GET
def words(request: HttpRequest) -> HttpResponse:
    """Shows each word with how it is cut now, where it is used, and buttons to add it to the glossary or ignore it."""
    lying = _desk(request)
    if lying is None:
        return redirect("desk:desk")
    current.look_again()  # the editor may just have added one
    found = word_list(request, _words(lying.state), request.path)
    return page(
        request, "desk/words.html", {"title": "本期的新词", "total": len(found["candidates"]), **found}
    )


@require_GET
def count(request: HttpRequest) -> JsonResponse:
    """Answers with the number of words, for the desk's bar."""
    lying = _desk(request)
    return JsonResponse({"count": len(_words(lying.state)) if lying else 0})


def _desk(request: HttpRequest) -> Desk | None:
    if not request.user.has_perm(NEEDED):
        raise PermissionDenied
    return Desk.objects.open_of(editor_of(request))


def _words(state: State) -> list[Candidate]:
    pieces: list[Paragraph | Card] = [*state.introduction, *state.cards]
    return unknown_words("\n".join(piece.text for piece in pieces))
