"""What the site answers from outside, recorded once and compared after every change of its inside.

`python -m tests.replay compare` asks the site what was recorded: by HTTP and by management commands alone, so that
modules may move and change names. `record` makes the recording anew, which only a change on purpose justifies.
"""
