from django.urls import path

from claims import views

app_name = "claims"
urlpatterns = [
    path("topics/<slug:slug>/figures/", views.topic_figures, name="topic-figures"),
    path("topics/<slug:slug>/figures.csv", views.topic_csv, name="topic-csv"),
    path("articles/<int:pk>/figures.csv", views.article_csv, name="article-csv"),
]
