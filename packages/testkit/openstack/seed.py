"""Fills a bootstrapped Keystone: services, endpoints, projects, users. Reads a plan from stdin, answers with ids."""

import json
import sys

import openstack

plan = json.load(sys.stdin)
cloud = openstack.connect(
    auth={
        "auth_url": plan["authUrl"],
        "username": "admin",
        "password": plan["adminPassword"],
        "project_name": "admin",
        "user_domain_id": "default",
        "project_domain_id": "default",
    },
    region_name=plan["region"],
    identity_api_version="3",
)
identity = cloud.identity

for service in plan["services"]:
    made = identity.create_service(name=service["name"], type=service["type"])
    for interface in ("public", "internal", "admin"):
        identity.create_endpoint(
            service_id=made.id, interface=interface, url=service["url"], region_id=plan["region"]
        )

roles = {role.name: role.id for role in identity.roles()}
projects = {project.name: project.id for project in identity.projects()}
users = {user.name: user.id for user in identity.users()}
for name in plan["projects"]:
    if name not in projects:
        projects[name] = identity.create_project(name=name, domain_id="default").id
for user in plan["users"]:
    if user["name"] not in users:
        made = identity.create_user(
            name=user["name"],
            password=user["password"],
            domain_id="default",
            default_project_id=projects[user["project"]],
        )
        users[user["name"]] = made.id
    for role in user["roles"]:
        identity.assign_project_role_to_user(projects[user["project"]], users[user["name"]], roles[role])

# The catalogue of the token above is older than its services.
fresh = cloud.connect_as()
fresh.object_store.create_container("ready")
fresh.object_store.upload_object(container="ready", name="ready", data=b"ready")
fresh.object_store.delete_object("ready", container="ready")
fresh.object_store.delete_container("ready")
list(fresh.image.images(limit=1))

json.dump({"projects": projects, "users": users}, sys.stdout)
