from django.apps import AppConfig
from django.core.management import get_commands


class SearchConfig(AppConfig):
    """Every word of every published article, findable."""

    name = "search"
    verbose_name = "搜索"

    def ready(self) -> None:
        from search.indexing import checks

        # Haystack has commands of these names too, and which app stands first shall not decide.
        get_commands().update(dict.fromkeys(("rebuild_index", "update_index"), self.name))
        checks.register()
