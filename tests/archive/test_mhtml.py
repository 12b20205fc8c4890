"""A page that a browser saved as one file is read with its images; a mail is none."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage, Message
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from archive.reading import read_document, read_weeks
from archive.refusal import ImportRefused
from tests.archive.makers import BODIES, TITLES, html_week, image_bytes

ADDRESS = "https://mp.weixin.example/s/abc"
IMAGE = "https://mmbiz.example/mmbiz_png/640?wx_fmt=png&from=appmsg"


def wechat_page() -> str:
    image = f'<p><img data-src="{IMAGE.replace("&", "&amp;")}" src="cid:frame-1@mhtml.blink"></p>'
    week = html_week(first_body=f"<p>甲。</p>{image}<p>乙。</p>").split("<body>")[1].split("</body>")[0]
    title, content = week.split("</h1>")
    return (
        '<html><head><meta charset="utf-8"></head><body><div>微信扫一扫</div>'
        f"{title.replace('<h1>', '<h1 id=activity-name>')}</h1>"
        f'<div id="js_content" style="visibility: visible">{content}</div><p>预览时标签不可点</p></body></html>'
    )


def saved(page: str, encoding: str = "utf-8", **image_headers: str) -> bytes:
    archive = MIMEMultipart("related", type="text/html")
    archive["From"] = "<Saved by Blink>"
    archive["Snapshot-Content-Location"] = ADDRESS
    text = MIMEText(page, "html", encoding)
    text["Content-Location"] = ADDRESS
    archive.attach(text)
    image = MIMEImage(image_bytes(), "png")
    for name, value in image_headers.items():
        image[name.replace("_", "-")] = value
    archive.attach(image)
    return archive.as_bytes()


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
@pytest.mark.parametrize(
    "headers", [{"Content_Location": IMAGE}, {"Content_ID": "<frame-1@mhtml.blink>"}], ids=["address", "id"]
)
@pytest.mark.parametrize("name", ["w.mhtml", "w.mht", "w"])
def test_a_saved_wechat_page_is_read_with_its_image(
    name: str, headers: dict[str, str], encoding: str
) -> None:
    [week] = read_weeks(name, saved(wechat_page().replace("utf-8", encoding), encoding, **headers))
    assert (week.title, week.end_date) == ("芯片一周记", dt.date(2025, 4, 11))
    assert tuple(article.title for article in week.articles) == TITLES
    assert week.articles[1].body == BODIES[1]
    assert [len(article.images) for article in week.articles] == [1, 0, 0]
    assert week.articles[0].body == "甲。\n乙。"
    assert week.warnings == ()


def test_an_image_that_did_not_come_along_is_missed() -> None:
    reading = read_document("w.mht", saved(wechat_page(), Content_Location="https://other.example/a.png"))
    assert [warning.code for warning in reading.warnings] == ["figure-remote"]


def test_a_mail_is_no_page() -> None:
    mail = EmailMessage()
    mail["Subject"] = "周报"
    mail.set_content("见正文")
    mail.add_alternative(html_week(), subtype="html")
    with pytest.raises(ImportRefused, match="这是邮件，读不了。请打开它，全选复制，粘贴"):
        read_document("w.eml", mail.as_bytes())


def test_an_archive_without_a_page_is_refused() -> None:
    empty: Message = MIMEMultipart("related")
    with pytest.raises(ImportRefused, match="没有找到网页。请在浏览器里打开它，全选复制，粘贴"):
        read_document("w.mhtml", empty.as_bytes())


def test_parts_in_parts_without_end_are_refused() -> None:
    deep = b"".join(
        b"Content-Type: multipart/related; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(20_000)
    )
    with pytest.raises(ImportRefused, match="没有找到网页"):
        read_document("w.mhtml", deep)
