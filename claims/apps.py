from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """What articles state in numbers."""

    name = "claims"
    verbose_name = "数字"
