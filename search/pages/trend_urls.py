from django.urls import path

from search.pages import trend_picture, trend_views

app_name = "trends"
urlpatterns = [
    path("", trend_views.show, name="show"),
    path("<slug:code>/", trend_views.articles, name="articles"),
    path("picture.png", trend_picture.of_trends, name="picture"),
    path("trends.csv", trend_views.csv_file, name="csv"),
]
