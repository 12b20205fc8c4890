"""What a layout is, and the week that all layouts tell in their own way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive.parsing import Line

HEAD = "芯片周报\n2025.3.17-2025.3.21\n"
TITLES = ["台积电嘉义新厂启用", "三星代工换帅", "长江存储发布新品", "英伟达公布路线图", "日月光扩充封装产能"]
BODIES = [
    "台积电的新厂本周开始移入设备。首批产能用于先进封装，年底前可望放量。\n设备商表示订单能见度已到明年。",
    "三星电子宣布代工部门由新负责人接手，他此前主管存储器工艺。\n公司希望借此改善良率，并争取更多客户。",
    "长江存储展示了新一代闪存颗粒，接口速度比上一代快了一半。\n样品已送往几家控制器厂商验证。",
    "英伟达在大会上公布了今后三年的产品路线图，每年都有新架构。\n现场演示了整柜系统，散热改用液冷。",
    "日月光决定扩充高雄厂区的封装产能，新产线预计下半年投产。\n公司说客户的需求仍然超过供给。",
]
SIGN_OFF = "栏目作者：王小明\n以上内容不构成投资建议。\n转载请注明出处。"

Numbering = Callable[[int, str], str]


@dataclass(frozen=True)
class Layout:
    """A pasted week and what it says; what is not given is as in `HEAD`, `TITLES`, or not looked at."""

    claim: str
    text: str | Sequence[Line]
    titles: Sequence[str] = tuple(TITLES)
    title: str = "芯片周报"
    dates: tuple[str, str] = ("2025-03-17", "2025-03-21")
    codes: Sequence[str] = ()
    columnist: str = ""
    introduction: str = ""
    sign_off: str = ""
    bodies: Sequence[str] | None = None
    sections: Sequence[str] | None = None
    numbers: Sequence[int | None] | None = None
    sources: Sequence[tuple[str, str]] | None = None
    year: int | None = None


def dot(number: int, title: str) -> str:
    """`1. Title`"""
    return f"{number}. {title}"


def hanzi(number: int, title: str) -> str:
    """`一、Title`"""
    return f"{chinese(number)}、{title}"


def chinese(number: int) -> str:
    """The Chinese numeral, up to ten."""
    return "零一二三四五六七八九十"[number]


def articles(numbers: Sequence[int], chosen: Sequence[int], numbering: Numbering = dot) -> str:
    """The articles `chosen` (from 0) under the numbers `numbers`."""
    pairs = zip(numbers, chosen, strict=True)
    return "".join(f"{numbering(number, TITLES[i])}\n{BODIES[i]}\n" for number, i in pairs)


def week(numbering: Numbering, count: int = 5, *, head: str = HEAD, end: str = "") -> str:
    """The first `count` articles, their headings written as `numbering(number, title)` says."""
    return head + articles(range(1, count + 1), range(count), numbering) + end


def spaced(numbering: Numbering, head: str = HEAD) -> str:
    """A week with a blank line between all lines."""
    return week(numbering, head=head).replace("\n", "\n\n")


def titled(*titles: str) -> str:
    """Articles with other titles; a title holds its number."""
    return HEAD + "".join(f"{title}\n{BODIES[i % 5]}\n" for i, title in enumerate(titles))


def with_body(index: int, body: str) -> list[str]:
    """The bodies of the week, one of them another."""
    return [body if i == index else text for i, text in enumerate(BODIES)]


def week_with(body: str, index: int, numbering: Numbering = dot) -> str:
    """A week in which the article at `index` has another body."""
    bodies = with_body(index, body)
    return HEAD + "".join(f"{numbering(i + 1, title)}\n{bodies[i]}\n" for i, title in enumerate(TITLES))


def keeps(claim: str, body: str, index: int, numbering: Numbering = dot) -> Layout:
    """The claim that `body` stays whole in the article at `index`."""
    return Layout(claim, week_with(body, index, numbering), bodies=with_body(index, body))


def picked(*chosen: int) -> list[str]:
    """The titles of the articles `chosen`."""
    return [TITLES[i] for i in chosen]
