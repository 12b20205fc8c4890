"""The reference of the API: a page that the server makes from the OpenAPI description, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from archive.models import Issue
from glossary.topics import topics
from members.access import is_closed

WORDS = {
    "integer": "整数",
    "number": "数",
    "string": "文字",
    "boolean": "是或否",
    "null": "空",
    "object": "对象",
    "array": "列表",
}
FORMATS = {"date": "日期"}


class Value(NamedTuple):
    """A parameter of an operation, or a property of its response, which is nested in `depth` others."""

    name: str
    kind: str
    description: str
    is_required: bool = False
    depth: int = 0


class Operation(NamedTuple):
    """An operation of the API: its address, its parameters and its response."""

    path: str
    summary: str
    tag: str
    example: str
    """An address to try it with; empty when there is nothing yet to try it on."""
    parameters: list[Value]
    properties: list[Value]


class Reference(DocsBase):
    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema()
        context = {
            "description": schema["info"]["description"],
            "is_closed": is_closed(),
            "operations": operations_of(schema, _things_to_try()),
            "openapi_url": self.get_openapi_url(api, kwargs),
        }
        return render(request, "api/reference.html", context)


def operations_of(schema: dict[str, Any], examples: dict[str, str]) -> list[Operation]:
    """Returns the operations of an OpenAPI description, in its order.

    `examples` are values for the parameters in paths, by path and name joined: `{"/issues/{slug}": "2025-03-21"}`.
    """
    components = schema["components"]["schemas"]
    return [
        Operation(
            path=path,
            summary=operation["summary"],
            tag=operation["tags"][0],
            example=_example(path, operation["parameters"], examples),
            parameters=[_parameter(parameter) for parameter in operation["parameters"]],
            properties=list(
                _properties(operation["responses"][200]["content"]["application/json"]["schema"], components)
            ),
        )
        for path, methods in schema["paths"].items()
        for operation in methods.values()
    ]


def _things_to_try() -> dict[str, str]:
    """Values for the parameters in paths: what is newest, and what is mentioned most."""
    issue = Issue.objects.published().first()
    article = issue.articles.headings().first() if issue else None
    found = {}
    if issue:
        found["/api/v1/issues/{slug}"] = issue.slug
    if article:
        found["/api/v1/articles/{id}"] = str(article.pk)
    for topic in sorted(topics().values(), key=lambda topic: -topic.articles)[:1]:
        found["/api/v1/topics/{slug}"] = topic.slug
    return found


def _example(path: str, parameters: list[dict[str, Any]], examples: dict[str, str]) -> str:
    before, brace, _ = path.partition("{")
    if brace:
        return f"{before}{examples[path]}" if path in examples else ""
    given = {one["name"]: one["example"] for one in parameters if "example" in one}
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


def _parameter(parameter: dict[str, Any]) -> Value:
    schema = parameter["schema"]
    return Value(
        parameter["name"], _kind(schema), schema.get("description", ""), bool(parameter.get("required"))
    )


def _properties(schema: dict[str, Any], components: dict[str, Any], depth: int = 0) -> Iterator[Value]:
    target = _target(schema, components)
    for name, value in target.get("properties", {}).items():
        yield Value(name, _kind(value), value.get("description", ""), depth=depth)
        yield from _properties(value, components, depth + 1)


def _target(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """Returns the object that a schema is, lists, or may be."""
    for inner in (schema.get("items"), *schema.get("anyOf", [])):
        if inner and "$ref" in str(inner):
            return _target(inner, components)
    if "$ref" in schema:
        found: dict[str, Any] = components[schema["$ref"].rsplit("/", 1)[-1]]
        return found
    return schema


def _kind(schema: dict[str, Any]) -> str:
    """Says in words what a value is: `整数，1—100，默认 20`."""
    options = schema.get("anyOf", [schema])
    words = [_word(option) for option in options]
    limits = {name: value for option in options for name, value in option.items()}
    if "minimum" in limits and "maximum" in limits:
        words.append(
            f"{limits['minimum']}—{limits['maximum']}"
            if limits["maximum"] < 2**31
            else f"{limits['minimum']} 起"
        )
    if schema.get("default") not in (None, "", []):
        words.append(f"默认 {schema['default']}")
    return "，".join(word for word in words if word)


def _word(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " / ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    kind = schema.get("type", "object")
    if kind == "null":
        return "可以没有"
    return FORMATS.get(schema.get("format", ""), WORDS[kind])
