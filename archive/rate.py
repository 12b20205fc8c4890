"""How often something may be done: `600/m`. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_RATE = re.compile(r"([0-9]{1,7})/([0-9]{0,4})([smhd])", re.ASCII)


@dataclass(frozen=True)
class Rate:
    """So many times within so many seconds."""

    times: int
    seconds: int

    @classmethod
    def of(cls, written: str) -> Rate:
        """Reads a rate. Raises ValueError for what is none.

        >>> Rate.of("600/m"), Rate.of("20/10m")
        (Rate(times=600, seconds=60), Rate(times=20, seconds=600))
        """
        found = _RATE.fullmatch(written.strip())
        if not found or int(found[1]) < 1 or (found[2] and int(found[2]) < 1):
            raise ValueError(f"{written!r} is no rate: write 600/m, 20/10m or 40/h")
        return cls(int(found[1]), int(found[2] or 1) * PERIODS[found[3]])

    @property
    def period(self) -> str:
        """Its time as readers say it.

        >>> Rate.of("20/10m").period, Rate.of("40/h").period
        ('10 分钟', '1 小时')
        """
        return duration(self.seconds)


def duration(seconds: float) -> str:
    """Returns a time as people say it.

    >>> duration(12 * 3600), duration(14 * 86_400), duration(120)
    ('12 小时', '14 天', '2 分钟')
    """
    for size, unit in ((86_400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size and seconds % size == 0:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} 秒"


def waiting(seconds: int) -> str:
    """Says a time to wait as readers say it, rather too long than too short.

    >>> waiting(7), waiting(61), waiting(3601)
    (' 7 秒', ' 2 分钟', ' 2 小时')
    """
    for size, unit in ((3600, "小时"), (60, "分钟")):
        if seconds > size:
            return f" {math.ceil(seconds / size)} {unit}"
    return f" {seconds} 秒"


def seconds_until_room(rate: Rate, elapsed: float, this: int, last: int) -> int:
    """Returns the seconds until one more fits, by the counts of this period and of the last one.

    >>> rate = Rate(times=10, seconds=60)
    >>> [seconds_until_room(rate, 30, this, last) for this, last in ((4, 10), (5, 10), (10, 0))]
    [0, 6, 36]
    """
    within = last * (1 - elapsed / rate.seconds) + this
    if within + 1 <= rate.times:
        return 0
    if this < rate.times:  # enough of the last period's will have gone before this one ends
        until = rate.seconds * (1 - (rate.times - 1 - this) / last) - elapsed
    else:
        until = rate.seconds - elapsed + rate.seconds * (1 - (rate.times - 1) / this)
    return max(1, math.ceil(until))


def limits_of(defaults: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Returns what each limit is, with those that are given in place of the defaults. Raises ValueError, naming it.

    >>> limits_of({"search": "600/m", "api": "600/m"}, {"api": "60/m"})
    {'search': '600/m', 'api': '60/m'}
    """
    for name, rate in given.items():
        if name not in defaults:
            raise ValueError(f"LIMITS names {name!r}, which is no limit. There are: {', '.join(defaults)}.")
        try:
            Rate.of(rate)
        except ValueError as error:
            raise ValueError(f"LIMITS: {name}: {error}") from None
    return {**defaults, **given}
