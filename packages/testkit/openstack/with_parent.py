"""Runs a command that the kernel ends when the process that started it is gone, however that went."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

parent = int(sys.argv[1])
ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
if os.getppid() != parent:
    sys.exit("the process that started this one is gone")
os.execv(sys.argv[2], sys.argv[2:])
