// Makes accounts with gophercloud, like a Go program that tests a cloud: a project, a user, a role, grants; works as the
// new user; removes everything. Arguments: an admin's cloud of clouds.yaml (OS_CLIENT_CONFIG_FILE), the URL of the
// identity service, a qcow2 file.
package main

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/config"
	"github.com/gophercloud/gophercloud/v2/openstack/config/clouds"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/projects"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/roles"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/users"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/imagedata"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/images"
)

var ctx = context.Background()

const password = "a-password"

func main() {
	options, _, tls, err := clouds.Parse(clouds.WithCloudName(os.Args[1]))
	check(err)
	provider, err := config.NewProviderClient(ctx, options, config.WithTLSConfig(tls))
	check(err)
	identity, err := openstack.NewIdentityV3(provider, gophercloud.EndpointOpts{Region: "RegionOne"})
	check(err)
	data, err := os.ReadFile(os.Args[3])
	check(err)
	name := fmt.Sprintf("go-%d", time.Now().UnixNano())

	project, err := projects.Create(ctx, identity, projects.CreateOpts{Name: name, Description: "made by gophercloud"}).Extract()
	check(err)
	expect("description", project.Description, "made by gophercloud")
	user, err := users.Create(ctx, identity, users.CreateOpts{
		Name: name, Password: password, DefaultProjectID: project.ID,
		Extra: map[string]any{"email": "someone@example.org"},
	}).Extract()
	check(err)
	expect("email", user.Extra["email"], any("someone@example.org"))
	role, err := roles.Create(ctx, identity, roles.CreateOpts{Name: name}).Extract()
	check(err)
	member := roleNamed(identity, "member")

	in := func(role string) error {
		return roles.Assign(ctx, identity, role, roles.AssignOpts{UserID: user.ID, ProjectID: project.ID}).ExtractErr()
	}
	check(in(member))
	check(in(role.ID))
	expect("missing role", gophercloud.ResponseCodeIs(in("none"), 404), true)
	pages, err := roles.ListAssignments(identity, roles.ListAssignmentsOpts{UserID: user.ID}).AllPages(ctx)
	check(err)
	assigned, err := roles.ExtractRoleAssignments(pages)
	check(err)
	expect("assignments", len(assigned), 2)

	image := work(name, project.ID, data)
	_, err = users.Update(ctx, identity, user.ID, users.UpdateOpts{Description: ptr("changed")}).Extract()
	check(err)
	renamed, err := projects.Update(ctx, identity, project.ID, projects.UpdateOpts{Name: name + "-2"}).Extract()
	check(err)
	expect("name", renamed.Name, name+"-2")

	unassign := roles.UnassignOpts{UserID: user.ID, ProjectID: project.ID}
	check(roles.Unassign(ctx, identity, role.ID, unassign).ExtractErr())
	err = roles.Unassign(ctx, identity, role.ID, unassign).ExtractErr()
	expect("taken back twice", gophercloud.ResponseCodeIs(err, 404), true)
	check(users.Delete(ctx, identity, user.ID).ExtractErr())
	check(projects.Delete(ctx, identity, project.ID).ExtractErr())
	check(roles.Delete(ctx, identity, role.ID).ExtractErr())
	_, err = users.Get(ctx, identity, user.ID).Extract()
	expect("gone", gophercloud.ResponseCodeIs(err, 404), true)

	// What belongs to a removed project stays, and an admin removes it.
	all, err := openstack.NewImageV2(provider, gophercloud.EndpointOpts{Region: "RegionOne"})
	check(err)
	left, err := images.Get(ctx, all, image).Extract()
	check(err)
	expect("owner", left.Owner, project.ID)
	check(images.Delete(ctx, all, image).ExtractErr())
	fmt.Println("done")
}

// Logs in as the new user, uploads an image, and returns its id.
func work(name string, project string, data []byte) string {
	provider, err := openstack.AuthenticatedClient(ctx, gophercloud.AuthOptions{
		IdentityEndpoint: os.Args[2], Username: name, Password: password, DomainID: "default", TenantID: project,
	})
	check(err)
	client, err := openstack.NewImageV2(provider, gophercloud.EndpointOpts{Region: "RegionOne"})
	check(err)
	image, err := images.Create(ctx, client, images.CreateOpts{Name: name, DiskFormat: "qcow2", ContainerFormat: "bare"}).Extract()
	check(err)
	check(imagedata.Upload(ctx, client, image.ID, bytes.NewReader(data)).ExtractErr())
	image, err = images.Get(ctx, client, image.ID).Extract()
	check(err)
	expect("owner", image.Owner, project)
	expect("status", image.Status, images.ImageStatusActive)
	return image.ID
}

func roleNamed(client *gophercloud.ServiceClient, name string) string {
	pages, err := roles.List(client, roles.ListOpts{Name: name}).AllPages(ctx)
	check(err)
	found, err := roles.ExtractRoles(pages)
	check(err)
	expect("roles named "+name, len(found), 1)
	return found[0].ID
}

func ptr[T any](value T) *T { return &value }

func expect[T comparable](what string, got T, want T) {
	if got != want {
		log.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
