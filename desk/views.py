"""Views of the import desk. Every change is a form that is posted and answered with the page again."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from archive.admin.issues import may_publish
from archive.body import blocks_of, clean
from archive.figures import read_image
from archive.images import PreparedImage
from archive.limited import LimitedProcess
from archive.once import sent_once
from archive.reading import check_size
from archive.reading.members import only_member, upload_entry
from archive.refusal import ImportRefused
from desk import new_words, opening
from desk.access import address, back, editor_of, first_error, nothing_here, page
from desk.figure_places import figure_at, next_place
from desk.forms import (
    ActForm,
    FigureForm,
    OpenForm,
    OperationForm,
    TextForm,
    body_widget,
)
from desk.models import Desk, DeskImage
from desk.opening import check_lines
from desk.operations import Operation, OperationRefused
from desk.presenting import show
from desk.rewriting import as_plain_text, from_plain_text
from desk.storing import open_desk

_SAID = {
    "describe": "已更新本期信息。",
    "label": "已更新标题、分栏和来源。",
    "merge": "已并入上面。",
    "split": "已从这里拆成新的一篇。",
    "move": "已移动。",
    "drop": "已移出一篇，可以在最下面放回。",
    "put_back": "已放回。",
    "end_introduction": "导语到上一段为止。",
    "extend_introduction": "以上都归入导语。",
    "begin_sign_off": "从这里起是尾注。",
    "sign_off_with": "这一篇已归入尾注。",
    "shorten_sign_off": "已归入最后一篇。",
    "rewrite": "正文已修改。",
    "widen": "汉字之间的半角标点已改成全角。",
    "supply": "图片已补上。",
    "insert": "图片已插入。",
    "caption": "已更新图注。",
    "let_go": "已删除图片。",
    "settle": "这条提醒不再显示。",
    "read_otherwise": "已换成另一种读法，可以再换回来。",
}
_EMPTIED = "导入台是空的：可能在别的窗口里保存或清空了，请看下面的“最近导入的”。"


# --- The desk ------------------------------------------------------------------------------------------


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Shows the week on the desk, one text open for editing if asked for; an empty desk asks for a week."""
    lying = Desk.objects.open_of(editor_of(request))
    if lying is None:
        return _empty(request, OpenForm())
    target = request.GET.get("edit", "")
    state = lying.state
    context = {
        "shown": show(lying, state),
        "can_publish": may_publish(request),
        "can_see_words": request.user.has_perm(new_words.NEEDED),
        "editing": "",
    }
    paragraphs = state.texts().get(target)
    if paragraphs is not None:
        widget = body_widget()
        html = "\n".join(paragraph.html for paragraph in paragraphs)
        context |= {
            "editing": target,
            "plain_text": as_plain_text(paragraphs),
            "editor": widget.render("html", html, {"id": "id_html", "hidden": True}),
            "media": widget.media.with_nonce(request.csp_nonce),  # type: ignore[attr-defined]
        }
    return page(request, "desk/desk.html", context)


def _empty(request: HttpRequest, form: OpenForm, status: int = 200) -> HttpResponse:
    stored = (
        Desk.objects.stored_of(editor_of(request))
        .select_related("issue")
        .defer("origin", "source", "operations")
    )
    return page(request, "desk/empty.html", {"form": form, "stored": stored}, status)


@require_POST
def open_week(request: HttpRequest) -> HttpResponse:
    """Imports a paste or a file to the desk; if it is refused, the text stays in the form."""
    form = OpenForm(request.POST, request.FILES)
    if not form.is_valid():
        return _empty(request, form, 422)
    file, rich = form.cleaned_data["file"], form.cleaned_data["rich"]
    try:
        check_size(file.size if file else rich.size if rich else 0)
        with LimitedProcess() as process:
            if file:
                chosen = only_member([upload_entry(file.name, file, file.size)], process)
                opened = process.call(opening.open_upload, chosen.name, chosen.data)
            else:
                html = rich.read().decode("utf-8", "replace") if rich else ""
                opened = process.call(opening.open_paste, form.cleaned_data["text"], html)
        with sent_once(request) as sent:
            if sent.answer:
                return sent.again()
            lying = open_desk(editor_of(request), file.name if file else "粘贴的内容", opened)
            said = f"已拆好：{len(lying.state.cards)} 篇文章。请看一遍，改好再保存。"
            return sent.done("desk:desk", said)
    except ImportRefused as refused:
        place = f"第 {refused.line} 行：" if refused.line else ""
        form.add_error(None, place + refused.message)
        return _empty(request, form, 422)


