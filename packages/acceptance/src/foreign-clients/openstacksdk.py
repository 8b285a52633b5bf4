"""Works on a cloud with openstacksdk, as a user's script does. Arguments: the cloud, another cloud, an image file."""

import hashlib
import sys
import urllib.parse
import urllib.request

import openstack

mine = openstack.connect(cloud=sys.argv[1])
theirs = openstack.connect(cloud=sys.argv[2])
with open(sys.argv[3], "rb") as file:
    content = file.read()
digest = hashlib.sha512(content).hexdigest()

# The cloud layer: checksums in properties, waiting, finding by name.
image = mine.create_image(
    "sdk-disk", filename=sys.argv[3], disk_format="qcow2", container_format="bare", wait=True, timeout=60,
    tags=["by-sdk"], os_distro="debian", visibility="shared",
)
assert image.status == "active", image.status
assert image.hash_value == digest, image.hash_value
assert mine.get_image("sdk-disk").id == image.id
assert [found.id for found in mine.image.images(tag="by-sdk", limit=1)] == [image.id]

# The proxy layer.
changed = mine.image.update_image(image, name="sdk-named", min_ram=64)
assert (changed.name, changed.min_ram) == ("sdk-named", 64), changed
mine.image.add_tag(image, "new")
mine.image.remove_tag(image, "by-sdk")
assert mine.image.get_image(image).tags == ["new"]
mine.image.add_member(image, member_id=theirs.current_project_id)
assert [found.id for found in theirs.image.images(visibility="shared", member_status="pending")] == [image.id]
theirs.image.update_member(theirs.current_project_id, image, status="accepted")
assert [member.status for member in mine.image.members(image)] == ["accepted"]
downloaded = theirs.image.download_image(image.id)
assert hashlib.sha512(downloaded.content).hexdigest() == digest
try:
    theirs.image.delete_image(image.id, ignore_missing=False)
    raise AssertionError("another project deleted the image")
except openstack.exceptions.HttpException as refusal:
    assert refusal.status_code in (403, 404), refusal
mine.image.remove_member(theirs.current_project_id, image=image)
mine.image.delete_image(image)
assert mine.image.find_image("sdk-named") is None

# Pages: more records than fit on one page.
names = [f"sdk-page-{number}" for number in range(7)]
for name in names:
    mine.image.create_image(name, container_format="bare", disk_format="raw", allow_duplicates=True, validate_checksum=False)
listed = [found for found in mine.image.images(limit=3, sort="name:asc") if found.name in names]
assert [found.name for found in listed] == names, listed
for found in listed:
    mine.image.delete_image(found)

# Object storage.
store = mine.object_store
store.create_container("sdk-box")
store.upload_object(container="sdk-box", name="a/b.qcow2", data=content)
assert [found.name for found in store.objects("sdk-box")] == ["a/b.qcow2"]
assert store.download_object("a/b.qcow2", container="sdk-box") == content

# A temporary URL, which needs no token.
store.set_account_temp_url_key("sdk-key")
endpoint = urllib.parse.urlsplit(store.get_endpoint())
signed = store.generate_temp_url(f"{endpoint.path}/sdk-box/a/b.qcow2", 600, "GET")
with urllib.request.urlopen(f"{endpoint.scheme}://{endpoint.netloc}{signed}") as response:
    assert response.read() == content
for found in list(store.objects("sdk-box")):
    store.delete_object(found)
store.delete_container("sdk-box")

print("done")
