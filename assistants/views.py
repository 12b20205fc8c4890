"""POST /mcp: HTTP around the protocol. What is refused is refused in words, as JSON-RPC has it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from assistants import protocol
from assistants.messages import Code, Message, Refused, answer, error, read_message

MAX_BYTES = 64 * 1024
"""Of a message: a query has a thousand characters."""
MOST_PASSED_OVER = 8 * 1024**2
_JSON = "application/json"
_STATUSES = {Code.METHOD_NOT_FOUND: HTTPStatus.NOT_FOUND}
"""Of an error, since requests stand for themselves; of any other code 400."""
_NOT_HTTP = "这里是给 AI 助手用的（Model Context Protocol），只收 POST。把这个网址加到助手里就能用。"


# No form of a browser can send JSON here, a page of another site is refused by its Origin, and nothing is changed.
@csrf_exempt
def mcp(request: HttpRequest) -> HttpResponse:
    """Answers one message."""
    refusal = _refusal(request)
    if refusal is not None:
        return refusal
    try:
        body = request.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            _read_to_the_end(request)
            return _told(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE)
    except UnreadablePostError:  # who asked has hung up: nobody reads the answer, and nothing is wrong here
        return _told(HTTPStatus.BAD_REQUEST, "消息没有收全，没有执行。")
    try:
        message = read_message(body)
    except Refused as refused:
        return _json(error(refused, None), HTTPStatus.BAD_REQUEST)
    try:
        result = protocol.answer(message, request.headers, request.build_absolute_uri)
    except Refused as refused:
        return _json(error(refused, message.id), _status(refused, message, request))
    if result is None:
        return HttpResponse(status=HTTPStatus.ACCEPTED)
    return _json(answer(message, result), HTTPStatus.OK)


_TOO_LARGE = f"消息太大，没有执行：最多 {MAX_BYTES // 1024} KB。"


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """Returns the answer to what is refused before its body is read."""
    if request.method != "POST":
        response = _told(HTTPStatus.METHOD_NOT_ALLOWED, _NOT_HTTP)
        response["Allow"] = "POST"
        return response
    if not _is_of_this_site(request):
        return _told(HTTPStatus.FORBIDDEN, "不接受别的网站的网页（Origin）发来的请求。")
    if not request.accepts(_JSON):
        return _told(
            HTTPStatus.NOT_ACCEPTABLE, f"只能用 JSON 回答：请求头 Accept 要有 {_JSON}, text/event-stream。"
        )
    if request.content_type != _JSON:
        return _told(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"正文应该是 JSON：请求头 Content-Type 要写 {_JSON}。"
        )
    return None


def _read_to_the_end(request: HttpRequest) -> None:
    """Passes over what is left of a body: who is still sending when the connection ends never sees the answer."""
    left = MOST_PASSED_OVER
    while left > 0 and (piece := request.read(MAX_BYTES)):
        left -= len(piece)


def _is_of_this_site(request: HttpRequest) -> bool:
    """Whether a program asks, or a page of ours: a browser says of which site the page is that asks."""
    origin = request.headers.get("Origin")
    own = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return origin is None or origin in own


def _status(refused: Refused, message: Message, request: HttpRequest) -> HTTPStatus:
    """Clients of older revisions take a 404 for the end of a session: they are told of errors within a 200."""
    is_of_headers = refused.code in (Code.HEADER_MISMATCH, Code.UNSUPPORTED_VERSION)
    if protocol.is_stateless(request.headers) or is_of_headers:
        return _STATUSES.get(refused.code, HTTPStatus.BAD_REQUEST)
    return HTTPStatus.OK


def _told(status: HTTPStatus, said: str) -> HttpResponse:
    return _json(error(Refused(Code.INVALID_REQUEST, said), None), status)


def _json(told: dict[str, Any], status: HTTPStatus) -> HttpResponse:
    response = JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store, private"
    return response
