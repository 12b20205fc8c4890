"""A page that is not there is a 404, whatever was sent to it."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

UNREADABLE = {
    "a form without a boundary": ("multipart/form-data; boundary=", b"x"),
    "a boundary that is too long": (f"multipart/form-data; boundary={'x' * 300}", b"x"),
    "more fields than a form has": ("application/x-www-form-urlencoded", b"a=1&" * 6000),
    "an encoding that there is not": ("application/x-www-form-urlencoded; charset=nonsense", b"a=\xff"),
}


@pytest.mark.ignore_template_errors  # the 404 page asks for a view where an address leads to none
@pytest.mark.parametrize("sent", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("address", ["/nothing/", "/feeds/topics/%E3%80%80.atom", "/issues/%5B/"])
def test_what_can_not_be_read_is_refused_and_no_failure(address: str, sent: tuple[str, bytes]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "x" * 32
    content_type, body = sent
    response = client.generic("POST", address, body, content_type, headers={"x-csrftoken": "x" * 32})
    assert response.status_code == 404
    assert "没有这一页" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/articles/1/", "/account/login/", "/account/tokens/1/end/", "/admin/people/"]
)
def test_a_form_in_another_encoding_is_refused_everywhere(address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "x" * 32
    content_type = "application/x-www-form-urlencoded; charset=utf-16"
    response = client.generic("POST", address, b"a=\xff", content_type, headers={"x-csrftoken": "x" * 32})
    assert response.status_code == 400
    assert "<h1" in response.content.decode()
