from django.urls import path

from glossary import views
from glossary.feeds import TopicFeed

app_name = "glossary"
urlpatterns = [
    path("topics/", views.topic_list, name="topic-list"),
    path("topics/<slug:slug>/", views.topic_detail, name="topic-detail"),
    path("feeds/topics/<slug:slug>.atom", TopicFeed(), name="topic-feed"),
]
