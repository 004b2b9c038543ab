// Package cluster is what the floor and ork share of the cluster: clients, the observer that both are
// timed by, and cleaning up so that one measurement does not disturb the next.
package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	batch "k8s.io/client-go/kubernetes/typed/batch/v1"
	core "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"ork.dev/bench/scale/gauge"
)

// Namespace holds all that the bench makes.
const Namespace = "ork-bench"

// Addresses of the collections in Namespace.
const (
	Workflows    = "/apis/ork.dev/v1alpha1/namespaces/" + Namespace + "/workflows"
	WorkflowRuns = "/apis/ork.dev/v1alpha1/namespaces/" + Namespace + "/workflowruns"
	Jobs         = "/apis/batch/v1/namespaces/" + Namespace + "/jobs"
	Pods         = "/api/v1/namespaces/" + Namespace + "/pods"
	Revisions    = "/apis/apps/v1/namespaces/" + Namespace + "/controllerrevisions"
)

// Cluster is a way to one API server. Safe for use by many.
type Cluster struct {
	Config *rest.Config
	Batch  batch.BatchV1Interface
	Core   core.CoreV1Interface
	// Folder is where the cluster keeps its state; its processes have it in their command lines.
	Folder string

	raw     rest.Interface // takes and gives plain JSON, for kinds that client-go has no types of
	counter *gauge.Counter
}

// Connect reads a kubeconfig. Nothing is sent yet.
func Connect(kubeconfig string) (*Cluster, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("kubeconfig %s: %w", kubeconfig, err)
	}
	// No limit of our own: a floor that waits for its own rate limiter is no floor.
	config.QPS, config.Burst = -1, -1
	config.UserAgent = "ork-bench"
	c := &Cluster{Config: config, Folder: filepath.Dir(kubeconfig), counter: &gauge.Counter{}}
	config.WrapTransport = func(next http.RoundTripper) http.RoundTripper {
		c.counter.Next = next
		return c.counter
	}
	// One HTTP client for all of them: client-go caps nothing, HTTP/2 shares the connection.
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, err
	}
	if c.Batch, err = batch.NewForConfigAndClient(config, client); err != nil {
		return nil, err
	}
	if c.Core, err = core.NewForConfigAndClient(config, client); err != nil {
		return nil, err
	}
	plain := rest.CopyConfig(config)
	plain.GroupVersion = &schema.GroupVersion{}
	plain.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	if c.raw, err = rest.RESTClientForConfigAndClient(plain, client); err != nil {
		return nil, err
	}
	return c, nil
}

// Create posts one object, given as whatever encodes to its JSON.
func (c *Cluster) Create(ctx context.Context, collection string, object any) error {
	body, err := json.Marshal(object)
	if err != nil {
		return err
	}
	return c.raw.Post().AbsPath(collection).SetHeader("Content-Type", "application/json").Body(body).Do(ctx).Error()
}

// Apply makes an object as written, or changes it to that (server-side apply; JSON or YAML).
func (c *Cluster) Apply(ctx context.Context, address string, text []byte) error {
	return c.raw.Verb(http.MethodPatch).AbsPath(address).
		SetHeader("Content-Type", "application/apply-patch+yaml").
		Param("fieldManager", "ork-bench").Param("force", "true").
		Body(text).Do(ctx).Error()
}

// Get reads an address into a struct that has the JSON fields of interest.
func (c *Cluster) Get(ctx context.Context, address string, into any, params ...string) error {
	request := c.raw.Get().AbsPath(address)
	for i := 0; i+1 < len(params); i += 2 {
		request.Param(params[i], params[i+1])
	}
	body, err := request.DoRaw(ctx)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}

// Read asks the API server what it counted, less what the bench itself sent.
func (c *Cluster) Read(ctx context.Context) (gauge.Reading, error) {
	stream, err := c.raw.Get().AbsPath("/metrics").Stream(ctx)
	if err != nil {
		return gauge.Reading{}, fmt.Errorf("the API server's metrics: %w", err)
	}
	defer stream.Close()
	reading, err := gauge.ParseMetrics(stream)
	if err != nil {
		return gauge.Reading{}, err
	}
	reading.Requests = reading.Requests.Minus(c.counter.Counts())
	return reading, nil
}

// EnsureNamespace makes Namespace with the service account that its Pods run as, where they are missing.
// The fake clusters may run without the controller that makes the account, or it may be slow.
func (c *Cluster) EnsureNamespace(ctx context.Context) error {
	object := func(kind, name string) map[string]any {
		return map[string]any{"apiVersion": "v1", "kind": kind, "metadata": map[string]any{"name": name}}
	}
	err := c.Create(ctx, "/api/v1/namespaces", object("Namespace", Namespace))
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("namespace %s: %w", Namespace, err)
	}
	err = c.Create(ctx, "/api/v1/namespaces/"+Namespace+"/serviceaccounts", object("ServiceAccount", "default"))
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("service account default: %w", err)
	}
	return nil
}

// Clean deletes all that a measurement left, and waits until it is gone and the cluster is at rest.
// Events stay: they expire by themselves, nobody watches them, and deleting them costs more than they do.
func (c *Cluster) Clean(ctx context.Context) error {
	collections := []string{WorkflowRuns, Workflows, Revisions, Jobs, Pods}
	for started := time.Now(); ; {
		left, err := c.deleteAll(ctx, collections)
		if err != nil {
			return err
		}
		if left == 0 {
			return c.Rest(ctx)
		}
		if time.Since(started) > 5*time.Minute {
			return fmt.Errorf("objects of the last measurement are still there after 5 minutes; see kubectl get all -n %s", Namespace)
		}
		if err := sleep(ctx, time.Second); err != nil {
			return err
		}
	}
}

// deleteAll asks for the deletion of each collection that is not empty and says how many those were.
func (c *Cluster) deleteAll(ctx context.Context, collections []string) (int, error) {
	left := 0
	for _, collection := range collections {
		var list struct{ Items []json.RawMessage }
		err := c.Get(ctx, collection, &list, "limit", "1")
		if apierrors.IsNotFound(err) { // the kind is not installed
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("list %s: %w", collection, err)
		}
		if len(list.Items) == 0 {
			continue
		}
		left++
		err = c.raw.Delete().AbsPath(collection).
			Param("propagationPolicy", "Background").Param("gracePeriodSeconds", "0").Do(ctx).Error()
		if err != nil && !apierrors.IsNotFound(err) && !errors.Is(err, context.DeadlineExceeded) {
			return 0, fmt.Errorf("delete %s: %w", collection, err)
		}
	}
	return left, nil
}

// Rest waits until the API server has little to do, at most 30 s: deletions echo in the controllers.
func (c *Cluster) Rest(ctx context.Context) error {
	const still = 0.15 // cores; reading the metrics itself costs some
	last, err := c.Read(ctx)
	if err != nil {
		return err
	}
	for i := 0; i < 30; i++ {
		if err := sleep(ctx, time.Second); err != nil {
			return err
		}
		now, err := c.Read(ctx)
		if err != nil {
			return err
		}
		if (now.CPU - last.CPU).Seconds() < still {
			return nil
		}
		last = now
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
