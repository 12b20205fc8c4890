"""Addresses of the import desk: below the admin's, and its images below `/figures/` (see `desk.figure_html`)."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.urls import path
from django.urls.resolvers import URLPattern

from desk import forms, new_words, outcomes, views
from desk.batches import views as batches
from desk.models import Desk

app_name = "desk"


_may_import = permission_required("archive.add_issue", raise_exception=True)


def _for_importers(route: str, view: Callable[..., Any], name: str, **given: object) -> URLPattern:
    """A page for those who may add issues; `admin_view` asks everyone else to log in."""
    return path(f"admin/desk/{route}", admin.site.admin_view(_may_import(view)), given, name=name)


urlpatterns = [
    _for_importers("", views.desk, "desk"),
    _for_importers("open/", views.open_week, "open"),
    _for_importers("do/", views.do, "do"),
    _for_importers("week/", views.describe, "week", form_class=forms.WeekForm),
    _for_importers("card/", views.describe, "card", form_class=forms.CardForm),
    _for_importers("caption/", views.describe, "caption", form_class=forms.CaptionForm),
    _for_importers("text/", views.rewrite, "text"),
    _for_importers("figure/", views.add_figure, "figure"),
    _for_importers("undo/", views.step, "undo", take=Desk.undo, said="已撤销上一步。"),
    _for_importers("redo/", views.step, "redo", take=Desk.redo, said="已重做。"),
    _for_importers("clear/", views.clear, "clear"),
    _for_importers("words/", new_words.words, "words"),
    _for_importers("words/count/", new_words.count, "word-count"),
    _for_importers("store/", outcomes.store_week, "store"),
    _for_importers("stored/<int:pk>/", outcomes.stored, "stored"),
    _for_importers("stored/<int:pk>/take-back/", outcomes.take_back_week, "take-back"),
    _for_importers("batches/", batches.batches, "batches"),
    _for_importers("batches/<int:pk>/", batches.batch, "batch"),
    _for_importers("batches/<int:pk>/accept/", batches.accept_clean, "batch-accept"),
    _for_importers("batches/<int:pk>/go-on/", batches.go_on, "batch-go-on"),
    _for_importers("batches/<int:pk>/delete/", batches.delete, "batch-delete"),
    _for_importers("batches/weeks/<int:pk>/accept/", batches.decide, "week-accept", decision=batches.accept),
    _for_importers("batches/weeks/<int:pk>/skip/", batches.decide, "week-skip", decision=batches.skip),
    _for_importers("batches/weeks/<int:pk>/unskip/", batches.decide, "week-unskip", decision=batches.unskip),
    _for_importers("batches/weeks/<int:pk>/desk/", batches.to_desk, "week-desk"),
    path("figures/desk/<int:pk>/", outcomes.image, name="image"),
]
