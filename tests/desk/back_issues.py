"""Invented back issues: a folder of thirty files, five of them bad."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

FIRST_FRIDAY = dt.date(2021, 1, 8)
SUBJECTS = ("晶圆厂", "封装线", "光刻胶", "存储器", "测试机", "衬底片", "引线框", "清洗剂")


def back_issue(
    number: int,
    *,
    title: str = "芯片旧闻",
    articles: int = 6,
    heading: bool = True,
    first: dt.date = FIRST_FRIDAY,
) -> str:
    """The text of the week with this number, from 0: its title, its dates, its articles."""
    friday = first + dt.timedelta(weeks=number)
    monday = friday - dt.timedelta(days=4)
    lines = [title, f"{monday:%Y.%m.%d}-{friday:%Y.%m.%d}"] if heading else []
    for place in range(1, articles + 1):
        subject = SUBJECTS[(number + place) % len(SUBJECTS)]
        lines += [
            f"{place}. 第{number + 1}周{subject}的新进展之{place}",
            f"一家企业说，它的{subject}在第{number + 1}周又多卖出{number * 7 + place}批。",
            "详情要等到下一季度的报告。",
        ]
    return "\n".join(lines)


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


GOOD = {f"旧刊/2021/第{number + 1:02}期.txt": back_issue(number).encode() for number in range(25)}
BAD = {
    "旧刊/2021/空的.txt": b" \n",
    "旧刊/2021/没有日期.txt": f"芯片旧闻\n{back_issue(25, heading=False)}".encode(),
    "旧刊/2021/坏的.docx": b"PK\x03\x04 and then nothing that a zip has",
    "旧刊/2021/扫描.pdf": b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF",
    "旧刊/2021/包.zip": zipped({"里面.zip": zipped({"一期.txt": back_issue(26).encode()})}),
}
FOLDER = {**GOOD, **BAD}


def folder_of(good: int) -> dict[str, bytes]:
    """Returns so many clean weeks, and the bad ones."""
    return {**dict([*GOOD.items()][:good]), **BAD}
