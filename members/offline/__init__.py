"""Reading without a network: a service worker keeps the newest weeks and what was opened, in the reader's browser.

    page ─► offline.js registers ─► /service-worker.js (static/js/service-worker.js, told where things are)
    every answer says who reads (X-Reader) and whether it may be kept (X-Offline) ─► the worker keeps it for this reader
    another reader, or nobody any more ─► the worker throws away what it kept for the one before

Browsers run service workers on HTTPS and on the machine itself only; elsewhere nothing is kept, and nothing is missed.
"""
