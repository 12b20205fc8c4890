"""What the alerts are told."""

from __future__ import annotations

from django import forms
from django.contrib.auth.models import User

from archive.basket.items import printable
from members.alerts.models import Channel
from members.alerts.outgoing import AddressRefused, NotSent
from members.alerts.settings import ChannelRefused, add_channel

MAX_ADDRESS = 1000
MAX_SECRET = 200


class TellForm(forms.Form):
    """A button of a follow: by which channel it is told, or no more."""

    channel = forms.RegexField(r"^(mail|[0-9]{1,18})$")
    is_on = forms.BooleanField(required=False)


class RhythmForm(forms.Form):
    """How often mails come."""

    rhythm = forms.ChoiceField(label="邮件多久一次", choices=Channel.Rhythm.choices, widget=forms.RadioSelect)


class ChannelForm(forms.Form):
    """A robot of a group chat, or a program."""

    kind = forms.ChoiceField(
        label="发到哪里",
        choices=[
            one for one in Channel.Kind.choices if one[0] not in (Channel.Kind.MAIL, Channel.Kind.ISSUES)
        ],
        error_messages={"invalid_choice": "请从列出的里面选一个。"},
    )
    name = forms.CharField(
        label="名称",
        max_length=40,
        help_text="自己认得的，例如：封装组的群",
        error_messages={
            "required": "请写一个名称，以后好认。",
            "max_length": "名称最多 40 个字，请写短一些。",
        },
    )
    address = forms.CharField(
        label="网址",
        max_length=MAX_ADDRESS,
        help_text="在群里添加机器人以后复制来的网址，整个粘贴。它等于密码，存下以后不再显示。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请粘贴网址。", "max_length": "网址太长，请检查是不是粘贴多了。"},
    )
    secret = forms.CharField(
        label="签名的密钥",
        required=False,
        max_length=MAX_SECRET,
        help_text="钉钉、飞书的机器人设了“加签”“签名校验”才填。程序的可以不填，由网站生成。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    rhythm = forms.ChoiceField(label="多久一次", choices=Channel.Rhythm.choices)

    def clean_name(self) -> str:
        name = " ".join(printable(self.cleaned_data["name"]).split())
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return name

    def add(self, user: User, site: str) -> tuple[Channel, str] | None:
        """Adds the channel of a valid form; None, with an error in the form, when it is refused."""
        given = self.cleaned_data
        try:
            return add_channel(
                user,
                given["kind"],
                given["name"],
                given["address"],
                secret=given["secret"],
                rhythm=given["rhythm"],
                site=site,
            )
        except AddressRefused as refused:
            self.add_error("address", f"没有保存。{refused}")
        except NotSent:
            self.add_error("address", "没有保存。找不到这个网址的服务器，请检查有没有写错。")
        except ChannelRefused as refused:
            self.add_error(None, str(refused))
        return None


class SubscribeForm(forms.Form):
    """An address that wants each issue."""

    email = forms.EmailField(
        label="您的邮箱",
        max_length=150,
        error_messages={
            "required": "还没有填邮箱。",
            "invalid": "这不是完整的邮箱地址。请写成 name@example.cn 的样子。",
            "max_length": "这不是完整的邮箱地址。请写成 name@example.cn 的样子。",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
