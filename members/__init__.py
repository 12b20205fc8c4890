"""People: who they are, what they may read and do, what is kept of it, and how much one of them may ask.

access        who may read at all, decided once before any view: the list of what is public
signin        logging in, second factors, sessions, lock-outs (django-allauth with our adapters)
roles         成员, 编辑, 主编, 管理员, and what each may do
invitations   how someone becomes a member or an editor
people        the pages of 主编 and what is done about accounts; `manage.py people`
mailing       mails as text and HTML
addresses     where a request comes from, behind proxies too
tokens        how programs of members log in
trail         who did what, when, from where
following     what they come back for: searches and topics, and what is new in them
alerts        how they are told of it: by mail, in group chats, as a webhook, by the worker; and the issue by mail
own_data      everyone's own data: to download, to delete
personal_data what is kept of people, column by column
limits        how often one address or account may ask
"""
