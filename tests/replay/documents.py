"""Files for `import_issues --dry-run`: the demo weeks and the layouts of the parser's tests, in every format.

A document is plain data, recorded with what was read from it: its name and either its text or, for Word, its blocks.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from PIL import Image

Document = dict[str, Any]

WEEKS = Path(__file__).resolve().parent.parent.parent / "fixtures" / "weeks"
HEADING = re.compile(r"\s*(?:\d{1,2}[.．、)）]|[一二三四五六七八九十]{1,2}、|【)")
LAYOUTS = 50


def write(document: Document, folder: Path) -> Path:
    """Writes a document as the file that it describes."""
    path = folder / document["name"]
    if "blocks" in document:
        _save_docx(document["blocks"], path)
    else:
        path.write_text(document["text"], encoding="utf-8", newline="")
    return path


def demo_documents() -> Iterator[Document]:
    """What stands in the replayed archive beside the demo weeks: figures, tables, links, a sign-off."""
    yield {"name": "2024-12-13.html", "text": _rich_html()}
    yield {"name": "2024-12-20.docx", "blocks": _rich_blocks()}


def documents(exported: list[str]) -> Iterator[Document]:
    """Every document to read; `exported` are JSON weeks as `export_issues` prints them."""
    weeks = {path.stem: path.read_text(encoding="utf-8") for path in sorted(WEEKS.iterdir())}
    for number, (name, text) in enumerate(weeks.items()):
        lines = text.splitlines()
        yield {"name": f"{name}.txt", "text": text}
        yield {"name": f"{name}.html", "text": _as_html(lines)}
        if number % 2:
            yield {"name": f"{name}.docx", "blocks": _as_blocks(lines)}
        else:
            yield {"name": f"{name}.md", "text": _as_markdown(lines)}
    yield from _layouts()
    yield from demo_documents()
    yield from _json(exported)
    yield from _refused()


def _as_html(lines: list[str]) -> str:
    body = [f"<{tag}>{html.escape(line)}</{tag}>" for tag, line in _tagged(lines, "h2", "p")]
    return f"<html><head><meta charset=utf-8></head><body>{''.join(body)}</body></html>"


def _as_markdown(lines: list[str]) -> str:
    return "\n\n".join(f"## {line.strip()}" if tag else line for tag, line in _tagged(lines, "##", ""))


def _as_blocks(lines: list[str]) -> list[list[str]]:
    return [[style, line] for style, line in _tagged(lines, "Heading 2", "Normal")]


def _tagged(lines: list[str], heading: str, other: str) -> Iterator[tuple[str, str]]:
    for line in lines:
        if line.strip():
            yield (heading if HEADING.match(line) and len(line) < 60 else other), line


def _layouts() -> Iterator[Document]:
    # Imported here: these tables stand beside the code that they test, and only recording needs them.
    from tests.archive.layouts.ends import ENDS
    from tests.archive.layouts.lists import LISTS
    from tests.archive.layouts.styles import STYLES
    from tests.archive.layouts.traps import TRAPS

    texts = [layout.text for layout in [*STYLES, *LISTS, *TRAPS, *ENDS] if isinstance(layout.text, str)]
    step = max(1, len(texts) // LAYOUTS)
    for number, text in enumerate(texts[::step]):
        suffix = "md" if "## " in text else "txt"
        yield {"name": f"layout-{number:02}.{suffix}", "text": text}


def _json(exported: list[str]) -> Iterator[Document]:
    weeks = [json.loads(line) for line in exported]
    for year, week in zip((2019, 2020, 2021), weeks[:3], strict=True):
        moved = {**week, "start_date": f"{year}-05-11", "end_date": f"{year}-05-15"}
        yield {"name": f"{year}.json", "text": json.dumps(moved, ensure_ascii=False)}
    yield {"name": "several.jsonl", "text": "\n".join(exported[3:6])}
    without_dates = {name: value for name, value in weeks[0].items() if not name.endswith("_date")}
    yield {"name": "without-dates.json", "text": json.dumps(without_dates, ensure_ascii=False)}
    unknown = {**weeks[1], "colour": "red"}
    yield {"name": "unknown-key.json", "text": json.dumps(unknown, ensure_ascii=False)}


def _refused() -> Iterator[Document]:
    yield {"name": "empty.txt", "text": ""}
    yield {"name": "blank.md", "text": "\n \n\t\n"}
    yield {"name": "prose.txt", "text": "这里没有刊名，没有日期，也没有一篇文章。\n"}
    yield {"name": "broken.json", "text": '{"title": "芯片周报", "articles": ['}
    yield {"name": "list.json", "text": "[1, 2, 3]"}
    yield {"name": "no-word.docx", "text": "this is no Word file"}
    yield {"name": "wrong.pdf", "text": "%PDF-1.7"}
    yield {"name": "no-body.html", "text": "<html><head><title>芯片周报</title></head></html>"}
    yield {
        "name": "hostile.html",
        "text": "<h1>芯片周报</h1><p>2024.11.4-11.8</p><h2>1. 一则消息</h2><p onclick='x()'>正文<script>x()</script>"
        "<a href='javascript:x()'>链接</a><a href='https://example.com/a?b=1&amp;c=2'>来源</a></p><style>p{}</style>",
    }


def _rich_html() -> str:
    picture = base64.b64encode(_picture("navy")).decode()
    return (
        "<html><head><meta charset=utf-8></head><body><h1>芯闻周报</h1><p>2024.12.9-2024.12.13</p>"
        "<p>本期作者：周一鸣</p>"
        "<h2>1. 一座新的封装厂在厦门封顶</h2><p>厂房<strong>提前两个月</strong>封顶，设备明年<em>三月</em>进厂。</p>"
        "<table><tr><th>年份</th><th>月产能</th></tr><tr><td>2025</td><td>1.2万片</td></tr></table>"
        "<ul><li>一期做<b>2.5D封装</b></li><li>二期做混合键合</li></ul>"
        "<h2>2. 存储现货价格连跌三周</h2>"
        f'<figure><img src="data:image/png;base64,{picture}" alt="现货价"><figcaption>DDR4 现货价</figcaption></figure>'
        "<p>DDR4 跌得最多，HBM3E 不变。</p><h3>原因</h3><ol><li>库存偏高</li><li>手机需求疲软</li></ol>"
        "<h2>3. 大学生做出开源RISC-V内核</h2>"
        '<p>代码在<a href="https://example.org/core">这里</a>。</p><blockquote>“我们先跑通，再跑快。”</blockquote>'
        "<p>来源：校园新闻</p></body></html>"
    )


def _rich_blocks() -> list[list[Any]]:
    return [
        ["Title", "芯闻周报"],
        ["Normal", "2024.12.16-2024.12.20"],
        ["Normal", "导语：年底将至，各家都在盘点产能。"],
        ["Heading 2", "1. 晶圆代工报价明年上半年持平"],
        ["Normal", "成熟制程的报价不再下探，28nm 略有上调。"],
        ["table", [["制程", "变化"], ["28nm", "+2%"], ["40nm", "持平"]]],
        ["Heading 2", "2. 碳化硅衬底迈向8英寸"],
        ["List Bullet", "衬底厂已送样"],
        ["List Bullet", "外延厂正在验证"],
        ["picture", base64.b64encode(_picture("teal")).decode()],
        ["bold", "展望"],
        ["Normal", "业内预计两年后成本低于6英寸。"],
        ["Normal", "栏目作者：周一鸣"],
        ["Normal", "以上内容不构成投资建议。"],
    ]


def _picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(out, "PNG")
    return out.getvalue()


def _save_docx(blocks: list[list[Any]], path: Path) -> None:
    document = docx.Document()
    for style, content in blocks:
        if style == "table":
            table = document.add_table(rows=len(content), cols=len(content[0]))
            for row, texts in zip(table.rows, content, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
        elif style == "picture":
            document.add_picture(io.BytesIO(base64.b64decode(content)))
        elif style == "bold":
            document.add_paragraph().add_run(content).bold = True
        else:
            document.add_paragraph(content, style=style)
    document.save(str(path))
