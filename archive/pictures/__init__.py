"""The picture that stands beside a shared link: 1200 × 630, drawn by the server, kept by the page cache.

fonts       which font has Chinese on this machine; without one there is no text, and never boxes
layout      text → lines that fit
drawing     a Picture → PNG
addresses   where a picture is: at another address when it shows something else, because messengers keep them
views       the pictures of articles and issues; those of topics and trends are in their rooms
"""
