// Package gauge reads what a measurement cost: processor time and memory of a process, requests as
// the API server counts them, requests and bytes as a proxy in front of the API server sees them.
package gauge

import (
	"net/http"
	"net/url"
	"sort"
	"strings"
	"sync"
)

// Request is a kind of request, in the words of the API server's own metrics.
type Request struct {
	Verb        string // POST, PUT, PATCH, APPLY, GET, LIST, WATCH, DELETE, DELETECOLLECTION
	Group       string // "" for the core group
	Resource    string // "" for what is no resource, as /version
	Subresource string // "" for the object itself
}

// String is how the report writes it: "PATCH workflowruns/status".
func (r Request) String() string {
	resource := r.Resource
	if resource == "" {
		resource = "(no resource)"
	}
	if r.Subresource != "" {
		resource += "/" + r.Subresource
	}
	return r.Verb + " " + resource
}

// Reads tells whether the request only asks.
func (r Request) Reads() bool {
	return r.Verb == "GET" || r.Verb == "LIST" || r.Verb == "WATCH"
}

// Classify names the kind of a request from its method and address.
func Classify(method string, address *url.URL, header http.Header) Request {
	parts := strings.Split(strings.Trim(address.Path, "/"), "/")
	request := Request{Verb: method}
	switch {
	case len(parts) >= 3 && parts[0] == "api":
		parts = parts[2:]
	case len(parts) >= 4 && parts[0] == "apis":
		request.Group = parts[1]
		parts = parts[3:]
	default:
		return request
	}
	if len(parts) >= 3 && parts[0] == "namespaces" {
		parts = parts[2:]
	}
	request.Resource = parts[0]
	named := len(parts) > 1
	if len(parts) > 2 {
		request.Subresource = parts[2]
	}
	watch := address.Query().Get("watch")
	switch {
	case method == http.MethodGet && (watch == "true" || watch == "1"):
		request.Verb = "WATCH"
	case method == http.MethodGet && !named:
		request.Verb = "LIST"
	case method == http.MethodDelete && !named:
		request.Verb = "DELETECOLLECTION"
	case method == http.MethodPatch && strings.HasPrefix(header.Get("Content-Type"), "application/apply-patch"):
		request.Verb = "APPLY"
	}
	return request
}

// Counts holds how often each kind of request was made.
type Counts map[Request]int64

// Minus is what came on top of an earlier reading, without the kinds that did not change.
func (c Counts) Minus(earlier Counts) Counts {
	difference := Counts{}
	for request, n := range c {
		if d := n - earlier[request]; d != 0 {
			difference[request] = d
		}
	}
	return difference
}

// Sorted gives the kinds with the most frequent first; equals by name.
func (c Counts) Sorted() []Request {
	kinds := make([]Request, 0, len(c))
	for request := range c {
		kinds = append(kinds, request)
	}
	sort.Slice(kinds, func(i, j int) bool {
		if c[kinds[i]] != c[kinds[j]] {
			return c[kinds[i]] > c[kinds[j]]
		}
		return kinds[i].String() < kinds[j].String()
	})
	return kinds
}

// Named is the same with the report's names as keys, for JSON.
func (c Counts) Named() map[string]int64 {
	named := map[string]int64{}
	for request, n := range c {
		named[request.String()] += n
	}
	return named
}

// Counter counts the bench's own requests, to take them off what the API server counted.
// It is an http.RoundTripper around another; safe for use by many.
type Counter struct {
	Next http.RoundTripper

	lock   sync.Mutex
	counts Counts
}

// RoundTrip counts and passes on.
func (c *Counter) RoundTrip(request *http.Request) (*http.Response, error) {
	kind := Classify(request.Method, request.URL, request.Header)
	c.lock.Lock()
	if c.counts == nil {
		c.counts = Counts{}
	}
	c.counts[kind]++
	c.lock.Unlock()
	return c.Next.RoundTrip(request)
}

// Counts is a copy of what was counted so far.
func (c *Counter) Counts() Counts {
	c.lock.Lock()
	defer c.lock.Unlock()
	return Counts{}.plus(c.counts)
}

func (c Counts) plus(other Counts) Counts {
	for request, n := range other {
		c[request] += n
	}
	return c
}
