"""Requests that nobody sends by mistake: drawn by chance from a seed, for `tests.faults.requests`.

Known addresses, parameters and fields are mixed with what programs stumble over, so that most of it gets past the first
check and into a view.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = [
    *["GET"] * 12,
    *["POST"] * 6,
    "HEAD",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "FOO",
    "get",
    "CONNECT",
]
TEXTS = [
    "OR", "NOT", "-", '"', "“", "」", "(", ")", "*", "?", "~", "^", ":", "：", "\\", "title:", "term:", "issue:", "year:", "after:",
    "[* TO *]", "上周", "2025年3月", "2025-02-30", "最近999年", "2025W99", "三纳米", "百分之", "１２吋", "9" * 30 + "nm", "\x00", "\n", "\r\n",
    "\t", "\u3000", "\u200b", "\u202e", "\ufeff", "𠮷", "😀", "ﬁ", "㎚", "İ", "ß", "\u0301" * 50, "%00", "&lt;", "<script>", "' OR 1=1 --",
    "{{ q }}", "${x}", "台积电", "TSMC", "HBM4", "CoWoS-L", "tjd", "芯", "a" * 60, "芯" * 60, "../" * 9, "/etc/passwd", "on", "true", "[]", "{}",
]  # fmt: skip
NUMBERS = [
    "0", "1", "2", "3", "12", "-1", "20", "101", "999999", "2147483648", "9223372036854775807", "9223372036854775808", "1e9", "0x10", "١٢",
    "9" * 400, "1.5", "NaN", "+1", " 1", "00001", "2025", "2025-03", "2025-03-21", "0000-00-00", "9999-12-31", "10000-01-01",
]  # fmt: skip
PARAMETERS = [
    "q", "page", "page_size", "sort", "year", "month", "since", "until", "term", "section", "columnist", "explain", "issues", "script", "kind",
    "p", "read", "next", "o", "e", "all", "_changelist_filters", "_popup", "_to_field", "app_label", "model_name", "field_name", "issue",
    "date__gte", "status__exact", "articles", "ids", "format", "undo", "sent", "x" * 300,
]  # fmt: skip
FIELDS = [
    *PARAMETERS, "title", "slug", "start_date", "end_date", "introduction", "sign_off", "source", "body", "position", "status", "publish_at_0",
    "publish_at_1", "name", "note", "text", "rich", "file", "files", "image", "operation", "place", "piece", "what", "words", "message", "contact",
    "passage", "website", "username", "password", "action", "_selected_action", "select_across", "index", "post", "_save", "_publish", "how",
    "schedule_at", "version", "form_token", "articles-TOTAL_FORMS", "articles-INITIAL_FORMS", "articles-0-id", "articles-0-title",
    "articles-0-position", "articles-0-issue", "aliases-TOTAL_FORMS", "aliases-INITIAL_FORMS", "aliases-0-text", "form-TOTAL_FORMS",
    "form-INITIAL_FORMS", "form-0-id", "look", "reading", "script", "size", "back", "articles-MIN_NUM_FORMS",
]  # fmt: skip
CONTENT_TYPES = [
    "application/x-www-form-urlencoded", "application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "x" * 300, "application/x-www-form-urlencoded; charset=utf-16", "text/html; charset=nonsense", "", "x",
]  # fmt: skip
HEADERS = {
    "Accept": ["*/*", "text/html", "application/json", "text/html;q=0", "a/b;q=x", ",;,", "*"],
    "Accept-Encoding": ["gzip", "gzip;q=0", "br", "identity", "gzip;q=nan", "*;q=0", ""],
    "Accept-Language": ["zh-CN", "en", "x" * 600, "*;q=0.1", "zh-hant,zz;q=9"],
    "If-None-Match": ['W/"x"', "*", '"', 'W/"' + "0" * 32 + '"', ",,,"],
    "If-Modified-Since": ["Sat, 29 Oct 1994 19:43:31 GMT", "yesterday", "Fri, 31 Feb 9999 99:99:99 GMT"],
    "Range": ["bytes=0-1", "bytes=-1", "bytes=9-1", "bytes=0-0,1-1", "lines=1"],
    "Referer": ["http://127.0.0.1/admin/", "http://evil.example/", "//", "http://[::1", "\xff"],
    "Origin": ["null", "http://evil.example", "http://[::1"],
    "Authorization": ["Basic eDp4", "Bearer x", "Basic", "Digest \xff", "Bearer " + "x" * 3000],
    "X-Forwarded-For": ["6.6.6.6", "unknown", "::1, x", "," * 200],
    "X-Forwarded-Proto": ["https", "http, https", ""],
    "X-Forwarded-Host": ["evil.example"],
    "X-Typing": ["1", ""],
    "X-Requested-With": ["XMLHttpRequest"],
    "X-HTTP-Method-Override": ["DELETE"],
    "User-Agent": ["curl/8", "", "\xe8\x8a\xaf", "x" * 4000],
    "Expect": ["100-continue", "200-ok"],
    "Upgrade": ["h2c", "websocket"],
    "Content-Encoding": ["gzip", "x"],
    "Cookie": ["a", "=;=;", "messages=W10", "reading=large-hant", "reading=\xff", "sessionid=x", "csrftoken=x", "x=" + "y" * 3000],
}  # fmt: skip
HOSTS = [
    *["127.0.0.1"] * 40,
    "localhost",
    "evil.example",
    "",
    "127.0.0.1:99999",
    "[::1",
    "127.0.0.1\x00",
    "a" * 300,
]
NOT_SENT = ("logout", "password", "sessions")
"""Addresses that would end what the run stands on."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it goes over the wire, and the address that it was made from."""

    raw: bytes
    route: str
    method: str


