from django.urls import path

from search import views
from search.feeds import SearchFeed

app_name = "search"
urlpatterns = [
    path("search/", views.results, name="results"),
    path("search/help/", views.help_page, name="help"),
    path("search/marks/<int:pk>/", views.marks, name="marks"),
    path("search/feed.atom", SearchFeed(), name="feed"),
    path("search/completions/", views.completions, name="completions"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
]
