import sqlite_writes
from glance.wsgi.api import application as glance

application = sqlite_writes.wrap(glance)
