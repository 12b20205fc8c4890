"""Makes the addresses of links, many of which stand on one page: short ones, and each worked out once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from urllib.parse import quote_plus

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.http import url_has_allowed_host_and_scheme

_SOME_NUMBER = "9000000000000000009"
"""No route has it in its own text."""
_QUOTED = {code: quote_plus(chr(code)) for code in range(128)}


def address_of(view: str, *arguments: object, current_app: str | None = None) -> str:
    """Returns the address of a view by its name, as `reverse` does, which takes longer than many a query.

    Raises NoReverseMatch for a name that there is not, and for arguments that its address does not take.
    """
    urlconf = get_urlconf() or settings.ROOT_URLCONF
    return _reversed(view, tuple(map(str, arguments)), current_app, get_script_prefix(), urlconf)


def address_of_number(view: str, number: int) -> str:
    """Returns the address of a view whose one argument is a number (`<int:pk>`), worked out once for all numbers.

    An archive has more articles than addresses can be remembered.
    """
    return address_of(view, _SOME_NUMBER).replace(_SOME_NUMBER, str(number))


@lru_cache(maxsize=4096)
def _reversed(
    view: str, arguments: tuple[str, ...], current_app: str | None, _prefix: str, urlconf: str
) -> str:
    return reverse(view, urlconf, arguments, current_app=current_app)


def parameters(given: Iterable[tuple[str, object]]) -> str:
    """Returns parameters for an `href`, in which Chinese stays as it is: a third of what `%E5%8F%B0` takes.

    >>> parameters([("q", "台积电 & TSMC"), ("year", 2025)])
    'q=台积电+%26+TSMC&year=2025'

    Browsers encode it as they ask (URL Standard); an answer's header or a feed wants `urlencode`.
    """
    return "&".join(f"{_quoted(name)}={_quoted(str(value))}" for name, value in given)


def _quoted(text: str) -> str:
    """As `quote_plus`, but that what is not ASCII stays; half of a character is a question mark."""
    return text if text.isalnum() else text.encode(errors="replace").decode().translate(_QUOTED)


def own_address(request: HttpRequest, address: str) -> str:
    """Returns an address to lead back to, as it was given; empty when it is outside of this site."""
    hosts = {request.get_host()}
    return address if url_has_allowed_host_and_scheme(address, hosts, request.is_secure()) else ""


def keep_only(request: HttpRequest, names: Collection[str]) -> None:
    """Takes out of the request's parameters what the page does not know.

    Links to other pages of the same list repeat all that was asked, each of them: what means nothing must not be
    among it. Of what is given several times, the last counts, as in a form.
    """
    known = QueryDict(mutable=True)
    for name in request.GET:
        if name in names:
            known[name] = request.GET[name]
    request.GET = known  # type: ignore[assignment]
