"""Every page that is pictured in docs/pages.md, as data: another page is another line here and a section there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.gallery import acts


@dataclass(frozen=True, slots=True)
class Shown:
    """A page, and how it comes into view.

    `path` may name what `acts.known` finds out: `{article}`, `{draft}`, … `act` is then done on it, as a reader
    does it. `views` are the names of the addresses in the URLconf of which the picture is one.
    """

    name: str
    path: str
    views: tuple[str, ...] = ()
    act: Callable[[Page], object] | None = None


FORGOTTEN = (
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "account_confirm_email",
    "account_email_verification_sent",
    "socialaccount_signup",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
)
ACCOUNT = (
    "account",
    "account_change_password",
    "account_set_password",
    "account_email",
    "account_reauthenticate",
    "socialaccount_connections",
)
SECOND_FACTOR = (
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
)
"""One column and one thing to do, all of them: each picture stands for its like."""

MEMBERS = [
    Shown("home", "/", ("archive:home",)),
    Shown("issues", "/issues/", ("archive:issue-list", "archive:issue-year")),
    Shown("issue", "/issues/2025-03-21/", ("archive:issue-detail",)),
    Shown("whole-week", "/issues/2025-03-21/?read=all"),
    Shown("article", "/articles/{article}/", ("archive:article-detail",)),
    Shown("report", "/articles/{article}/", ("archive:report",), acts.open_a_report),
    Shown("article-hits", "/articles/{article}/?q=HBM+带宽#p4"),
    Shown("article-thread", "/articles/{threaded}/", act=acts.to_the_thread),
    Shown("search", "/search/?q=HBM&year=2025", ("search:results",)),
    Shown("search-explained", "/search/?q=HBM+先进封装厂&explain=1", act=acts.to_the_explanation),
    Shown("search-nothing", '/search/?q=绝无此词+"台积电"+-三星&year=2025'),
    Shown("search-start", "/search/"),
    Shown("search-help", "/search/help/", ("search:help",)),
    Shown("topics", "/topics/", ("glossary:topic-list",)),
    Shown("topic", "/topics/taijidian/", ("glossary:topic-detail",)),
    Shown("topic-figures", "/topics/zhongxinguoji/figures/", ("claims:topic-figures",)),
    Shown("portable", "/portable/", ("portable:page",)),
    Shown("trends", "/trends/?q=HBM&q=台积电&q=英伟达", ("trends:show",)),
    Shown("basket", "/articles/{article}/", ("archive:basket",), acts.fill_the_basket),
    Shown("following", "/search/?q=HBM", ("following:list",), acts.follow_two),
    Shown("feed", "/feeds/issues.atom", ("archive:issues-feed", "glossary:topic-feed", "search:feed")),
    Shown(
        "log-in",
        "/account/login/",
        ("account_login", "account_logout", "account_inactive", "mfa_authenticate"),
    ),
    Shown("forgotten", "/account/password/reset/", FORGOTTEN),
    Shown("not-found", "/no-such-page/"),
    Shown("api", "/api/v1/docs", ("api-1:openapi-view",)),
    Shown("privacy", "/privacy/", ("privacy",)),
    Shown("offline", "/offline/", ("offline:page",)),
    Shown("preview", "{draft}", ("archive:preview-issue",)),
    Shown("preview-article", "{draft}", ("archive:preview-article",), acts.open_the_first_article),
    Shown("preview-expired", "/preview/expired/"),
    Shown("invitation", "{invitation}", ("invitations:show",)),
    Shown("alert-end", "/following/alerts/end/0/", ("alerts:unsubscribe",)),
    Shown("alert-issues", "/following/alerts/issues/", ("alerts:subscribe", "alerts:confirm")),
]
"""What members see, on a wide screen in light and dark, on a phone, and on paper."""

EDITORS = [
    Shown("account", "/account/", ACCOUNT),
    Shown("second-factor", "/account/2fa/totp/activate/", SECOND_FACTOR),
    Shown("admin-front", "/admin/"),
    Shown("admin-handbook", "/admin/handbook/"),
    Shown("admin-desk-empty", "/admin/desk/", ("desk:desk",)),
    Shown("admin-desk", "/admin/desk/", act=acts.paste_a_week),
    Shown("admin-batch", "/admin/desk/batches/", ("desk:batches", "desk:batch"), acts.bring_back_issues),
    Shown("admin-issues", "/admin/archive/issue/"),
    Shown("admin-issue", "/admin/archive/issue/{draft_pk}/change/"),
    Shown("admin-look", "/admin/archive/issue/{draft_pk}/publish/"),
    Shown("admin-proposal", "/admin/archive/issue/proposals/{proposal}/"),
    Shown("admin-wechat", "/admin/archive/issue/{draft_pk}/wechat/"),
    Shown("admin-wechat-style", "/admin/archive/poststyle/"),
    Shown("admin-article", "/admin/archive/article/{article}/change/", act=acts.wait_for_the_sheet),
    Shown("admin-reports", "/admin/archive/errorreport/"),
    Shown("admin-reported", "/admin/archive/errorreport/", act=acts.open_a_reported_article),
    Shown("admin-conflict", "/admin/archive/article/{draft_article}/change/", act=acts.save_after_another),
    # What that leaves behind is a version to compare.
    Shown("admin-versions", "/admin/archive/issue/{draft_pk}/history/"),
    Shown("admin-compare", "/admin/archive/issue/{draft_pk}/history/", act=acts.compare_versions),
    Shown("admin-bin", "/admin/archive/issue/bin/"),
    Shown("admin-terms", "/admin/glossary/term/"),
    Shown("admin-term", "/admin/glossary/term/{term}/change/"),
    Shown("admin-radar", "/admin/insight/ignoredword/"),
    Shown("admin-searches", "/admin/insight/searchrecord/"),
    Shown("admin-golden", "/admin/insight/goldenquery/"),
    Shown("admin-people", "/admin/people/"),
    Shown("admin-person", "/admin/people/{person}/"),
    Shown("admin-invite", "/admin/people/invite/"),
    Shown("admin-invitations", "/admin/people/invitations/"),
    Shown("admin-trail", "/admin/trail/"),
    Shown("account-data", "/account/data/", ("own-data:data",)),
    Shown("alerts", "/following/alerts/", ("alerts:list",), acts.add_a_robot),
    Shown("tokens", "/account/tokens/", ("tokens:list",), acts.make_a_token),
]
"""What editors see, on a wide screen in light and dark, and on a phone; and what needs a log-in of anybody."""

NO_PAGE = {
    "archive:basket-clippings": "JSON for the basket's script",
    "archive:basket-export": "a file",
    **dict.fromkeys(
        [
            "alerts:add",
            "alerts:remove",
            "alerts:tell",
            "alerts:test",
            "following:button",
            "following:change",
            "following:read-all",
        ],
        "does it, and goes back",
    ),
    **dict.fromkeys(["following:news", "following:take-over"], "JSON for the scripts of what is followed"),
    "archive:figure": "an image",
    **dict.fromkeys(
        ["archive:article-picture", "archive:issue-picture", "glossary:topic-picture", "trends:picture"],
        "an image, beside links",
    ),
    "archive:qr": "an image",
    **dict.fromkeys(["archive:article-markdown", "search:markdown"], "Markdown for the clipboard"),
    "assistants:mcp": "for AI assistants",
    "own-data:download": "a file",
    "archive:preferences": "remembers, and goes back",
    "archive:preview-figure": "an image",
    "tokens:end": "ends a token, and goes back",
    "search:marks": "JSON for the article's script",
    "search:completions": "JSON for the search box",
    **dict.fromkeys(
        ["trends:csv", "glossary:topic-csv", "claims:topic-csv", "claims:article-csv", "portable:file"],
        "a file",
    ),
    "offline:worker": "the script of the service worker",
    "offline:weeks": "JSON for it",
    "trends:articles": "leads on to the search",
    **dict.fromkeys(["archive:favicon", "archive:touch-icon"], "an image"),
    "archive:manifest": "for a telephone's home screen",
    "opensearch": "a description for browsers",
    "robots": "for crawlers",
    "sitemap": "for crawlers",
    "django.contrib.sitemaps.views.sitemap": "for crawlers",
    "healthz": "for whoever watches the server",
    "readyz": "for whoever watches the server",
    "metrics": "for Prometheus",
    "desk:image": "an image",
    "account-end-session": "ends a session, and goes back",
    "mfa_index": "leads on to the account",
    "mfa_login_webauthn": "JSON for the script of passkeys",
    "mfa_download_recovery_codes": "a file",
    **dict.fromkeys(
        [
            "account_confirm_login_code",
            "account_request_reauthentication_code",
            "account_confirm_reauthentication_code",
        ],
        "django-allauth's; leads on to the log-in, because nobody logs in by a code that is mailed",
    ),
    **dict.fromkeys(
        [
            f"{each}_{way}"
            for each in ("openid_connect", "feishu", "dingtalk", "weixin")
            for way in ("login", "callback")
        ],
        "leads to another site, or back from it; where it is set up",
    ),
}
"""Addresses outside the admin that answer with no page, and what with. The API's own are none either."""
