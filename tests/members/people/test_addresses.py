"""What people paste is read: names and addresses, however they stand beside each other."""

from __future__ import annotations

import pytest

from members.invitations.addresses import Address, read_addresses
from tests.growth import is_linear

CASES: dict[str, tuple[str, list[Address]]] = {
    "one": ("a@b.cn", [Address("a@b.cn")]),
    "a mail's header": (
        "张三 <a@b.cn>, 李四 <c@d.cn>",
        [Address("a@b.cn", "张三"), Address("c@d.cn", "李四")],
    ),
    "Chinese marks": (
        "a@b.cn；c@d.cn，e@f.cn、g@h.cn。",
        [Address(f"{x}.cn") for x in ("a@b", "c@d", "e@f", "g@h")],
    ),
    "quoted names": ('"Zhang, San" <a@b.cn>', [Address("a@b.cn", "Zhang San")]),
    "Chinese brackets": (
        "张三（a@b.cn）李四【c@d.cn】",
        [Address("a@b.cn", "张三"), Address("c@d.cn", "李四")],
    ),
    "a column of a table": (
        "张三\ta@b.cn\n李四\tc@d.cn",
        [Address("a@b.cn", "张三"), Address("c@d.cn", "李四")],
    ),
    "the address first": (
        "a@b.cn\t张三\nc@d.cn 李四",
        [Address("a@b.cn", "张三"), Address("c@d.cn", "李四")],
    ),
    "a CSV": ("张三,a@b.cn\r\n李四,c@d.cn\r\n", [Address("a@b.cn", "张三"), Address("c@d.cn", "李四")]),
    "capitals": ("A.Name@B.CN", [Address("a.name@b.cn")]),
    "full width": ("张三：a＠b.cn", [Address("a@b.cn", "张三")]),
    "a link": ("mailto:a@b.cn", [Address("a@b.cn")]),
    "blanks only": ("a@b.cn   c@d.cn", [Address("a@b.cn"), Address("c@d.cn")]),
    "a name in two words": ("Maria Curie a@b.cn", [Address("a@b.cn", "Maria Curie")]),
    "odd but right": ("o'neil+chips@lab.b-c.cn", [Address("o'neil+chips@lab.b-c.cn")]),
    "nothing": (" ,;\n", []),
}


@pytest.mark.parametrize(("text", "found"), CASES.values(), ids=CASES)
def test_addresses_are_found_with_their_names(text: str, found: list[Address]) -> None:
    pasted = read_addresses(text)
    assert (pasted.addresses, pasted.doubled, pasted.bad) == (found, [], [])


def test_what_is_double_or_bad_is_said_and_the_rest_goes_on() -> None:
    pasted = read_addresses("张三 a@b.cn\n王五\nA@b.cn；x@；@y.cn；c@d..cn；c@d.cn\na@b.cn")
    assert pasted.addresses == [Address("a@b.cn", "张三"), Address("c@d.cn")]
    assert pasted.doubled == ["a@b.cn"]
    assert pasted.bad == ["王五", "x@", "@y.cn", "c@d..cn"]


@pytest.mark.parametrize("piece", ["a", "a@b.cn ", "@", "<", "张 ", "a@", "\n", "a@b.cn张"])
def test_reading_takes_time_in_proportion(piece: str) -> None:
    assert is_linear(read_addresses, lambda size: piece * size, of=2_000)
