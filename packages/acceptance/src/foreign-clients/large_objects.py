"""Stores a file as large objects with openstacksdk, as a user's script does. Arguments: the cloud, the file."""

import os
import sys

import openstack

cloud = openstack.connect(cloud=sys.argv[1])
store = cloud.object_store
path = sys.argv[2]
copy = f"{path}.copy"


def content():
    with open(path, "rb") as file:
        return file.read()


for use_slo in (False, True):
    box = f"sdk-{'static' if use_slo else 'dynamic'}"
    store.create_container(box)

    def save():
        store.create_object(box, "disk.raw", filename=path, segment_size=400_000, use_slo=use_slo)

    def names():
        return [found.name for found in store.objects(box)]

    save()
    segments = [f"disk.raw/{number:06}" for number in range(3)]
    assert names() == ["disk.raw", *segments], names()
    head = store.get_object_metadata("disk.raw", box)
    assert int(head.content_length) == len(content()), head
    assert bool(head.is_static_large_object) is use_slo, head
    assert head.object_manifest == (None if use_slo else f"{box}/disk.raw"), head
    assert store.download_object("disk.raw", container=box) == content()
    assert b"".join(store.stream_object("disk.raw", container=box, chunk_size=65536)) == content()
    store.get_object("disk.raw", container=box, outfile=copy, resp_chunk_size=65536)
    with open(copy, "rb") as file:
        assert file.read() == content()

    # A file that is already there is not sent again; the hashes in its metadata identify it.
    save()
    assert store.get_object_metadata("disk.raw", box).timestamp == head.timestamp
    with open(path, "r+b") as file:
        file.write(os.urandom(10))
    save()
    assert store.get_object_metadata("disk.raw", box).timestamp != head.timestamp
    assert store.download_object("disk.raw", container=box) == content()

    # Deleting a static one deletes its segments too.
    store.delete_object("disk.raw", container=box, ignore_missing=False)
    assert names() == ([] if use_slo else segments), names()
    for name in names():
        store.delete_object(name, container=box)
    store.delete_container(box, ignore_missing=False)

print("done")
