from django.urls import include, path
from haystack.generic_views import SearchView

urlpatterns = [
    path("search/", SearchView.as_view(paginate_by=20), name="haystack_search"),
    path("", include("archive.urls")),
]
