"""Prints the commands of openstack, glance and swift with their options, as the clients themselves know them."""

import argparse
import importlib.metadata
import json
import re
from unittest import mock

from glanceclient.shell import OpenStackImagesShell
from swiftclient import shell as swift_shell

# cliff's own, which every command has.
FORMATTER = {
    '--format', '--column', '--quote', '--noindent', '--max-width', '--fit-width', '--print-empty', '--sort-column',
    '--sort-ascending', '--sort-descending', '--prefix',
}


def long_flags(parser):
    return sorted(
        flags[-1]
        for flags in (action.option_strings for action in parser._actions)
        if flags and flags[-1] not in FORMATTER | {'--help', '--variable'}
    )


def openstack():
    found = {}
    for group in ('openstack.image.v2', 'openstack.object_store.v1'):
        for entry in importlib.metadata.entry_points(group=group):
            command = entry.load()(mock.MagicMock(), None)
            found[entry.name.replace('_', ' ')] = long_flags(command.get_parser('openstack'))
    return found


def glance():
    shell = OpenStackImagesShell()
    shell.get_subcommand_parser(2, argv=[])
    return {name: long_flags(parser) for name, parser in shell.subcommands.items() if name not in (
        'help', 'bash-completion', 'bash_completion')}


def swift():
    found = {}
    for name in swift_shell.commands:
        # info is another name of capabilities.
        if name in ('bash_completion', 'info'):
            continue
        text = getattr(swift_shell, f'st_{name}_help', '')
        found[name] = sorted(set(re.findall(r'^  (?:-\w(?: <\w+>)?, )?(--[a-z0-9-]+)', text, re.M)))
    return found


print(json.dumps({'openstack': openstack(), 'glance': glance(), 'swift': swift()}))
