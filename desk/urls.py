"""Addresses of the import desk: below the admin's, and its images below `/figures/` (see `desk.figures`)."""

from django.contrib import admin
from django.urls import path
from django.urls.resolvers import URLPattern

from desk import forms, new_words, outcomes, views
from desk.access import View

app_name = "desk"


def _for_staff(route: str, view: View, name: str, **given: object) -> URLPattern:
    return path(f"admin/desk/{route}", admin.site.admin_view(view), given, name=name)


urlpatterns = [
    _for_staff("", views.desk, "desk"),
    _for_staff("open/", views.open_week, "open"),
    _for_staff("do/", views.do, "do"),
    _for_staff("week/", views.describe, "week", form_class=forms.WeekForm),
    _for_staff("card/", views.describe, "card", form_class=forms.CardForm),
    _for_staff("caption/", views.describe, "caption", form_class=forms.CaptionForm),
    _for_staff("text/", views.rewrite, "text"),
    _for_staff("figure/", views.add_figure, "figure"),
    _for_staff("undo/", views.undo, "undo"),
    _for_staff("redo/", views.redo, "redo"),
    _for_staff("clear/", views.clear, "clear"),
    _for_staff("words/", new_words.words, "words"),
    _for_staff("words/count/", new_words.count, "word-count"),
    _for_staff("store/", outcomes.store_week, "store"),
    _for_staff("stored/<int:pk>/", outcomes.stored, "stored"),
    _for_staff("stored/<int:pk>/take-back/", outcomes.take_back_week, "take-back"),
    path("figures/desk/<int:pk>/", outcomes.image, name="image"),
]
