"""What the page of the trail is asked for, in its address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from archive.admin.date_fields import DayField, EndDayField
from members.trail.models import GROUPS, MAX_NAME, Event, EventQuerySet, What

_DAY = {"type": "text", "size": 12, "autocomplete": "off", "placeholder": "2025-09-01"}


class TrailForm(forms.Form):
    """Reads `?who=wang&what=signin&since=2025-03-01&until=2025-03-31&before=812`."""

    who = forms.CharField(label="谁", max_length=MAX_NAME, required=False)
    what = forms.ChoiceField(
        label="做了什么",
        required=False,
        choices=[
            ("", "全部"),
            *(
                (label, [(group, f"{label}：全部"), *((what.value, what.label) for what in kinds)])
                for group, (label, kinds) in GROUPS.items()
            ),
        ],
    )
    since = DayField(label="从", required=False, widget=forms.DateInput(attrs=_DAY))
    until = EndDayField(label="到", required=False, widget=forms.DateInput(attrs=_DAY))
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    after = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["who"].widget.attrs |= {"placeholder": "用户名", "autocomplete": "off", "size": 14}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            raise ValidationError("“到”早于“从”，没有哪一天符合。请改其中一个日期。")
        return cleaned

    def events(self) -> EventQuerySet:
        """Returns the events that are asked for; none of a form that is not valid."""
        if not self.is_valid():
            return Event.objects.none()
        found, asked = Event.objects.all(), self.cleaned_data
        if who := asked["who"].strip():
            found = found.about(who)
        if what := asked["what"]:
            found = found.filter(what__in=GROUPS[what][1] if what in GROUPS else [What(what)])
        if asked["since"]:
            found = found.filter(at__gte=_midnight(asked["since"]))
        if asked["until"] and asked["until"] < dt.date.max:
            found = found.filter(at__lt=_midnight(asked["until"] + dt.timedelta(days=1)))
        return found

    def is_filtered(self) -> bool:
        """Whether anything is asked for."""
        return any(self.cleaned_data.get(name) for name in ("who", "what", "since", "until"))


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
