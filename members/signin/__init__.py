"""Logging in: django-allauth, with what is ours to say about it.

providers        OIDC, Feishu, DingTalk, WeChat, as the environment names them
backends         whose password it is
adapters         what django-allauth asks: who may sign up, where a log-in leads, how mails go out
forms            its forms in our words
lockout          how often a password may be tried, and for whom that starts anew
devices          the cookie that knows a browser in which someone has logged in
second_factor    who must have one
lifetime         how long a session lasts
views, browsers  /account/: what someone sees of the own account
tasks            the mail with a new-password link, the cleaning up
"""

from members.signin.stepping_up import step_up

__all__ = ["step_up"]
