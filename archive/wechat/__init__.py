"""An issue as a post for WeChat: HTML that its editor takes in when it is pasted.

issue, articles ─► posts.make_post ─► Post: the HTML, and what WeChat changes
                      │ bodies as trees ─► rendering (pure) ◄─ look (pure)
                      │ figures ─► pictures
"""
