from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archive", "0005_error_report")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="section",
            field=models.CharField(
                blank=True, help_text="例如：政策。可以留空。", max_length=50, verbose_name="分栏"
            ),
        ),
    ]
