"""The JSON API of the whole site: the rooms' routers, one form of errors, one OpenAPI description."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, reverse
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema

from archive.api import router as archive_router
from archive.problems import MEDIA_TYPE, ParameterProblem, problem_response
from claims.api import router as claims_router
from config.reference import Reference
from glossary.api import router as glossary_router
from members.access import is_closed
from search.pages.api import router as search_router

OPEN = "半导体周报文库的公开接口：只读，不需要密钥，只含已发布的内容。"
CLOSED = "半导体周报文库的接口：只读，只含已发布的内容。文库只对成员开放，每个请求都要带上成员的访问令牌。"

View = Callable[..., HttpResponseBase]


class Api(NinjaAPI):
    """Ninja's API, with errors as problem details, and answers to HEAD."""

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        patterns, app_name, namespace = super().urls
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = _read_only(pattern.callback)
        return patterns, app_name, namespace

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if int(status) >= HTTPStatus.BAD_REQUEST:
                        response["content"] = {MEDIA_TYPE: response["content"].pop("application/json")}
        if is_closed():
            _describe_tokens(schema)
        return schema


def _describe_tokens(schema: OpenAPISchema) -> None:
    """Says that every operation wants a token, and what it answers without one (members/access)."""
    schema["info"]["description"] = CLOSED
    schema["components"]["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": f"访问令牌：成员在 {reverse('tokens:list')} 生成。",
        }
    }
    schema["security"] = [{"token": []}]
    refusal = {
        "description": "没有令牌，或令牌无效。",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in schema["paths"].values():
        for operation in operations.values():
            operation["responses"][HTTPStatus.UNAUTHORIZED.value] = refusal


def _read_only(view: View) -> View:
    """Answers HEAD as GET, of which the server leaves out the body (RFC 9110), and tells of 405 as of any problem.

    Ninja would want each operation twice, and describe it twice.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"
        try:
            response = view(request, *args, **kwargs)
        finally:
            request.method = asked
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response = problem_response(HTTPStatus.METHOD_NOT_ALLOWED, "这里的内容只能读：请用 GET 或 HEAD。")
            response["Allow"] = "GET, HEAD"
        return response

    return answer


api = Api(title="芯闻库", version="1", description=OPEN, docs=Reference(), docs_url="docs")
api.add_router("", archive_router)
api.add_router("", glossary_router)
api.add_router("", search_router)
api.add_router("", claims_router)


@api.exception_handler(ValidationError)
def refuse(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Names every parameter that makes no sense."""
    errors = [
        # Of a parameter that may be given several times, the place of the value comes last.
        ParameterProblem(
            parameter=[name for name in one["loc"] if isinstance(name, str)][-1], detail=str(one["msg"])
        )
        for one in error.errors
    ]
    names = "、".join(dict.fromkeys(one.parameter for one in errors))
    return problem_response(422, f"参数不合要求：{names}。取值范围见 /api/v1/docs。", errors)


@api.exception_handler(Http404)
def miss(request: HttpRequest, error: Http404) -> HttpResponse:
    return nothing_here(request)


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answers for everything below the API's address that is not there."""
    return problem_response(404, "这个网址没有内容：可能不完整，也可能还没有发布，或者已经撤回。")
