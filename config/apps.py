from django.apps import AppConfig
from django.core import checks
from django.db import models


class SiteConfig(AppConfig):
    """The site as a whole: its settings, addresses and commands."""

    name = "config"
    verbose_name = "网站"

    def ready(self) -> None:
        models.BLANK_CHOICE_DASH[:] = [("", "请选择")]  # of every drop-down; a setting of Django 6.1
        from config import data_directory, database_file, disk, metrics, secret_key, services
        from config.backups import reminder

        metrics.connect_signals()
        database_file.connect_signals()
        checks.register(secret_key.check_shared, checks.Tags.security)
        for kept in (secret_key, data_directory):
            checks.register(kept.check, checks.Tags.security, deploy=True)
        for each in (disk, reminder, services):
            checks.register(each.check, checks.Tags.database)
