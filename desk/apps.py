from django.apps import AppConfig


class DeskConfig(AppConfig):
    """导入台, the import desk: an editor takes a pasted week apart here before it is stored."""

    name = "desk"
    verbose_name = "导入台"
