from django.urls import path

from glossary import views

app_name = "glossary"
urlpatterns = [
    path("", views.topic_list, name="topic-list"),
    path("<slug:slug>/", views.topic_detail, name="topic-detail"),
]
