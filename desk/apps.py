from django.apps import AppConfig


class DeskConfig(AppConfig):
    """拆期台: where an editor takes a pasted week apart before it is stored."""

    name = "desk"
    verbose_name = "拆期台"
