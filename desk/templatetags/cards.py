"""The source and the cards of the desk, of which it has many: written without templates, which take longer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django import template
from django.forms import CharField
from django.utils.safestring import SafeString, mark_safe

from archive import once
from archive.addresses import address_of
from desk.forms import CardForm
from desk.presenting import ShownCard, ShownLine, ShownWarning
from desk.state import Card, Paragraph

register = template.Library()

_PICTURES = "image/png,image/jpeg,image/webp,image/gif"


@register.simple_tag
def source_lines(lines: Iterable[ShownLine]) -> SafeString:
    """Returns the items of the list of what was pasted."""
    return mark_safe("".join(map(_line, lines)))  # noqa: S308 - each escapes what it shows


@register.simple_tag
def notices(shown: Iterable[ShownWarning]) -> SafeString:
    """Returns the items of a list of warnings."""
    return mark_safe("".join(map(_notice, shown)))  # noqa: S308 - escaped


@register.simple_tag(takes_context=True)
def card_head(context: Mapping[str, Any], shown: ShownCard) -> SafeString:
    """Returns the head of a card: its handle, its number, and the form of what is said of it."""
    card, said = shown.card, f"第 {shown.position} 篇的"
    key = card.key
    return mark_safe(  # noqa: S308 - each field escapes what it shows
        '<header><span class="grip" data-grip aria-hidden="true" title="拖动，调换次序">⠿</span>\n'
        f'<span class="position">{shown.position}</span>\n'
        f'<form class="desk-label" method="post" action="{address_of("desk:card")}" data-live data-auto>'
        f'{_tokens(context)}<input type="hidden" name="card" value="{key}" id="card_{key}_card">\n'
        f'<p class="field-section">{_field(card, "section", f"{said}分栏")}</p>\n'
        f'<p class="field-title">{_field(card, "title", f"{said}标题")}</p>\n'
        f'<p class="field-source">{_field(card, "source")}\n{_field(card, "source_url")}</p>\n'
        '<button type="submit" data-plain>更新</button></form></header>'
    )


@register.simple_tag
def card_tools(shown: ShownCard, editing: str) -> SafeString:
    """Returns what can be done with a card as a whole; `editing`: what of the desk is open for editing."""
    key, place = shown.card.key, shown.position
    tools = [
        "" if editing == str(key) else f'<a class="desk-link" href="?edit={key}#k{key}">编辑正文</a>',
        _act(f"merge {key}", "并入导语" if shown.is_first else "并入上一篇"),
        _act(f"move {key} {place - 2}", "上移", " data-up" + (" disabled" if shown.is_first else "")),
        _act(f"move {key} {place}", "下移", " data-down" + (" disabled" if shown.is_last else "")),
        _act(f"sign_off_with {key}", "归入尾注") if shown.is_last else "",
        _act(f"drop {key}", "移出"),
        f'<span class="desk-hint">{shown.characters} 字</span>',
    ]
    return mark_safe("\n".join(tools))  # noqa: S308 - numbers and words of ours


@register.simple_tag(takes_context=True)
def pieces(
    context: Mapping[str, Any], paragraphs: Iterable[Paragraph], part: str = "", card: ShownCard | None = None
) -> SafeString:
    """Returns the pieces of a card, or of a `part` (`introduction`, `sign_off`), each with what can be done with it."""
    written = (_piece(context, paragraph, part, card) for paragraph in paragraphs)
    return mark_safe("".join(written))  # noqa: S308 - each escapes what it shows


def _line(line: ShownLine) -> str:
    kind = "is-dropped" if line.is_dropped else "" if line.key else "is-apart"
    text = escape(line.text)
    beside = f'<span class="kind">{escape(line.kind)}</span>' if line.kind else ""
    if line.place:
        beside = f'<span class="place">{escape(line.place)}</span>'
    noticed = f'<ul class="desk-notices">{"".join(map(_notice, line.notices))}</ul>' if line.notices else ""
    return (
        f'<li id="l{line.number}" class="{kind}{" is-heading" if line.kind == "标题" else ""}">\n'
        f'<span class="number">{line.number}</span>\n'
        + (
            f'<a class="text" href="#k{line.key}">{text}</a>'
            if line.key
            else f'<span class="text">{text}</span>'
        )
        + f"\n{beside}{noticed}</li>\n"
    )


def _notice(notice: ShownWarning) -> str:
    kind = "is-error" if notice.must_be_mended else ""
    otherwise = _act("read_otherwise", "按另一种读法") if notice.name == "two-readings:0" else ""
    settle = ""
    if not notice.must_be_mended:
        settle = _act(f"settle {escape(notice.name)}", "知道了", ' title="看过了，不再显示这条提醒"')
    return f'<li class="{kind}">\n<span>{escape(notice.message)}</span>\n{otherwise}\n{settle}</li>\n'


def _piece(context: Mapping[str, Any], piece: Paragraph, part: str, card: ShownCard | None) -> str:
    if piece.missing:
        return f'<div class="desk-piece is-missing" id="k{piece.key}">{_missing(context, piece)}</div>\n'
    key = piece.key
    cuts = [_act(f"split {key}", "从这里起是新的一篇")]
    if card:
        cuts.append(_insert(context, key))
        if card.is_first:
            cuts.append(_act(f"extend_introduction {key}", "到这里为止是导语"))
        if card.is_last:
            cuts.append(_act(f"begin_sign_off {key}", "从这里起是尾注"))
    elif part == "introduction":
        cuts.append(_act(f"end_introduction {key}", "从这里起归第一篇"))
    else:
        cuts.append(_act(f"shorten_sign_off {key}", "到这里为止归最后一篇"))
    words = _words_of_figure(context, piece) if piece.tag == "figure" else ""
    return (
        f'<div class="desk-piece" id="k{key}"><div class="desk-prose">{piece.markup}</div>\n{words}'
        f'<div class="desk-cut">{" ".join(cuts)}</div></div>\n'
    )


def _missing(context: Mapping[str, Any], piece: Paragraph) -> str:
    key = piece.key
    return (
        f'<form class="desk-figure" {_takes_pictures()}>{_tokens(context)}\n'
        f'<input type="hidden" name="paragraph" value="{key}">\n<p class="desk-warn">缺一张图片</p>\n'
        f"<p>{escape(piece.missing)}请在这里补上，或者点“删除图片”。</p>\n"
        f'<p><label for="image-{key}">图片</label>\n{_picture(f"image-{key}")}\n'
        '<button type="submit" data-plain>补上</button>\n'
        f"{_act(f'let_go {key}', '删除图片', ' formnovalidate')}</p></form>"
    )


def _insert(context: Mapping[str, Any], key: int) -> str:
    return (
        f'<details class="desk-insert"><summary>插入图片</summary>\n<form {_takes_pictures()}>{_tokens(context)}\n'
        f'<input type="hidden" name="after" value="{key}">\n<label for="insert-{key}">图片</label>\n'
        f'{_picture(f"insert-{key}")}\n<button type="submit" data-plain>插入</button></form></details>'
    )


def _words_of_figure(context: Mapping[str, Any], piece: Paragraph) -> str:
    key = piece.key
    return (
        f'<form class="desk-figure" method="post" action="{address_of("desk:caption")}" data-live data-auto>'
        f'{_tokens(context)}\n<input type="hidden" name="paragraph" value="{key}">\n'
        f'<p><label for="caption-{key}">图注</label>\n<input type="text" id="caption-{key}" name="caption" '
        f'value="{escape(piece.caption)}" maxlength="300"></p>\n'
        f'<p><label for="alt-{key}">图片说明</label>\n<input type="text" id="alt-{key}" name="alt" '
        f'value="{escape(piece.alt)}" maxlength="300" placeholder="图里有什么？读给看不见图的人听"></p>\n'
        f'<p><button type="submit" data-plain>更新</button>\n{_act(f"let_go {key}", "删除图片")}</p></form>\n'
    )


def _act(act: str, said: str, attributes: str = "") -> str:
    """A button of the form `act`, which names an operation."""
    return f'<button type="submit" form="act" name="act" value="{act}"{attributes}>{said}</button>'


def _field(card: Card, name: str, said: str = "") -> str:
    """A field of a card with its label, as `CardForm` writes it."""
    field = CardForm.base_fields[name]
    if not isinstance(field, CharField):
        raise TypeError(f"{name} is no line of text")
    identity, value = f"card_{card.key}_{name}", getattr(card, name)
    filled = f' value="{escape(value)}"' if value else ""
    attributes = "".join(f' {key}="{escape(str(said))}"' for key, said in field.widget.attrs.items())
    return (
        f'<label class="visually-hidden" for="{identity}">{said or field.label}</label>\n'
        f'<input type="{field.widget.input_type}" name="{name}"{filled}{attributes} id="{identity}">'
    )


def _takes_pictures() -> str:
    return f'method="post" action="{address_of("desk:figure")}" enctype="multipart/form-data" data-live data-image'


def _picture(identity: str) -> str:
    return f'<input type="file" id="{identity}" name="image" accept="{_PICTURES}" multiple required>'


def _tokens(context: Mapping[str, Any]) -> str:
    """What a form needs to be taken, and to be carried out once (`{% csrf_token %}`, `{% form_token %}`)."""
    return (
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{context["csrf_token"]}">'
        f'<input type="hidden" name="{once.FIELD}" value="{once.new_token()}">'
    )
