"""Asks Glance itself what it does with the files in a folder: prints JSON, file to declared format to verdict.

Runs the code of glance/location.py as it is, without a server, a database or a store.
"""

import json
import logging
import os
import sys

from glance import location
from glance.common import config  # noqa: F401  registers the options
from glance.common import exception

logging.disable(logging.CRITICAL)
config.CONF([], project='glance', default_config_files=[])


class Image:
    container_format = 'bare'
    extra_properties = {}
    locations = []
    status = 'saving'
    image_id = 'image'
    virtual_size = None

    def __init__(self, disk_format):
        self.disk_format = disk_format


class Upload(location.ImageProxy):
    """An image whose data goes nowhere, in chunks as the filesystem store reads them."""

    def __init__(self, disk_format):
        self.image = Image(disk_format)
        self.context = None

    def _upload_to_store(self, data, verifier, store=None, size=None):
        while data.read(65536):
            pass


def verdict(path, disk_format):
    upload = Upload(disk_format)
    try:
        with open(path, 'rb') as data:
            upload.set_data(data, size=os.path.getsize(path))
    except exception.InvalidImageData as refusal:
        return {'accepted': False, 'reason': str(refusal)}
    return {'accepted': True, 'virtualSizeBytes': upload.image.virtual_size}


folder, *formats = sys.argv[1:]
answers = {
    name: {each: verdict(os.path.join(folder, name), each) for each in formats}
    for name in sorted(os.listdir(folder))
}
json.dump(answers, sys.stdout)
