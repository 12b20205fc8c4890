"""What is kept of the editors' forms: those that were sent, and those that are open."""

from __future__ import annotations

from django.db import models


class SavedForm(models.Model):
    """A form of the admin that was saved: the same form sent twice is one save (archive.once).

    A form carries a random token; `digest` is that of everything that was sent with it.
    """

    token = models.CharField("标识", max_length=32, primary_key=True)
    digest = models.CharField("内容校验值", max_length=64)
    answer = models.CharField("保存后去往", max_length=500, blank=True)
    said = models.TextField("保存后说的话", blank=True)
    """As HTML: it may hold a button that undoes what was done."""
    saved_at = models.DateTimeField("时间", auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "已保存的表单"
        default_permissions = ()

    def __str__(self) -> str:
        return self.token


class OpenForm(models.Model):
    """The form of an issue or article that someone has open: a row for as long as the browser says so.

    Plain numbers, not references: the rows are gone in two minutes, and no page that asks before it deletes an
    issue or a person should list them.
    """

    user_id = models.PositiveBigIntegerField("用户")
    name = models.CharField("姓名", max_length=150)
    issue_id = models.PositiveBigIntegerField("期")
    article_id = models.PositiveBigIntegerField("文章", default=0)
    seen_at = models.DateTimeField("最近一次", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "打开着的表单"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["issue_id", "article_id", "user_id"], name="open_form_once"),
        ]

    def __str__(self) -> str:
        return self.name
