"""Addresses of the import desk: below the admin's, and its images below `/figures/` (see `desk.figures`)."""

from django.contrib import admin
from django.urls import path
from django.urls.resolvers import URLPattern

from desk import forms, new_words, outcomes, views
from desk.access import View, for_importers
from desk.models import Desk

app_name = "desk"


def _for_importers(route: str, view: View, name: str, **given: object) -> URLPattern:
    return path(f"admin/desk/{route}", admin.site.admin_view(for_importers(view)), given, name=name)


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
    path("figures/desk/<int:pk>/", outcomes.image, name="image"),
]
