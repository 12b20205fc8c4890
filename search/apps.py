from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Every word of every published article, findable."""

    name = "search"
    verbose_name = "检索"

    def ready(self) -> None:
        from search.indexing import checks, listening

        listening.connect_signals()
        checks.register()
