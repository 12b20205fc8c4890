"""Django admin for editors: issues with their articles, an article's text, versions, reports. All of it in Chinese."""

from django.contrib import admin

from archive.admin.articles import ArticleAdmin
from archive.admin.error_reports import ErrorReportAdmin
from archive.admin.issues import IssueAdmin
from archive.admin.wechat import PostStyleAdmin

__all__ = ["ArticleAdmin", "ErrorReportAdmin", "IssueAdmin", "PostStyleAdmin"]

admin.site.site_header = "芯闻库 · 编辑室"
admin.site.site_title = "芯闻库编辑室"
admin.site.index_title = "今天要做的事"
