"""Works on metadata definitions with openstacksdk, as an admin's script does. Arguments: the cloud, another cloud, a name."""

import sys

import openstack

admin = openstack.connect(cloud=sys.argv[1]).image
other = openstack.connect(cloud=sys.argv[2]).image
name = sys.argv[3]

# Namespaces.
made = admin.create_metadef_namespace(namespace=name, display_name="SDK", visibility="public")
assert (made.namespace, made.is_protected, made.owner is not None) == (name, False, True), made
assert other.get_metadef_namespace(name).display_name == "SDK"
assert name in [found.namespace for found in other.metadef_namespaces(limit=5)]
updated = admin.update_metadef_namespace(name, description="by the SDK", visibility="public", is_protected=True)
assert (updated.description, updated.is_protected, updated.display_name) == ("by the SDK", True, None), updated
try:
    admin.delete_metadef_namespace(name)
    raise AssertionError("a protected namespace was deleted")
except openstack.exceptions.HttpException as refusal:
    assert refusal.status_code == 403, refusal
admin.update_metadef_namespace(name, visibility="public")
try:
    other.update_metadef_namespace(name, description="mine")
    raise AssertionError("another project changed the namespace")
except openstack.exceptions.HttpException as refusal:
    assert refusal.status_code == 403, refusal

# Objects.
admin.create_metadef_object(
    name, name="disk", description="d", required=["bus"], properties={"bus": {"title": "Bus", "type": "string"}}
)
assert admin.get_metadef_object("disk", name).properties["bus"]["type"] == "string"
admin.update_metadef_object("disk", name, name="drive", description="e")
assert [found.name for found in other.metadef_objects(name)] == ["drive"]
admin.delete_metadef_object("drive", name)
admin.create_metadef_object(name, name="cpu")
admin.delete_all_metadef_objects(name)
assert list(admin.metadef_objects(name)) == []

# Resource types and properties.
admin.create_metadef_resource_type_association(name, name="OS::Nova::Flavor", prefix="hw:")
assert [found.prefix for found in other.metadef_resource_type_associations(name)] == ["hw:"]
types = [found.name for found in other.metadef_resource_types()]
assert {"OS::Glance::Image", "OS::Nova::Flavor"} <= set(types), types
admin.create_metadef_property(name, name="bus", title="Bus", type="string", enum=["ide", "scsi"])
admin.create_metadef_property(name, name="cores", title="Cores", type="integer", minimum=1)
admin.update_metadef_property("bus", name, name="bus", title="Disk bus", type="string", enum=["virtio"])
assert other.get_metadef_property("bus", name).enum == ["virtio"]
assert sorted(found.name for found in other.metadef_properties(name)) == ["bus", "cores"]
admin.delete_metadef_property("bus", name)
admin.delete_all_metadef_properties(name)
assert list(admin.metadef_properties(name)) == []
admin.delete_metadef_resource_type_association("OS::Nova::Flavor", name)
assert list(admin.metadef_resource_type_associations(name)) == []

# Tags.
admin.add_tag_to_metadef_namespace(name, "one")
admin.add_tag_to_metadef_namespace(name, "two")
admin.remove_tag_from_metadef_namespace(name, "one")
assert [tag["name"] for tag in admin.get("/metadefs/namespaces/%s/tags" % name).json()["tags"]] == ["two"]
admin.remove_tags_from_metadef_namespace(name)
assert admin.get("/metadefs/namespaces/%s/tags" % name).json() == {"tags": []}

# What came with the cloud, and the schema documents.
assert "hw_disk_bus" in [found.name for found in other.metadef_properties("OS::Compute::LibvirtImage")]
for kind in ("namespace", "resource_type", "object", "property", "tag"):
    for which in (kind, "properties" if kind == "property" else kind + "s"):
        document = getattr(other, "get_metadef_%s_schema" % which)()
        assert document.properties, which

admin.delete_metadef_namespace(name)
try:
    admin.get_metadef_namespace(name)
    raise AssertionError("the namespace is still there")
except openstack.exceptions.NotFoundException:
    pass

print("done")
