from django.urls import path

from glossary import pictures, views
from glossary.feeds import TopicFeed

app_name = "glossary"
urlpatterns = [
    path("topics/", views.topic_list, name="topic-list"),
    path("topics/<slug:slug>/", views.topic_detail, name="topic-detail"),
    path("topics/<slug:slug>/topic.csv", views.topic_csv, name="topic-csv"),
    path("topics/<slug:slug>/picture.png", pictures.of_topic, name="topic-picture"),
    path("feeds/topics/<slug:slug>.atom", TopicFeed(), name="topic-feed"),
]
