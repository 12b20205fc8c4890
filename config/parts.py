"""What the site is made of: which parts of which rooms stand where, and in which order. It reads no environment."""

from __future__ import annotations

from typing import Any

# Their order means nothing: a test permutes it.
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "corsheaders",
    "csp",
    "django_tasks",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "worker",
    "config",
    "members",
    "desk",
    "archive",
    "glossary",
    "search",
    "insight",
    "claims",
    "haystack",
    "reversion",  # stores the versions of issues
    "django_prose_editor",
    "js_asset",
]
# What follows every change of issues and articles, in its transaction and in this order (archive/changes).
ARCHIVE_FOLLOWERS = [
    "glossary.mentions.find_mentions",
    "search.indexing.follower.note_changes",
    "claims.following.note_changes",
    "insight.tasks.check_after_change",
]
# What follows when articles become visible, with their ids: in the same transaction, after those.
PUBLICATION_FOLLOWERS = ["members.alerts.follower.note_publication"]
# What other rooms know of an issue that a person should see before it is published (archive/publication_checks).
PUBLICATION_CHECKS = ["desk.notices.open_notices", "insight.duplicates.about_earlier"]
# Who keeps a trail of what is done to the archive (archive/audit).
AUDIT_RECORDERS = ["members.trail.record"]
MIDDLEWARE = [
    "config.metrics.MetricsMiddleware",
    "members.addresses.ClientAddressMiddleware",
    # What every answer says to the browser: static files, redirects and refusals, too.
    "config.policy.ContentSecurityPolicy",
    "config.policy.CrossOriginResourcePolicy",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.methods.KnownMethods",
    "corsheaders.middleware.CorsMiddleware",
    "config.encodings.RefusedEncodingsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Who asks, and whether they may: before anything that answers. What ends a session stands between these.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "members.offline.middleware.OfflineMiddleware",
    "members.trail.middleware.CurrentRequestMiddleware",
    "members.signin.lifetime.SessionLifetimeMiddleware",
    "members.access.ReadersMiddleware",
    "config.page_cache.ConditionalPageCache",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "members.limits.middleware.LimitsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "members.signin.second_factor.SecondFactorMiddleware",
    "members.people.last_seen.LastSeenMiddleware",
    "archive.traditional.TraditionalChineseMiddleware",
    "archive.punctuation.FullWidthPunctuationMiddleware",
    "config.write_errors.DatabaseWriteErrorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# Places in the archive's pages (`{% slot "…" %}`) and the templates of other rooms that fill them, in order.
SLOTS = {
    "head": ["search/_head.html", "members/offline/_head.html"],
    "sections": ["glossary/_section.html", "search/_sections.html", "members/following/_section.html"],
    "masthead": ["search/_masthead.html"],
    "keys": ["search/_keys.html"],
    "footer-links": [
        "search/_portable_link.html",
        "members/alerts/_footer_link.html",
        "api/_footer_link.html",
        "account/_footer_link.html",
    ],
    "footer-end": ["members/_footer.html"],
    "feed-address": ["members/_feed_needs_token.html"],
    "not-found": ["search/_not_found.html"],
    "home-head": ["search/_home_head.html"],
    "home-top": ["members/following/_home.html"],
    "home-rail": ["glossary/_home_rising.html"],
    "search-follow": ["members/following/_search_button.html"],
    "topic-below": ["claims/_topic.html"],
    "topic-follow": ["members/following/_topic_button.html"],
    "columnist": ["search/_columnist.html"],
    "article-scripts": ["search/_article_scripts.html", "glossary/_article_scripts.html"],
    "article-text": ["glossary/_article_text.html"],
    "article-below": ["claims/_article.html", "search/_thread.html"],
    "article-end": ["search/_hit_bar.html", "glossary/_gloss.html"],
    "week-scripts": ["glossary/_article_scripts.html"],
    "week-end": ["glossary/_gloss.html"],
    "account": [
        "account/_profile.html",
        "account/_password.html",
        "account/_second_factor.html",
        "account/_others.html",
        "members/_tokens_on_account.html",
        "account/_browsers.html",
        "account/_own_data.html",
    ],
    "admin-styles": ["admin/insight/_styles.html"],
    "admin-home": ["admin/insight/_admin_home.html"],
    "admin-cards": ["admin/members/_card.html"],
    "admin-form-top": ["admin/insight/_form_top.html"],
    "admin-issue-tools": ["desk/_admin_issue_tools.html"],
    "admin-issues-tools": ["desk/_admin_issues_tools.html"],
}

# Every task: its name for editors; and when it runs on a schedule, `every` how many seconds, `at` what time of day, and
# whether each data directory has its own (`only_here`).
WORKER_TASKS: dict[str, dict[str, Any]] = {
    "archive.tasks.publish_due": {"label": "定时发布", "every": 300},
    "archive.tasks.delete_old_reports": {"label": "清理旧的报错", "every": 86_400, "at": "04:15"},
    "config.tasks.back_up": {"label": "每晚备份", "every": 86_400, "at": "03:15"},
    "claims.tasks.compare": {"label": "核对文章里的数字", "every": 3600},
    "claims.tasks.read_articles": {"label": "读出改动文章里的数字"},
    "desk.tasks.delete_old_batches": {"label": "清理旧的整批导入", "every": 86_400, "at": "04:25"},
    "desk.tasks.work_on_batch": {"label": "整批导入旧刊"},
    "glossary.tasks.find_pending_forms": {"label": "按新写法找提到词条的文章"},
    "members.alerts.tasks.delete_old_alerts": {"label": "清理旧的提醒", "every": 86_400, "at": "04:40"},
    "members.alerts.tasks.gather_alerts": {"label": "汇总一周的提醒", "every": 86_400, "at": "08:00"},
    "members.alerts.tasks.mail_confirmation": {"label": "寄出订阅每期邮件的确认"},
    "members.alerts.tasks.prepare_alerts": {"label": "找出要提醒的新文章"},
    "members.alerts.tasks.send_alerts": {"label": "发出提醒", "every": 3600},
    "members.tasks.delete_old_invitations": {"label": "清理旧的邀请", "every": 86_400, "at": "04:30"},
    "members.tasks.mail_invitation": {"label": "发邀请邮件"},
    "members.tasks.mail_password_link": {"label": "发新密码链接"},
    "members.trail.tasks.delete_old_events": {"label": "清理旧的操作记录", "every": 86_400, "at": "04:30"},
    "insight.tasks.check_golden_queries": {"label": "检查必中搜索", "every": 86_400, "at": "05:00"},
    "insight.tasks.delete_old_searches": {"label": "清理旧的搜索记录", "every": 86_400, "at": "04:10"},
    "members.signin.tasks.delete_old_failures": {"label": "清理旧的登录失败", "every": 86_400, "at": "04:35"},
    "members.signin.tasks.send_reset_mail": {"label": "寄出重设密码的邮件"},
    "search.tasks.compare": {"label": "核对搜索索引", "every": 1800, "only_here": True},
    "search.tasks.delete_old_changes": {"label": "清理索引已经收下的改动", "every": 3600},
    "search.tasks.delete_old_generations": {"label": "清理旧的搜索索引", "every": 3600, "only_here": True},
    "search.tasks.check_portable_archive": {"label": "检查离线版要不要重做", "every": 120, "only_here": True},
    "search.tasks.make_portable_archive": {"label": "做离线版"},
    "search.tasks.learn_meaning": {"label": "学习哪些文章意思相近", "every": 3600, "only_here": True},
    "worker.tasks.delete_old_tasks": {"label": "清理旧的任务记录", "every": 86_400, "at": "04:20"},
}
# What the worker of each data directory does all the time, each in a thread: classes with `round` and `end`.
WORKER_LOOPS = ["search.tasks.IndexUpkeep"]
SEARCH_TASKS_OF_A_NEW_INDEX = ["insight.tasks.check_golden_queries", "search.tasks.learn_meaning"]

# What the admin's first page warns of beside the index: functions that return notices.
SITE_NOTICES = [
    "config.background.notices",
    "config.disk.notices",
    "config.backups.reminder.notices",
    "config.services.notices",
]
