from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MembersConfig(AppConfig):
    """Members, editors and their accounts."""

    name = "members"
    verbose_name = "人员"

    def ready(self) -> None:
        from members.roles import grant_permissions
        from members.signin import receivers  # noqa: F401
        from members.trail.watching import watch

        post_migrate.connect(grant_permissions, dispatch_uid="members.roles")
        watch()
