"""Nothing that a member enters leads into the inner network."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from members.alerts.outgoing import (
    AddressRefused,
    NotSent,
    Uncertain,
    address_of,
    is_public,
    post,
    read_target,
)
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:192.168.1.1", "64:ff9b::a00:1",
        "2002:a00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_of_inner_networks_are_told_from_others(address: str) -> None:
    assert not is_public(address)
    assert all(map(is_public, ("8.8.8.8", "2606:4700::1111", "64:ff9b::808:808")))


def rows(*addresses: str) -> list[tuple[Any, ...]]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]


def test_a_name_with_any_inner_address_is_refused() -> None:
    target = read_target("https://hooks.example.org/x")
    assert address_of(target, lambda *_, **__: rows("8.8.8.8", "1.1.1.1")) == "8.8.8.8"
    for found in (["10.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:127.0.0.1"]):
        with pytest.raises(AddressRefused, match="内部网络"):
            address_of(target, lambda *_, found=found, **__: rows(*found))
    with pytest.raises(NotSent):
        address_of(target, lambda *_, **__: rows())


def test_a_name_is_looked_up_once_and_the_connection_goes_where_it_led(
    receiver: Receiver, settings: Any
) -> None:
    settings.ALERT_RECEIVERS_FOR_TESTS = [f"hooks.example.org:{receiver.port}"]
    looked_up: list[str] = []

    def resolve(host: str, *_: object, **__: object) -> list[tuple[Any, ...]]:
        looked_up.append(host)
        return rows("127.0.0.1") if len(looked_up) == 1 else rows("127.0.0.2")

    reply = post(f"http://hooks.example.org:{receiver.port}/x", b"{}", {}, resolve)
    assert reply.status == 200
    assert looked_up == ["hooks.example.org"]
    assert receiver.requests[0].headers["Host"] == f"hooks.example.org:{receiver.port}"


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "127.1", "2130706433", "0x7f000001"])
def test_a_receiver_of_this_machine_is_not_reached(receiver: Receiver, settings: Any, name: str) -> None:
    settings.ALERT_RECEIVERS_FOR_TESTS = []
    for scheme in ("https", "http"):
        with pytest.raises((AddressRefused, NotSent)):
            post(f"{scheme}://{name}:{receiver.port}/", b"{}", {})
    assert receiver.requests == []


def test_a_receiver_without_a_certificate_gets_nothing(receiver: Receiver) -> None:
    with pytest.raises((NotSent, Uncertain)):
        post(f"https://127.0.0.1:{receiver.port}/", b"{}", {})
    assert receiver.requests == []
