"""Refuses what is asked for too often, before its view runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from archive.counting import is_first, rate_of, seconds_to_wait, sender_of
from archive.problems import problem_response
from archive.rate import waiting
from members.addresses import client_address
from members.limits.rules import API, FEEDS, LOG_IN, MAILS, TYPING, UPLOADS, Rule, rule_of

logger = logging.getLogger(__name__)

SAID = {
    LOG_IN: "登录",
    UPLOADS: "上传",
    FEEDS: "订阅",
    MAILS: "订阅邮件",
}
"""What readers call it; everything else is a search."""


class LimitsMiddleware:
    """Counts requests by `rule_of`. It stands behind the page cache, which costs nothing, and behind the sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answers 429 in place of the view when there were too many requests like this one."""
        match = request.resolver_match
        rule = rule_of(request, match) if match else None
        if rule is None:
            return None
        sender = sender_of(request, by_address=rule.by_address)
        wait = seconds_to_wait(rule.limit, sender)
        if not wait:
            return None
        _log_once(request, rule, sender)
        response = _refusal(request, rule, wait)
        response["Retry-After"] = str(wait)
        response["Cache-Control"] = "no-store"
        response._has_been_logged = True  # type: ignore[attr-defined]  # by Django, a line for each with what was asked
        return response


def _refusal(request: HttpRequest, rule: Rule, wait: int) -> HttpResponse:
    rate, status = rate_of(rule.limit), HTTPStatus.TOO_MANY_REQUESTS
    what = SAID.get(rule, "搜索")
    said = f"您这里{what}得太频繁：{rate.period}内最多 {rate.times} 次。请过{waiting(wait)}再试。"
    if rule in (API, TYPING) or request.resolver_match.namespace == "api-1":  # type: ignore[union-attr]
        said = f"请求太频繁：{rate.period}内最多 {rate.times} 次。请过{waiting(wait)}再试（见 Retry-After）。"
        return problem_response(status, said)
    if rule is FEEDS or not request.accepts("text/html"):
        return HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")
    context = {"what": what, "rate": rate, "waiting": waiting(wait), "was_sent": request.method == "POST"}
    return render(request, "members/too_many_requests.html", context, status=status)


def _log_once(request: HttpRequest, rule: Rule, sender: str) -> None:
    """Writes one line for each sender and period: who asks a thousand times too often fills no disk."""
    if is_first(f"refusal:{rule.limit}", sender, rate_of(rule.limit).seconds):
        logger.warning(
            "limit %s: too many requests from %s", rule.limit, client_address(request) or "nowhere"
        )
