"""Someone with a browser: keeps cookies, follows redirects, fills forms in and sends them."""

from __future__ import annotations

import re
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import lxml.html

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


class Visitor:
    """Visits the site at `url`, logged in when a name is given."""

    def __init__(self, url: str, name: str = "", password: str = "") -> None:
        self.url = url
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        if name:
            self.send("/account/login/?next=/admin/", login=name, password=password)

    def ask(self, path: str, data: dict[str, Any] | None = None) -> tuple[int, bytes]:
        """The status and the content of a page; `data` are posted."""
        address = self.url + quote(path, safe="/?&=%+")
        body = None if data is None else urlencode(data, doseq=True).encode()
        request = Request(address, body, headers={"User-Agent": BROWSER, "Referer": address})  # noqa: S310
        try:
            with self.opener.open(request, timeout=120) as response:
                return response.status, response.read()
        except HTTPError as error:
            with error:
                return error.code, error.read()

    def get(self, path: str) -> str:
        """A page that is there."""
        status, content = self.ask(path)
        assert status == 200, f"{path}: {status}"
        return content.decode()

    def send(self, path: str, button: str = "", *, value: str = "1", action: str = "", **filled: Any) -> str:
        """Fills in the form of a page that has these fields, sends it with a button, and returns what comes next."""
        page = lxml.html.document_fromstring(self.get(path))
        forms = [form for form in page.forms if form.method == "POST" and set(filled) <= set(form.fields)]
        if button:
            forms = [form for form in forms if form.xpath(f".//*[@name='{button}']")]
        if action:
            forms = [form for form in forms if (form.action or "").endswith(action)]
        assert forms, f"{path}: no form has {sorted(filled)} and {button or action!r}"
        data: dict[str, Any] = {}
        for name, shown in forms[0].form_values():
            data.setdefault(name, []).append(shown)
        data |= filled
        if button:
            data[button] = value
        status, content = self.ask((forms[0].action or path).removeprefix(self.url), data)
        said = content.decode()
        errors = lxml.html.document_fromstring(said).xpath(
            "//*[contains(@class, 'errorlist')]//li | //*[@class='refusal']"
        )
        assert status == 200, f"{path}: {status}"
        assert not errors, f"{path}: {[error.text_content() for error in errors]}"
        return said

    def number(self, path: str, text: str) -> int:
        """The number in the link to the thing whose row in an admin list holds a text."""
        page = lxml.html.document_fromstring(self.get(path))
        for row in page.xpath("//table[@id='result_list']//tr"):
            if text in row.text_content():
                return int(re.search(r"/(\d+)/change/", row.xpath(".//a/@href")[0])[1])  # type: ignore[index]
        raise AssertionError(f"{path}: no row has {text}")

    def options(self, path: str, field: str) -> dict[str, str]:
        """The values of a choice, by what is shown of them."""
        page = lxml.html.document_fromstring(self.get(path))
        return {
            option.text_content(): option.get("value")
            for option in page.xpath(f"//select[@name='{field}']/option")
        }
