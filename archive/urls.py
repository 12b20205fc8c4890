from django.urls import path

from archive import previews, views
from archive.basket import views as basket
from archive.feeds import IssuesFeed

app_name = "archive"
urlpatterns = [
    path("", views.home, name="home"),
    path("issues/", views.issue_list, name="issue-list"),
    path("issues/<int:year>/", views.issue_list, name="issue-year"),
    path("issues/<slug:slug>/", views.issue_detail, name="issue-detail"),
    path("articles/<int:pk>/", views.article_detail, name="article-detail"),
    path("feeds/issues.atom", IssuesFeed(), name="issues-feed"),
    path("basket/", basket.basket, name="basket"),
    path("basket/clippings/", basket.clippings, name="basket-clippings"),
    path("basket/export/", basket.export, name="basket-export"),
    path("preferences/", views.preferences, name="preferences"),
    path("figures/<int:pk>/", views.figure, name="figure"),
    path("preview/<str:token>/", previews.issue_preview, name="preview-issue"),
    path("preview/<str:token>/articles/<int:pk>/", previews.article_preview, name="preview-article"),
    path("preview/<str:token>/figures/<int:pk>/", previews.figure_preview, name="preview-figure"),
]
