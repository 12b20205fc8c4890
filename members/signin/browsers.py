"""What a person recognises of a browser: `Windows 上的 Chrome`, not the line that it sends."""

from __future__ import annotations

import re

SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓手机"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
# The first that fits: most say that they are Chrome or Safari, too.
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Lark|Feishu", "飞书"),
    ("Edg", "Edge"),
    ("Firefox|FxiOS", "Firefox"),
    ("QQBrowser", "QQ 浏览器"),
    ("OPR|Opera", "Opera"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)


def described(user_agent: str) -> str:
    """Returns system and browser in plain words.

    >>> described("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0")
    'Windows 上的 Edge'
    >>> described("curl/8.5.0")
    '不认得的浏览器'
    """
    system = next((name for pattern, name in SYSTEMS if re.search(pattern, user_agent)), "")
    browser = next((name for pattern, name in BROWSERS if re.search(pattern, user_agent)), "")
    if system and browser:
        return f"{system} 上的 {browser}"
    return system or browser or "不认得的浏览器"
