// Works on a cloud with gophercloud, like a Go program: create, upload, list, change, share, accept, download, delete.
// Clouds from clouds.yaml (OS_CLIENT_CONFIG_FILE). Arguments: a cloud, another cloud, a qcow2 file.
package main

import (
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/config"
	"github.com/gophercloud/gophercloud/v2/openstack/config/clouds"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/imagedata"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/images"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/members"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/containers"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/objects"
	"github.com/gophercloud/gophercloud/v2/pagination"
)

var ctx = context.Background()

func main() {
	mine, store, _ := connect(os.Args[1])
	theirs, _, project := connect(os.Args[2])
	data, err := os.ReadFile(os.Args[3])
	check(err)
	sum := sha512.Sum512(data)

	image, err := images.Create(ctx, mine, images.CreateOpts{
		Name: "go-disk", DiskFormat: "qcow2", ContainerFormat: "bare", Tags: []string{"by-gophercloud"},
		Properties: map[string]string{"os_distro": "debian"},
	}).Extract()
	check(err)
	expect("status of a record", image.Status, images.ImageStatusQueued)
	check(imagedata.Upload(ctx, mine, image.ID, bytes.NewReader(data)).ExtractErr())

	image, err = images.Get(ctx, mine, image.ID).Extract()
	check(err)
	expect("status after the upload", image.Status, images.ImageStatusActive)
	expect("size", image.SizeBytes, int64(len(data)))
	expect("hash", image.Properties["os_hash_value"], any(hex.EncodeToString(sum[:])))
	expect("listed", list(mine, images.ListOpts{Tags: []string{"by-gophercloud"}, Limit: 1}), "go-disk ")

	image, err = images.Update(ctx, mine, image.ID, images.UpdateOpts{
		images.ReplaceImageName{NewName: "go-named"},
		images.UpdateImageProperty{Op: images.AddOp, Name: "os_version", Value: "13"},
		images.UpdateImageProperty{Op: images.RemoveOp, Name: "os_distro"},
		images.ReplaceImageMinRam{NewMinRam: 64},
	}).Extract()
	check(err)
	expect("name", image.Name, "go-named")
	expect("min RAM", image.MinRAMMegabytes, 64)
	expect("property", image.Properties["os_version"], any("13"))

	_, err = members.Create(ctx, mine, image.ID, project).Extract()
	check(err)
	shared := images.ListOpts{Visibility: images.ImageVisibilityShared, MemberStatus: images.ImageMemberStatusPending, Tags: []string{"by-gophercloud"}}
	expect("offered", list(theirs, shared), "go-named ")
	member, err := members.Update(ctx, theirs, image.ID, project, members.UpdateOpts{Status: "accepted"}).Extract()
	check(err)
	expect("member", member.Status, "accepted")

	reader, err := imagedata.Download(ctx, theirs, image.ID).Extract()
	check(err)
	content, err := io.ReadAll(reader)
	check(err)
	expect("bytes", bytes.Equal(content, data), true)

	check(images.Delete(ctx, mine, image.ID).ExtractErr())
	_, err = images.Get(ctx, mine, image.ID).Extract()
	expect("gone", gophercloud.ResponseCodeIs(err, 404), true)

	check(containers.Create(ctx, store, "go-box", nil).Err)
	check(objects.Create(ctx, store, "go-box", "a/b.qcow2", objects.CreateOpts{Content: bytes.NewReader(data)}).Err)
	downloaded := objects.Download(ctx, store, "go-box", "a/b.qcow2", nil)
	object, err := downloaded.ExtractContent()
	check(err)
	expect("object", bytes.Equal(object, data), true)
	check(objects.Delete(ctx, store, "go-box", "a/b.qcow2", nil).Err)
	check(containers.Delete(ctx, store, "go-box").Err)
	fmt.Println("done")
}

// connect returns the image and object services of a cloud, and the id of its project.
func connect(name string) (*gophercloud.ServiceClient, *gophercloud.ServiceClient, string) {
	auth, endpoint, tls, err := clouds.Parse(clouds.WithCloudName(name), clouds.WithLocations(os.Getenv("OS_CLIENT_CONFIG_FILE")))
	check(err)
	provider, err := config.NewProviderClient(ctx, auth, config.WithTLSConfig(tls))
	check(err)
	image, err := openstack.NewImageV2(provider, endpoint)
	check(err)
	store, err := openstack.NewObjectStorageV1(provider, endpoint)
	check(err)
	project, err := provider.GetAuthResult().(tokens.CreateResult).ExtractProject()
	check(err)
	return image, store, project.ID
}

func list(service *gophercloud.ServiceClient, opts images.ListOpts) string {
	names := ""
	check(images.List(service, opts).EachPage(ctx, func(_ context.Context, page pagination.Page) (bool, error) {
		found, err := images.ExtractImages(page)
		for _, image := range found {
			names += image.Name + " "
		}
		return true, err
	}))
	return names
}

func expect[T comparable](what string, got, want T) {
	if got != want {
		log.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