@require_POST
def do(request: HttpRequest) -> HttpResponse:
    """Performs an operation that a button names."""
    form = ActForm(request.POST)
    if not form.is_valid():
        return back(request, error=first_error(form))
    return _perform(request, form.cleaned_data["act"])


@require_POST
def describe(request: HttpRequest, form_class: type[OperationForm]) -> HttpResponse:
    """Performs an operation with arguments: the week's data, a card's title, a figure's caption."""
    form = form_class(request.POST)
    if not form.is_valid():
        return back(request, error=first_error(form))
    return _perform(request, form.operation())


@require_POST
def rewrite(request: HttpRequest) -> HttpResponse:
    """Stores the edited text of a card, the introduction or the sign-off."""
    form = TextForm(request.POST)
    lying = Desk.objects.open_of(editor_of(request))
    if lying is None:
        return nothing_here(request)
    if not form.is_valid():
        return back(request, error=first_error(form))
    data = form.cleaned_data
    old = lying.state.texts().get(data["target"])
    is_plain = "text" in form.data  # only a page without JavaScript has that field
    html = from_plain_text(data["text"], old or ()) if is_plain else data["html"]
    try:
        cleaned = clean(html)
        check_lines(len(blocks_of(cleaned)))
    except ImportRefused as refused:
        return back(request, error=f"{refused.message.rstrip('。')}。")
    return _perform(request, {"name": "rewrite", "target": data["target"], "html": cleaned})


@require_POST
def add_figure(request: HttpRequest) -> HttpResponse:
    """Adds images: for the places of missing ones, or behind a piece."""
    form = FigureForm(request.POST, request.FILES)
    lying = Desk.objects.open_of(editor_of(request))
    if lying is None:
        return nothing_here(request)
    if not form.is_valid():
        return back(request, error=first_error(form))
    data = form.cleaned_data
    place = data["paragraph"] or data["after"]
    try:
        check_size(sum(file.size for file in data["image"]))
        prepared = [read_image(file.read()) for file in data["image"]]
    except ImportRefused as refused:
        return back(request, error=refused.message, at=place)
    return _place_figures(request, prepared, place, data["alt"], data["caption"])


def _place_figures(
    request: HttpRequest, images: list[PreparedImage], place: int, alt: str, caption: str
) -> HttpResponse:
    """Puts images at a piece, one after the other; the words are those of the first. All of them, or none."""
    try:
        with sent_once(request) as sent:
            if sent.answer:
                return sent.again()
            lying = Desk.objects.select_for_update().open_of(editor_of(request))
            if lying is None:
                return nothing_here(request)
            state = lying.state
            for number, image in enumerate(images):
                words = (alt, caption) if number == 0 else ("", "")
                stored = DeskImage.of(lying, image).get_absolute_url()
                operation, figure = figure_at(state, place, stored, *words)
                state = lying.do(operation)
                place = next_place(state, figure)
            said = _SAID[operation["name"]] if len(images) == 1 else f"{len(images)} 张图片都放好了。"
            return sent.done(address(figure), said)
    except OperationRefused as refused:
        return back(request, error=str(refused))


@require_POST
def step(request: HttpRequest, take: Callable[[Desk], bool], said: str) -> HttpResponse:
    """Takes one step back or forth through what was done on the editor's desk, if there is one to take."""
    with transaction.atomic():
        lying = Desk.objects.select_for_update().open_of(editor_of(request))
        if lying and take(lying):
            messages.success(request, said)
    return redirect("desk:desk")


@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Takes everything off the desk, if it is still what the editor saw there."""
    lying = Desk.objects.open_of(editor_of(request))
    if lying and request.POST.get("desk", str(lying.pk)) == str(lying.pk):
        lying.delete()
        messages.success(request, "导入台已清空。")
    return redirect("desk:desk")


# --- Shared --------------------------------------------------------------------------------------------


def _perform(request: HttpRequest, operation: Operation) -> HttpResponse:
    """Performs an operation on the editor's desk and shows the page again, at the changed piece."""
    try:
        with sent_once(request) as sent:
            if sent.answer:
                return sent.again()
            lying = Desk.objects.select_for_update().open_of(editor_of(request))
            if lying is None:
                return nothing_here(request)
            lying.do(operation)
            piece = operation.get("card") or operation.get("paragraph") or operation.get("after")
            target = str(operation.get("target", ""))
            at = piece or (int(target) if target.isdecimal() else None)
            return sent.done(address(at), _SAID[operation["name"]])
    except OperationRefused as refused:
        return back(request, error=str(refused))
