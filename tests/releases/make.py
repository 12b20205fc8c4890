"""`python -m tests.releases.make FOLDER`: a site as the code that is checked out makes it, kept for later code.

Everything but the accounts is done as people do it: by commands and in forms. Run it at a release's tag; it takes half a
minute. Without FOLDER it is `fixtures/releases/VERSION`.
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
from tests.server.site import ROOT, Site
from tests.waiting import until

ACCOUNTS = {"bianji": ("编辑", "Release-Fixture-1"), "zhubian": ("主编", "Release-Fixture-2")}
ACCOUNTS_MADE = f"""
from django.contrib.auth.models import Group, User
for name, (group, password) in {ACCOUNTS!r}.items():
    user = User.objects.create_user(name, f"{{name}}@example.org", password, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
"""
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
PROPOSED = "导语：还没有采用的导语。"
DELETED = "芯闻周报\n2025.4.21-2025.4.25\n1. 删去的消息\n在回收站里。\n"
ON_DESK = "芯闻周报\n2025.4.28-2025.4.30\n1. 拆期台上的消息\n刚刚粘贴进来。\n2. 另一条\n还在改。\n"


def make(folder: Path) -> None:
    """Makes the fixture in an empty folder."""
    folder = folder.absolute()
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="xinwenku-release-") as place:
        site = Site.in_folder(Path(place) / "data")
        site.manage("set_up")
        _import(site, Path(place))
        with site.served():
            site.run_python(ACCOUNTS_MADE)
            editor, chief = (Visitor(site.url, name, password) for name, (_, password) in ACCOUNTS.items())
            _edit(editor, chief)
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


def _edit(editor: Visitor, chief: Visitor) -> None:
    """What an editor does: proposes changes that a chief editor accepts, but for the last; changes the glossary, lays a week on the desk."""
    issue, article = "/admin/archive/issue/1/change/", "/admin/archive/article/1/change/"
    changes: list[tuple[str, dict[str, str]]] = [
        (issue, {"articles-0-title": SECOND_TITLE}),
        (article, {"source": "展会现场"}),
        (issue, {"introduction": "导语：改过的导语。"}),
    ]
    for number, (path, filled) in enumerate(changes, 1):
        editor.send(path, "_continue", **filled)
        chief.send(f"/admin/archive/issue/proposals/{number}/", action="/accept/")
    editor.send(issue, "_continue", introduction=PROPOSED)
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
    chief.send(
        f"/admin/archive/issue/{scheduled}/publish/", "how", value="schedule", schedule_at="2199-12-31 18:00"
    )
    chief.send(f"/admin/archive/issue/{deleted}/delete/", post="yes")
    chief.send("/admin/archive/issue/withdraw/?issue=2", issue="2")
    chief.send("/admin/archive/issue/2/publish/", "how", value="publish")


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
