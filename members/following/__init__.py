"""关注: what a person comes back for. A search or a topic, and what was published of it since it was last read.

arrivals   in which order articles became visible, written as they do
subjects   what can be followed, read from the key that forms and browsers keep
news       what has arrived of each subject
changes    a person's own list: follow, rename, order, pause, mark as read, end, take over from a browser
views      the page, the button, and the JSON for who has no account: their list is in their browser alone
"""
