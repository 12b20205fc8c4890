from django.urls import path

from archive import icons, passing_on, previews, views
from archive.basket import views as basket
from archive.feeds import IssuesFeed
from archive.pictures import views as pictures
from archive.reporting import views as reporting

app_name = "archive"
urlpatterns = [
    path("", views.home, name="home"),
    path("issues/", views.issue_list, name="issue-list"),
    path("issues/<int:year>/", views.issue_list, name="issue-year"),
    path("issues/<slug:slug>/", views.issue_detail, name="issue-detail"),
    path("issues/<slug:slug>/picture.png", pictures.of_issue, name="issue-picture"),
    path("articles/<int:pk>/", views.article_detail, name="article-detail"),
    path("articles/<int:pk>.md", passing_on.article_markdown, name="article-markdown"),
    path("qr.svg", passing_on.qr, name="qr"),
    path("articles/<int:pk>/picture.png", pictures.of_article, name="article-picture"),
    path("articles/<int:pk>/report/", reporting.report, name="report"),
    path("feeds/issues.atom", IssuesFeed(), name="issues-feed"),
    path("basket/", basket.basket, name="basket"),
    path("basket/clippings/", basket.clippings, name="basket-clippings"),
    path("basket/export/", basket.export, name="basket-export"),
    path("preferences/", views.preferences, name="preferences"),
    path("figures/<int:pk>/", views.figure, name="figure"),
    path("favicon.ico", icons.Icon.as_view(name="favicon.ico"), name="favicon"),
    path("apple-touch-icon.png", icons.Icon.as_view(name="app-180.png"), name="touch-icon"),
    path("manifest.webmanifest", icons.manifest, name="manifest"),
    path("preview/<str:token>/", previews.preview, name="preview-issue"),
    path("preview/<str:token>/articles/<int:pk>/", previews.preview, name="preview-article"),
    path("preview/<str:token>/figures/<int:pk>/", previews.figure_preview, name="preview-figure"),
]
