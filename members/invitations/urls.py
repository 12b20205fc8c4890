"""The address that an invitation's link leads to."""

from django.urls import path

from members.invitations import views

app_name = "invitations"
urlpatterns = [path("<str:token>/", views.show, name="show")]
