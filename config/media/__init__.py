"""Where figures are kept: a folder, or a bucket of an S3 store that hosts share (MEDIA_STORAGE_URL).

address.py   MEDIA_STORAGE_URL → Django's settings
folder.py    a folder of this machine             both are a `Media` (store.py): what backup, restore and
s3.py        a bucket, by django-storages         move_media ask for beside what Django asks of a storage
moving.py    all files of one into another, compared
"""
