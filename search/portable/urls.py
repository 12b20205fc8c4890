from django.urls import path

from search.portable import views

app_name = "portable"
urlpatterns = [
    path("portable/", views.page, name="page"),
    path("portable/archive.html", views.file, name="file"),
]
