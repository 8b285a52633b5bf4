// Lists all images with gophercloud in pages of 1,000, and prints how many there are and how many seconds it took.
// Arguments: a cloud of clouds.yaml (OS_CLIENT_CONFIG_FILE), a tag.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/config"
	"github.com/gophercloud/gophercloud/v2/openstack/config/clouds"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/images"
)

func main() {
	ctx := context.Background()
	options, _, tls, err := clouds.Parse(clouds.WithCloudName(os.Args[1]))
	check(err)
	provider, err := config.NewProviderClient(ctx, options, config.WithTLSConfig(tls))
	check(err)
	service, err := openstack.NewImageV2(provider, gophercloud.EndpointOpts{Region: "RegionOne"})
	check(err)

	start := time.Now()
	pages, err := images.List(service, images.ListOpts{Limit: 1000, Name: os.Args[2]}).AllPages(ctx)
	check(err)
	found, err := images.ExtractImages(pages)
	check(err)
	fmt.Printf("{\"count\":%d,\"seconds\":%f}\n", len(found), time.Since(start).Seconds())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
