import sys

import sqlite_writes

sys.argv = ["keystone"]  # Keystone parses the arguments of whoever imports it

from keystone.wsgi.api import application as keystone  # noqa: E402

application = sqlite_writes.wrap(keystone)
