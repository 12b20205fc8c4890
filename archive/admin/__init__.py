"""Django admin for editors: issues with their articles, an article's text, versions. All of it in Chinese."""

from django.contrib import admin

from archive.admin.articles import ArticleAdmin
from archive.admin.issues import IssueAdmin

__all__ = ["ArticleAdmin", "IssueAdmin"]

admin.site.site_header = "芯闻库 · 编辑室"
admin.site.site_title = "芯闻库编辑室"
admin.site.index_title = "文库"
