"""Lets several processes write to one SQLite file.

A transaction that reads first and writes later fails at once with "database is locked" when another process wrote in
between, whatever the timeout. Taking the write lock at BEGIN makes it wait instead. Requests that only read keep the
plain BEGIN, so they run beside each other as they would on a database server.
"""

import threading

import sqlalchemy
import sqlalchemy.event

_request = threading.local()


@sqlalchemy.event.listens_for(sqlalchemy.engine.Engine, "before_cursor_execute", retval=True)
def _take_the_write_lock(connection, cursor, statement, parameters, context, executemany):
    if statement == "BEGIN" and not getattr(_request, "reads", False):
        statement = "BEGIN IMMEDIATE"
    return statement, parameters


def wrap(application):
    def wrapped(environ, start_response):
        _request.reads = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        return application(environ, start_response)

    return wrapped
