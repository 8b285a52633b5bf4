"""Makes accounts with openstacksdk, as test programs do, works as them, and removes them. Arguments: an admin's cloud,
an image file."""

import sys
import uuid

import openstack

admin = openstack.connect(cloud=sys.argv[1])
identity = admin.identity
name = f"sdk-{uuid.uuid4().hex}"
password = "a-password"


def connect(**scope):
    return openstack.connect(
        auth_url=admin.config.auth["auth_url"], username=name, password=password, user_domain_id="default",
        region_name="RegionOne", identity_api_version="3", load_envvars=False, load_yaml_config=False, **scope,
    )


project = identity.create_project(name=name, description="made by openstacksdk", domain_id="default")
assert (project.name, project.is_enabled, project.domain_id) == (name, True, "default"), project
user = identity.create_user(
    name=name, password=password, email="someone@example.org", default_project_id=project.id, domain_id="default",
)
assert (user.name, user.email, user.default_project_id) == (name, "someone@example.org", project.id), user
role = identity.create_role(name=name)
try:
    identity.create_user(name=name, password=password, domain_id="default")
    raise AssertionError("a second user of the same name was made")
except openstack.exceptions.ConflictException as refusal:
    assert name in str(refusal), refusal

# Grants, by the proxy and by the cloud layer.
member = identity.find_role("member")
identity.assign_project_role_to_user(project, user, member)
assert identity.validate_user_has_project_role(project, user, member)
assert admin.grant_role(name, user=name, project=name)
granted = identity.role_assignments_filter(user=user.id, project=project.id)
assert sorted(found.name for found in granted) == sorted(["member", name]), granted
assigned = list(identity.role_assignments(user_id=user.id, include_names=True))
assert {found.role["name"] for found in assigned} == {"member", name}, assigned

# The new account works.
own = connect(project_name=name, project_domain_id="default")
assert own.current_project_id == project.id
assert [found.id for found in own.identity.user_projects(user.id)] == [project.id]
image = own.create_image(
    name, filename=sys.argv[2], disk_format="qcow2", container_format="bare", wait=True, timeout=60,
)
assert (image.status, image.owner) == ("active", project.id), image
own.object_store.create_container(name)
assert name in [found.name for found in own.object_store.containers()]
own.object_store.delete_container(name)
own.image.delete_image(image)

# Changes.
renamed = identity.update_project(project, name=f"{name}-2", description="changed")
assert (renamed.name, renamed.description) == (f"{name}-2", "changed"), renamed
assert identity.find_project(f"{name}-2").id == project.id
assert identity.update_user(user, email="other@example.org").email == "other@example.org"
identity.unassign_project_role_from_user(project, user, role)
assert [found.name for found in identity.role_assignments_filter(user=user.id, project=project.id)] == ["member"]

# The system.
reader = identity.find_role("reader")
identity.assign_system_role_to_user(user, reader, "all")
system = connect(system_scope="all")
assert system.identity.find_user(name).id == user.id
identity.unassign_system_role_from_user(user, reader, "all")

identity.update_user(user, is_enabled=False)
try:
    connect(project_id=project.id).authorize()
    raise AssertionError("a disabled user logged in")
except openstack.exceptions.SDKException:
    pass

identity.delete_user(user)
identity.delete_project(project)
identity.delete_role(role)
assert identity.find_user(name) is None
assert identity.find_project(f"{name}-2") is None

print("done")
