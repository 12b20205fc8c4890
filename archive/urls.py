from django.urls import path

from archive import previews, views

app_name = "archive"
urlpatterns = [
    path("", views.home, name="home"),
    path("issues/", views.issue_list, name="issue-list"),
    path("issues/<slug:slug>/", views.issue_detail, name="issue-detail"),
    path("articles/<int:pk>/", views.article_detail, name="article-detail"),
    path("figures/<int:pk>/", views.figure, name="figure"),
    path("preview/<str:token>/", previews.issue_preview, name="preview-issue"),
    path("preview/<str:token>/articles/<int:pk>/", previews.article_preview, name="preview-article"),
    path("preview/<str:token>/figures/<int:pk>/", previews.figure_preview, name="preview-figure"),
]
