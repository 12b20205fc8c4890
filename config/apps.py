from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class SiteConfig(AppConfig):
    """The site as a whole: its settings, addresses, commands and groups of users."""

    name = "config"
    verbose_name = "网站"

    def ready(self) -> None:
        from config import disk, secret_key
        from config.backups import reminder
        from config.groups import grant_permissions

        checks.register(secret_key.check, checks.Tags.security, deploy=True)
        post_migrate.connect(grant_permissions, dispatch_uid="config.groups")
        for each in (disk, reminder):
            checks.register(each.check, checks.Tags.database)
