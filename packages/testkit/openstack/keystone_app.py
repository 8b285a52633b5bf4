import os
import sys
import threading

import oslo_context.context
import sqlite_writes

sys.argv = ["keystone"]  # Keystone parses the arguments of whoever imports it

from keystone.wsgi.api import application as keystone  # noqa: E402

# In the folder that it is started in.
DATABASE = ("keystone.db", "keystone.db-wal", "keystone.db-journal")


def forgetting_after_writes(application):
    """Lets a worker forget what it looked up for the request before, if the database was written since.

    Keystone keeps what it looks up in the context of a request, but checks the token before it makes that context. So it
    would check it with what it looked up for another request, whatever the other worker changed since
    (keystone/common/cache/_context_cache.py).
    """
    seen = None

    def wrapped(environ, start_response):
        nonlocal seen
        before, seen = seen, [written(file) for file in DATABASE]
        if seen != before:
            oslo_context.context._request_store = threading.local()
        return application(environ, start_response)

    return wrapped


def written(file):
    try:
        status = os.stat(file)
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size


application = forgetting_after_writes(sqlite_writes.wrap(keystone))
