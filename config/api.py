"""The JSON API of the whole site: the rooms' routers, one form of errors, one OpenAPI description."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema

from archive.api import router as archive_router
from archive.problems import MEDIA_TYPE, ParameterProblem, problem_response
from config.reference import Reference
from glossary.api import router as glossary_router
from search.pages.api import router as search_router

DESCRIPTION = "半导体周报文库的公开接口：只读，不需要密钥，只含已发布的内容。"

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
        return schema


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


api = Api(title="芯闻库", version="1", description=DESCRIPTION, docs=Reference(), docs_url="docs")
api.add_router("", archive_router)
api.add_router("", glossary_router)
api.add_router("", search_router)


@api.exception_handler(ValidationError)
def refuse(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Names every parameter that makes no sense."""
    errors = [ParameterProblem(parameter=str(one["loc"][-1]), detail=str(one["msg"])) for one in error.errors]
    names = "、".join(dict.fromkeys(one.parameter for one in errors))
    return problem_response(422, f"参数不合要求：{names}。取值范围见 /api/v1/docs。", errors)


@api.exception_handler(Http404)
def miss(request: HttpRequest, error: Http404) -> HttpResponse:
    return nothing_here(request)


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answers for everything below the API's address that is not there."""
    return problem_response(404, "这个地址没有内容：可能写错了，也可能还没有发布，或者已经撤下。")
