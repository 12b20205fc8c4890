"""Errors of the API, as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from django.http import HttpResponse
from ninja import Field, Schema

MEDIA_TYPE = "application/problem+json"


class ParameterProblem(Schema):
    """A parameter that makes no sense, and why."""

    parameter: str
    detail: str


class Problem(Schema):
    type: str = Field(
        default="about:blank", description="这一类错误的网址；about:blank 表示状态码已说明一切。"
    )
    title: str = Field(description="状态码的名称。")
    status: int
    detail: str = Field(description="出了什么错，怎么办。")
    errors: list[ParameterProblem] = Field(default=[], description="不合要求的参数，一个一条。")


PROBLEMS = {404: Problem, 422: Problem}
"""Responses of operations with a path parameter."""


def problem_response(status: int, detail: str, errors: Sequence[ParameterProblem] = ()) -> HttpResponse:
    """Returns the answer that tells of a problem."""
    problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors))
    return HttpResponse(problem.model_dump_json(), status=status, content_type=MEDIA_TYPE)
