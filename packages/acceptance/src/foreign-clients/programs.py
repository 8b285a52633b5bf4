"""Runs Python programs, each in a fork of this process, which has loaded the libraries that they share.

Loading these takes a client one to two seconds, more than everything else that it does. Reads one program per line from
stdin, as JSON, and reports its exit code on stdout. Ends with its stdin.
"""

import gc
import importlib
import importlib.metadata
import json
import os
import pty
import runpy
import select
import signal
import sys


def load(modules):
    """Loads these, and every plugin of `openstack`, as each of its commands does."""
    points = (point for package in importlib.metadata.distributions() for point in package.entry_points)
    plugins = (point.module for point in points if point.group.startswith("openstack."))
    for name in sorted({*modules, *plugins}):
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # An optional plugin: the program that needs it will complain.


def start(program):
    """Returns in the child only, ready to run: with its own folder, variables, streams and limit."""
    pid = os.fork()
    if pid:
        return pid
    # A silent terminal as stdin, as at a prompt: clients would read image data from any other.
    master, terminal = pty.openpty()
    os.set_inheritable(master, True)
    for number, path in ((1, program["stdout"]), (2, program["stderr"])):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    os.dup2(terminal, 0)
    sys.stdin = open(0, closefd=False)
    os.chdir(program["cwd"])
    os.environ.clear()
    os.environ.update(program["env"])
    signal.alarm(program["timeoutSeconds"])
    return 0


def serve():
    """Returns in the child, with its arguments; in this process when stdin and all children have ended."""
    running = {}
    commands = open(0, "rb", buffering=0, closefd=False)
    unread, ended = b"", False
    while running or not ended:
        readable, _, _ = select.select([] if ended else [commands], [], [], 0.01 if running else None)
        if readable:
            data = commands.read(65536)
            ended = not data
            *lines, unread = (unread + data).split(b"\n")
            for line in lines:
                program = json.loads(line)
                pid = start(program)
                if pid == 0:
                    return program["argv"]
                running[pid] = program["id"]
        while running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            print(json.dumps({"id": running.pop(pid), "code": os.waitstatus_to_exitcode(status)}), flush=True)
    return None


if __name__ == "__main__":
    load(sys.argv[1:])
    # Otherwise each fork copies all of it, when it looks for garbage at its end.
    gc.freeze()
    argv = serve()
    if argv:
        sys.argv[:] = argv  # In place: swift has kept a reference to it.
        sys.path[0] = os.path.dirname(argv[0])
        runpy.run_path(argv[0], run_name="__main__")
