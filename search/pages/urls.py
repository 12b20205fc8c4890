from django.urls import path

from search.pages import markdown, views
from search.pages.feeds import SearchFeed

app_name = "search"
urlpatterns = [
    path("", views.results, name="results"),
    path("results.md", markdown.results, name="markdown"),
    path("help/", views.help_page, name="help"),
    path("marks/<int:pk>/", views.marks, name="marks"),
    path("feed.atom", SearchFeed(), name="feed"),
    path("completions/", views.completions, name="completions"),
]
