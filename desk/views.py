"""Views of the import desk. Every change is a form that is posted and answered with the page again."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from archive.body import blocks_of, clean
from archive.images import prepare_image
from archive.limited import LimitedProcess
from archive.reading import check_size
from archive.refusal import ImportRefused
from desk import new_words, opening
from desk.access import back, editor_of, first_error, may_publish, page
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
    "label": "已更新标题和来源。",
    "merge": "已并入上面。",
    "split": "已从这里拆成新的一篇。",
    "move": "已移动。",
    "drop": "已拿掉一篇，可以在最下面放回。",
    "put_back": "已放回。",
    "end_introduction": "导语到上一段为止。",
    "extend_introduction": "以上都归入导语。",
    "begin_sign_off": "从这里起是尾注。",
    "sign_off_with": "这一篇已归入尾注。",
    "shorten_sign_off": "已归入最后一篇。",
    "rewrite": "已改好正文。",
    "supply": "图已补上。",
    "insert": "图已插入。",
    "caption": "已更新图注。",
    "let_go": "已去掉这张图。",
    "settle": "这条提醒不再显示。",
}


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
                opened = process.call(opening.open_upload, file.name, file.read())
            else:
                html = rich.read().decode("utf-8", "replace") if rich else ""
                opened = process.call(opening.open_paste, form.cleaned_data["text"], html)
        lying = open_desk(editor_of(request), file.name if file else "粘贴的内容", opened)
    except ImportRefused as refused:
        place = f"第 {refused.line} 行：" if refused.line else ""
        form.add_error(None, place + refused.message)
        return _empty(request, form, 422)
    messages.success(request, f"读好了：{len(lying.state.cards)} 篇文章。请看一遍，改好再保存。")
    return redirect("desk:desk")


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
    if lying is None or not form.is_valid():
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
    """Adds an image: for the place of a missing one, or behind a piece."""
    form = FigureForm(request.POST, request.FILES)
    lying = Desk.objects.open_of(editor_of(request))
    if lying is None or not form.is_valid():
        return back(request, error=first_error(form))
    data = form.cleaned_data
    try:
        check_size(data["image"].size)
        prepared = prepare_image(data["image"].read())
    except ImportRefused as refused:
        return back(request, error=refused.message, at=data["paragraph"] or data["after"])
    name, place = ("supply", "paragraph") if data["paragraph"] else ("insert", "after")
    with transaction.atomic():
        address = DeskImage.of(lying, prepared).get_absolute_url()
        words = {"image": address, "alt": data["alt"], "caption": data["caption"]}
        return _perform(request, {"name": name, place: data[place], **words})


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
    """Takes everything off the desk."""
    lying = Desk.objects.open_of(editor_of(request))
    if lying:
        lying.delete()
        messages.success(request, "拆期台已清空。")
    return redirect("desk:desk")


# --- Shared --------------------------------------------------------------------------------------------


def _perform(request: HttpRequest, operation: Operation) -> HttpResponse:
    """Performs an operation on the editor's desk and shows the page again, at the changed piece."""
    try:
        with transaction.atomic():
            lying = Desk.objects.select_for_update().open_of(editor_of(request))
            if lying is None:
                return back(request, error="拆期台是空的，刚才可能在别的窗口里保存或清空了。")
            lying.do(operation)
    except OperationRefused as refused:
        return back(request, error=str(refused))
    messages.success(request, _SAID[operation["name"]])
    piece = operation.get("card") or operation.get("paragraph") or operation.get("after")
    target = str(operation.get("target", ""))
    return back(request, at=piece or (int(target) if target.isdecimal() else None))
