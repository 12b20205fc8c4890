import django.utils.timezone
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_from_issues(apps, schema_editor):
    """What is there was last saved with its issue, as far as anybody knows; not at the time of this migration."""
    article = apps.get_model("archive", "Article")
    issues = apps.get_model("archive", "Issue").objects.filter(pk=OuterRef("issue"))
    article.objects.update(updated_at=Subquery(issues.values("updated_at")))


class Migration(migrations.Migration):
    dependencies = [("archive", "0003_versions_and_scheduling")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="updated_at",
            field=models.DateTimeField(
                auto_now=True, default=django.utils.timezone.now, verbose_name="修改时间"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(take_from_issues, migrations.RunPython.noop),
    ]
