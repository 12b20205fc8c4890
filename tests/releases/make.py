"""`python -m tests.releases.make FOLDER`: a site as the code that is checked out makes it, kept for later code.

Everything is done as people do it: by commands and in forms. Run it at a release's tag; it takes half a minute.
"""

from __future__ import annotations

import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

from tests.releases.asking import EXPECTED, Expected
from tests.releases.visitor import Visitor
from tests.replay import documents
from tests.server.site import ROOT, Site, printed_password
from tests.waiting import until

ACCOUNTS = {"bianji": ("编辑", "Release-Fixture-1"), "zhubian": ("主编", "Release-Fixture-2")}
FIRST_TITLE = "英伟达发布RTX 50系列显卡,旗舰RTX5090定价1999美元"
SECOND_TITLE = "英伟达发布RTX 50系列显卡，旗舰RTX5090定价1999美元"
SEARCHED = ["HBM4", "台机电", "先进封装 产能", "zzxqwv"]
NOT_KEPT = {
    "static",
    "secret_key",
    "served.log",
    "worker.json",
    "worker.lock",
    "machine_id",
    "gunicorn.pid",
    "backups",
    "last_backup.json",
}
DRAFT = "芯闻周报\n2025.4.7-2025.4.11\n1. 还没有发布的消息\n草稿里的正文，读者看不到。\n2. 第二条草稿\n也看不到。\n"
SCHEDULED = "芯闻周报\n2025.4.14-2025.4.18\n1. 定时发布的消息\n到了时间才看得到。\n"
DELETED = "芯闻周报\n2025.4.21-2025.4.25\n1. 删去的消息\n在回收站里。\n"
ON_DESK = "芯闻周报\n2025.4.28-2025.4.30\n1. 拆期台上的消息\n刚刚粘贴进来。\n2. 另一条\n还在改。\n"


def make(folder: Path) -> None:
    """Makes the fixture in an empty folder."""
    folder = folder.absolute()
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="xinwenku-release-") as place:
        site = Site.in_folder(Path(place) / "data")
        password = printed_password(site.manage("set_up"))
        assert password
        _import(site, Path(place))
        with site.served():
            _make_accounts(Visitor(site.url, "editor", password))
            editor, chief = (Visitor(site.url, name, password) for name, (_, password) in ACCOUNTS.items())
            _edit(editor)
            _decide(chief)
            _search(Visitor(site.url), chief)
            site.manage("update_index", "-v", "0")
            passwords = {name: password for name, (_, password) in ACCOUNTS.items()}
            expected = Expected.asked(site, passwords, len(SEARCHED))
        site.manage("check_index")
        site.manage("backup", folder / "backup.zip")
        with tarfile.open(folder / "data.tar.xz", "w:xz", preset=9) as archive:
            for path in sorted(site.data.iterdir()):
                if path.name not in NOT_KEPT:
                    archive.add(path, path.name)
    (folder / EXPECTED).write_text(expected.to_json(), encoding="utf-8")
    for path in sorted(folder.iterdir()):
        path.chmod(0o644)
        print(f"{path}: {path.stat().st_size:,} bytes")


def _import(site: Site, folder: Path) -> None:
    for document in documents.demo_documents():
        site.manage("import_issues", documents.write(document, folder), "--publish", "-v", "0")
    for name, text in {"draft": DRAFT, "scheduled": SCHEDULED, "deleted": DELETED}.items():
        path = documents.write({"name": f"{name}.txt", "text": text}, folder)
        site.manage("import_issues", path, "-v", "0")


def _make_accounts(administrator: Visitor) -> None:
    for name, (group, password) in ACCOUNTS.items():
        administrator.send(
            "/admin/auth/user/add/",
            "_save",
            username=name,
            usable_password="true",
            password1=password,
            password2=password,
        )
        number = administrator.number("/admin/auth/user/", name)
        path = f"/admin/auth/user/{number}/change/"
        groups = administrator.options(path, "groups")
        administrator.send(path, "_save", is_staff="on", groups=[groups[group]])


def _edit(editor: Visitor) -> None:
    """What an editor does: corrects a title and a body, changes the glossary, lays a week on the desk."""
    editor.send("/admin/archive/issue/1/change/", "_continue", **{"articles-0-title": SECOND_TITLE})
    editor.send("/admin/archive/article/1/change/", "_save", source="展会现场")
    editor.send("/admin/archive/issue/1/change/", "_continue", introduction="导语：改过的导语。")
    editor.send(
        "/admin/glossary/term/add/",
        "_save",
        name="发布夹具",
        kind="product",
        note="只为留存的网站而写",
        **{"aliases-0-text": "小型工作室"},
    )
    number = editor.number("/admin/glossary/term/?q=JASM", "JASM")
    editor.send(f"/admin/glossary/term/{number}/change/", "_save", note="改过的说明")
    editor.send("/admin/insight/goldenquery/add/", "_save", query="HBM4 样品", article="91")
    page = "/admin/insight/ignoredword/"
    editor.send(page, action="ignore/?back=%2Fadmin%2Finsight%2Fignoredword%2F", text="本周")
    editor.send("/admin/desk/", action="/desk/open/", text=ON_DESK)


def _decide(chief: Visitor) -> None:
    """What a chief editor does: has one issue published in many years, deletes one, withdraws one and publishes it."""
    scheduled, deleted = (chief.number("/admin/archive/issue/", day) for day in ("4月14日", "4月21日"))
    chief.send(f"/admin/archive/issue/{scheduled}/change/", "_schedule", schedule_at="2199-12-31T18:00")
    chief.send(f"/admin/archive/issue/{deleted}/delete/", post="yes")
    chief.send("/admin/archive/issue/2/change/", "_withdraw")
    chief.send("/admin/archive/issue/2/change/", "_publish")


def _search(member: Visitor, chief: Visitor) -> None:
    """What a member does: searches, and opens what was found. The log has it within moments."""
    for query in SEARCHED:
        member.get(f"/search/?q={query}")
    member.get("/search/marks/91/?q=HBM4")
    report = "/admin/insight/searchrecord/"
    until(lambda: all(query in chief.get(report) for query in SEARCHED), "that the search log is written")


if __name__ == "__main__":
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "fixtures" / "releases" / version)
