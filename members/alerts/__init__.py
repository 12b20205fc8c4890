"""提醒: what was published of what a member follows goes out to where they want it, once, by the worker.

articles become visible ─► follower: articles arrive (following.arrivals) ─► tasks.prepare_alerts
preparing   what arrived and answers ─► Delivery: follow × article, once for each channel ─► Alert: one message
sending     Alert: waiting → sending → sent; tried again; uncertain after a crash
content     what a message says: passage, title, issue, date, address of what is public at that moment
mails, robots, webhooks   a message as mail, in a group chat, for a program
outgoing    requests to addresses that members gave: never into the inner network
vault       those addresses, kept so that the database alone does not tell them
whole_issues   the weekly issue by mail, without an account
unsubscribing  the way out, by one click and without a log-in
settings    where a member is told, and of which follows
"""
