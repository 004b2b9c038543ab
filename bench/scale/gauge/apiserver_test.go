package gauge

import (
	"strings"
	"testing"
	"time"
)

const sample = `# HELP apiserver_request_total [STABLE] Counter of apiserver requests
# TYPE apiserver_request_total counter
apiserver_request_total{code="201",component="apiserver",dry_run="",group="batch",resource="jobs",scope="resource",subresource="",verb="POST",version="v1"} 40
apiserver_request_total{code="409",component="apiserver",dry_run="",group="batch",resource="jobs",scope="resource",subresource="",verb="POST",version="v1"} 2
apiserver_request_total{code="200",component="apiserver",dry_run="",group="ork.dev",resource="workflowruns",scope="resource",subresource="status",verb="PATCH",version="v1alpha1"} 7
apiserver_request_total{code="0",component="apiserver",dry_run="",group="",resource="pods",scope="cluster",subresource="",verb="WATCH",version="v1"} 1e+01
process_cpu_seconds_total 12.5
`

func TestMetricsAreCountedByKindOverAllCodes(t *testing.T) {
	reading, err := ParseMetrics(strings.NewReader(sample))
	if err != nil {
		t.Fatal(err)
	}
	create := Request{Verb: "POST", Group: "batch", Resource: "jobs"}
	if reading.Requests[create] != 42 || reading.Errors[create] != 2 {
		t.Errorf("creates %d, failed %d; want 42 and 2", reading.Requests[create], reading.Errors[create])
	}
	named := reading.Requests.Named()
	if named["PATCH workflowruns/status"] != 7 || named["WATCH pods"] != 10 {
		t.Errorf("got %v", named)
	}
	if reading.CPU != 12500*time.Millisecond {
		t.Errorf("CPU %v", reading.CPU)
	}
}

func TestWhatIsNoMetricsPageIsAnError(t *testing.T) {
	for _, text := range []string{"", "<html></html>", `apiserver_request_total{verb="GET"} many`} {
		if _, err := ParseMetrics(strings.NewReader(text)); err == nil {
			t.Errorf("%q was taken for metrics", text)
		}
	}
}
