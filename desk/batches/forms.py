"""Forms of a batch: what is sent, and how it is accepted. Every message is for editors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from desk.batches.receiving import Sent, paths_of


class _ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile[Any]]:
        return list(files.getlist(name))


class _ManyFilesField(forms.Field):
    widget = _ManyFilesInput


class BatchForm(forms.Form):
    """Takes files of a batch, all at once or in parcels that its script makes of them."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    folder = _ManyFilesField(
        label="选一个文件夹", required=False, widget=_ManyFilesInput(attrs={"webkitdirectory": True})
    )
    chosen = _ManyFilesField(
        label="或者选一些文件、压缩包", required=False, widget=_ManyFilesInput(attrs={"multiple": True})
    )
    more = forms.BooleanField(required=False, widget=forms.HiddenInput)
    """Whether more parcels follow."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not (data.get("folder") or data.get("chosen")):
            raise ValidationError("还没有选文件。请选一个文件夹，或者一些文件、压缩包。")
        return data

    @property
    def sent(self) -> list[Sent]:
        """Returns the files with their paths."""
        named, in_folder = self.cleaned_data["chosen"], self.cleaned_data["folder"]
        files = [*named, *in_folder]
        told: Any = self.data  # a QueryDict: Django says any mapping
        paths = paths_of(files, told.getlist("paths"))
        return [
            Sent(path, file, place < len(named))
            for place, (path, file) in enumerate(zip(paths, files, strict=True))
        ]


class AcceptForm(forms.Form):
    """Takes whether what is accepted goes public as soon as it is stored."""

    publish = forms.BooleanField(label="存入后马上发布，成员就能看到", required=False)
