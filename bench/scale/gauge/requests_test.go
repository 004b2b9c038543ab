package gauge

import (
	"net/http"
	"net/url"
	"testing"
)

func TestARequestIsNamedAsTheAPIServerNamesIt(t *testing.T) {
	cases := []struct{ method, address, contentType, want string }{
		{"GET", "/api/v1/namespaces/x/pods?watch=true", "", "WATCH pods"},
		{"GET", "/api/v1/pods?watch=1&resourceVersion=5", "", "WATCH pods"},
		{"GET", "/api/v1/namespaces/x/pods", "", "LIST pods"},
		{"GET", "/api/v1/namespaces/x/pods/p", "", "GET pods"},
		{"GET", "/api/v1/namespaces", "", "LIST namespaces"},
		{"GET", "/api/v1/namespaces/x", "", "GET namespaces"},
		{"POST", "/apis/batch/v1/namespaces/x/jobs", "", "POST jobs"},
		{"PUT", "/apis/ork.dev/v1alpha1/namespaces/x/workflowruns/r/status", "", "PUT workflowruns/status"},
		{"PATCH", "/apis/ork.dev/v1alpha1/namespaces/x/workflowruns/r/status", "application/merge-patch+json", "PATCH workflowruns/status"},
		{"PATCH", "/apis/ork.dev/v1alpha1/namespaces/x/workflows/w", "application/apply-patch+yaml", "APPLY workflows"},
		{"DELETE", "/apis/batch/v1/namespaces/x/jobs", "", "DELETECOLLECTION jobs"},
		{"DELETE", "/apis/batch/v1/namespaces/x/jobs/j", "", "DELETE jobs"},
		{"GET", "/version", "", "GET (no resource)"},
	}
	for _, c := range cases {
		address, err := url.Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		header := http.Header{"Content-Type": {c.contentType}}
		if got := Classify(c.method, address, header).String(); got != c.want {
			t.Errorf("%s %s is %q, want %q", c.method, c.address, got, c.want)
		}
	}
}

func TestADifferenceLeavesOutWhatDidNotChange(t *testing.T) {
	create := Request{Verb: "POST", Group: "batch", Resource: "jobs"}
	list := Request{Verb: "LIST", Group: "batch", Resource: "jobs"}
	got := Counts{create: 12, list: 3}.Minus(Counts{create: 2, list: 3})
	if len(got) != 1 || got[create] != 10 {
		t.Errorf("got %v", got)
	}
}
