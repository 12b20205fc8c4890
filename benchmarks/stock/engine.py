"""Haystack's Whoosh engine, changed the way every Chinese tutorial changes it: one line, the analyzer."""

from __future__ import annotations

from typing import Any

from haystack.backends.whoosh_backend import WhooshEngine, WhooshSearchBackend
from jieba.analyse import ChineseAnalyzer
from whoosh.fields import TEXT


class ChineseWhooshBackend(WhooshSearchBackend):
    def build_schema(self, fields: dict[str, Any]) -> tuple[str, Any]:
        content_field_name, schema = super().build_schema(fields)
        for _name, field in schema.items():  # noqa: PERF102 - a Schema has no values()
            if isinstance(field, TEXT):
                field.analyzer = ChineseAnalyzer()
        return content_field_name, schema


class ChineseWhooshEngine(WhooshEngine):
    backend = ChineseWhooshBackend
