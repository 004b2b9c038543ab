// Waits for objects as Flux does: until all are Current, or one has Failed. It looks by kstatus' poller, or by its watcher.
//
//	waits --by poll|watch --namespace NAME [--timeout D] KIND/NAME...
//
// Every change is a line of JSON. Exit code 0: all are Current; 1: one has Failed; 2: neither, and why.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/cli-utils/pkg/kstatus/polling/clusterreader"
	"sigs.k8s.io/cli-utils/pkg/kstatus/polling/engine"
	"sigs.k8s.io/cli-utils/pkg/kstatus/polling/event"
	"sigs.k8s.io/cli-utils/pkg/kstatus/polling/statusreaders"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
	"sigs.k8s.io/cli-utils/pkg/kstatus/watcher"
	"sigs.k8s.io/cli-utils/pkg/object"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Answer is what is said of one object.
type Answer struct {
	Object  string `json:"object"`
	Status  string `json:"status"`
	Message string `json:"message"`
}

func say(answer Answer) {
	line, err := json.Marshal(answer)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(line))
}

func identify(namespace string, names []string) (object.ObjMetadataSet, error) {
	var out object.ObjMetadataSet
	for _, text := range names {
		kind, name, found := strings.Cut(text, "/")
		if !found {
			return nil, fmt.Errorf("%q is not KIND/NAME", text)
		}
		group := schema.GroupKind{Group: "ork.dev", Kind: kind}
		out = append(out, object.ObjMetadata{GroupKind: group, Namespace: namespace, Name: name})
	}
	return out, nil
}

func connect() (*rest.Config, meta.RESTMapper, error) {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return nil, nil, err
	}
	found, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, nil, err
	}
	return config, restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(found)), nil
}

// The two ways in which Flux and its like look: again and again, or by a watch.
func events(ctx context.Context, by string, ids object.ObjMetadataSet) (<-chan event.Event, error) {
	config, mapper, err := connect()
	if err != nil {
		return nil, err
	}
	switch by {
	case "poll":
		reader, err := client.New(config, client.Options{Mapper: mapper})
		if err != nil {
			return nil, err
		}
		// What polling.NewStatusPoller puts together, without the kubectl that it drags along.
		poller := engine.PollerEngine{
			Reader:               reader,
			Mapper:               mapper,
			DefaultStatusReader:  statusreaders.NewGenericStatusReader(mapper, status.Compute),
			ClusterReaderFactory: engine.ClusterReaderFactoryFunc(clusterreader.NewCachingClusterReader),
		}
		return poller.Poll(ctx, ids, engine.Options{PollInterval: 200 * time.Millisecond}), nil
	case "watch":
		dynamicClient, err := dynamic.NewForConfig(config)
		if err != nil {
			return nil, err
		}
		return watcher.NewDefaultStatusWatcher(dynamicClient, mapper).Watch(ctx, ids, watcher.Options{}), nil
	}
	return nil, fmt.Errorf("--by is poll or watch, not %q", by)
}

// Says each status when it changes, and at last `all` or the one that has failed: fail fast.
func waitFor(by, namespace string, timeout time.Duration, names []string) error {
	ids, err := identify(namespace, names)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	seen, err := events(ctx, by, ids)
	if err != nil {
		return err
	}
	last := map[object.ObjMetadata]status.Status{}
	for e := range seen {
		if e.Type == event.ErrorEvent {
			return e.Error
		}
		if e.Type != event.ResourceUpdateEvent || last[e.Resource.Identifier] == e.Resource.Status {
			continue
		}
		id := e.Resource.Identifier
		last[id] = e.Resource.Status
		say(Answer{id.GroupKind.Kind + "/" + id.Name, string(e.Resource.Status), e.Resource.Message})
		if e.Resource.Status == status.FailedStatus {
			os.Exit(1)
		}
		if allCurrent(last, len(ids)) {
			say(Answer{Object: "all", Status: string(status.CurrentStatus)})
			return nil
		}
	}
	return fmt.Errorf("not all are Current after %s: %v", timeout, last)
}

func allCurrent(last map[object.ObjMetadata]status.Status, count int) bool {
	for _, one := range last {
		if one != status.CurrentStatus {
			return false
		}
	}
	return len(last) == count
}

func main() {
	by := flag.String("by", "poll", "poll or watch")
	namespace := flag.String("namespace", "default", "of all the objects")
	timeout := flag.Duration("timeout", 2*time.Minute, "how long at most")
	flag.Parse()
	if err := waitFor(*by, *namespace, *timeout, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "waits:", err)
		os.Exit(2)
	}
}