class Fuzzer:
    """Draws requests from a seed. `sessions` are session keys; an empty one is a stranger."""

    def __init__(self, seed: int, sessions: Sequence[str]) -> None:
        self._chance = random.Random(seed)
        self._sessions = sessions
        self._routes = [route for route in routes() if not any(word in route for word in NOT_SENT)]
        self._public = [route for route in self._routes if not route.startswith("admin/")]

    def request(self) -> Sent:
        chance = self._chance
        if chance.random() < 0.01:
            return Sent(self._garbage(), "garbage", "?")
        known = self._routes if chance.random() < 0.6 else self._public
        route, method = chance.choice(known), chance.choice(METHODS)
        target = self._path(route)
        if chance.random() < 0.7:
            target += "?" + "&".join(
                f"{self._encoded(chance.choice(PARAMETERS))}={self._encoded(self._value())}"
                for _ in range(chance.randint(1, 5))
            )
        headers = {"Host": chance.choice(HOSTS), "Connection": "close"}
        token = "x" * 32
        session = chance.choice(self._sessions)
        if chance.random() < 0.9:
            headers["Cookie"] = f"csrftoken={token}" + (f"; sessionid={session}" if session else "")
            headers["X-CSRFToken"] = token
        for name in chance.sample([*HEADERS], chance.choice([0, 0, 1, 2, 3])):
            value = chance.choice(HEADERS[name])
            headers[name] = f"{headers[name]}; {value}" if name == "Cookie" and name in headers else value
        body = b""
        if method in ("POST", "PUT", "PATCH") or chance.random() < 0.02:
            body, headers["Content-Type"] = self._body()
            headers["Content-Length"] = str(len(body))
        head = f"{method} {target} HTTP/1.1\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in headers.items()
        )
        return Sent(head.encode("latin-1", "replace") + b"\r\n" + body, route, method)

    def _path(self, route: str) -> str:
        """An address of this route, with something in the place of each argument, and now and then a mistake."""
        chance, path = self._chance, "/" + route
        while "<" in path:
            before, _, rest = path.partition("<")
            argument, _, after = rest.partition(">")
            value = chance.choice(NUMBERS if "int:" in argument else [*NUMBERS, *TEXTS])
            if "int:" in argument and chance.random() < 0.8:
                value = str(chance.randint(1, 130))
            path = before + self._encoded(value) + after
        if chance.random() < 0.08:
            place = chance.randrange(len(path) + 1)
            path = (
                path[:place]
                + chance.choice(["%", "%00", "%ff", "//", "/../", "%2e%2e/", "\xe9", ";x", "%E8%8A"])
                + path[place:]
            )
        return path

    def _value(self) -> str:
        chance = self._chance
        kind = chance.random()
        if kind < 0.4:
            return chance.choice(NUMBERS)
        if kind < 0.97:
            return chance.choice(["", " ", "　"]).join(chance.choices(TEXTS, k=chance.randint(1, 6)))
        return chance.choice(TEXTS) * chance.randint(20, 400)

    def _encoded(self, text: str) -> str:
        """Percent-encoded as browsers do it; now and then as they do not."""
        chance = self._chance
        data = text.encode("utf-8", "surrogatepass")
        if chance.random() < 0.03:
            data = bytes(chance.randrange(256) for _ in range(chance.randint(1, 12)))
        return quote_from_bytes(data, safe="")

    def _body(self) -> tuple[bytes, str]:
        chance, kind = self._chance, self._chance.random()
        if kind < 0.5:
            fields = "&".join(
                f"{self._encoded(chance.choice(FIELDS))}={self._encoded(self._value())}"
                for _ in range(chance.choice([1, 5, 5, 20, 60]))
            )
            return fields.encode(), CONTENT_TYPES[0]
        if kind < 0.75:
            return self._multipart(), "multipart/form-data; boundary=frontier"
        if kind < 0.8:
            return b"a=1&" * chance.choice([4000, 6000]), CONTENT_TYPES[0]
        if kind < 0.9:
            text = chance.choice(['{"q": ', "[" * 5000, '{"a": NaN}', '"' + "\\ud800" + '"', "null", "{}"])
            return text.encode(), "application/json"
        return chance.randbytes(chance.randint(0, 3000)), chance.choice(CONTENT_TYPES)

    def _multipart(self) -> bytes:
        chance, parts = self._chance, []
        for _ in range(chance.choice([1, 2, 6])):
            name = chance.choice(FIELDS).replace('"', "")
            extra, content = "", self._value().encode("utf-8", "surrogatepass")
            if chance.random() < 0.3:
                file_name = chance.choice(
                    [
                        "a.txt",
                        "a.docx",
                        "a.pdf",
                        "a.png",
                        "a.svg",
                        "a.html",
                        "a.zip",
                        "a.xlsx",
                        "../a",
                        "",
                        "a.json",
                        "a.csv",
                    ]
                )
                extra, content = f'; filename="{file_name}"', self._file()
            disposition = f'Content-Disposition: form-data; name="{name}"{extra}'.encode()
            parts.append(b"--frontier\r\n" + disposition + b"\r\n\r\n" + content + b"\r\n")
        whole = b"".join(parts) + b"--frontier--\r\n"
        return whole if chance.random() < 0.9 else whole[: chance.randrange(len(whole))]

    def _file(self) -> bytes:
        chance = self._chance
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(
                chance.choice(["word/document.xml", "../x", "a.txt", "x" * 200]),
                self._value().encode("utf-8", "replace"),
            )
        return chance.choice(
            [
                "周报\n2025.3.17-2025.3.21\n1. 题\n正文。".encode(),
                packed.getvalue(),
                packed.getvalue()[:40],
                b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <</Root 1 0 R>>",
                b"\x89PNG\r\n\x1a\n" + chance.randbytes(60),
                b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
                b"<html><body>" + b"<div>" * 3000,
                b'{"title": "x", "articles": [{}]}',
                "名称,类别\n=1+1,公司\n".encode("gb18030"),
                chance.randbytes(chance.randint(0, 5000)),
            ]
        )

    def _garbage(self) -> bytes:
        """What is no request at all."""
        chance = self._chance
        return chance.choice(
            [
                chance.randbytes(chance.randint(1, 400)) + b"\r\n\r\n",
                b"GET\r\n\r\n",
                b"GET / HTTP/9.9\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n",
                b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 300 + b"\r\n",
                b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
                b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n",
            ]
        )


def routes() -> list[str]:
    """Every address of the site as its URL map writes it, as `articles/<int:pk>/`; patterns are emptied."""
    return sorted({route for route in _below(get_resolver(), "") if "(" not in route})


def _below(resolver: URLResolver, before: str) -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern).lstrip("^").rstrip("$")
        found += (
            _below(entry, route)
            if isinstance(entry, URLResolver)
            else [route]
            if isinstance(entry, URLPattern)
            else []
        )
    return found
