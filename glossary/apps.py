from django.apps import AppConfig


class GlossaryConfig(AppConfig):
    """The words of the trade, their writings, and where they are mentioned."""

    name = "glossary"
    verbose_name = "词库"
