from django.urls import path

from archive import views

app_name = "archive"
urlpatterns = [
    path("", views.home, name="home"),
    path("issues/", views.issue_list, name="issue-list"),
    path("issues/<slug:slug>/", views.issue_detail, name="issue-detail"),
    path("articles/<int:pk>/", views.article_detail, name="article-detail"),
    path("preferences/", views.preferences, name="preferences"),
    path("figures/<int:pk>/", views.figure, name="figure"),
]
