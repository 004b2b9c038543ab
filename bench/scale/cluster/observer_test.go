package cluster

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// server answers lists with version 10 and watches with the given streams, one after the other for each
// collection; when they are used up, a watch stays open.
type server struct {
	lock    sync.Mutex
	streams map[string][]string // by collection
	asked   map[string][]string // resourceVersion of each watch
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("watch") != "true" {
		fmt.Fprint(w, `{"metadata":{"resourceVersion":"10"},"items":[]}`)
		return
	}
	s.lock.Lock()
	s.asked[r.URL.Path] = append(s.asked[r.URL.Path], r.URL.Query().Get("resourceVersion"))
	left := s.streams[r.URL.Path]
	if len(left) > 0 {
		s.streams[r.URL.Path] = left[1:]
	}
	s.lock.Unlock()
	if len(left) > 0 {
		fmt.Fprint(w, left[0])
		return
	}
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

func connect(t *testing.T, s *server) *Cluster {
	t.Helper()
	listener := httptest.NewServer(s)
	t.Cleanup(listener.Close)
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	text := fmt.Sprintf(`{"apiVersion":"v1","kind":"Config","current-context":"x","contexts":[{"name":"x","context":{"cluster":"x"}}],
"clusters":[{"name":"x","cluster":{"server":%q}}]}`, listener.URL)
	if err := os.WriteFile(kubeconfig, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Connect(kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func job(kind, name, version, conditions string) string {
	return fmt.Sprintf(`{"type":%q,"object":{"metadata":{"name":%q,"resourceVersion":%q},"status":{"conditions":[%s]}}}`+"\n",
		kind, name, version, conditions)
}

func pod(name, job, version string) string {
	return fmt.Sprintf(`{"type":"ADDED","object":{"metadata":{"name":%q,"resourceVersion":%q,"labels":{"batch.kubernetes.io/job-name":%q}},`+
		`"status":{"phase":"Succeeded"}}}`+"\n", name, version, job)
}

func row(name, version, phase string) string {
	return fmt.Sprintf(`{"type":"MODIFIED","object":{"kind":"Table","metadata":{},"rows":[{"cells":[%q,"w",%q,"x"],`+
		`"object":{"metadata":{"name":%q,"resourceVersion":%q}}}]}}`+"\n", name, phase, name, version)
}

func TestTheObserverSeesCreationsAndEndsAcrossStreamsThatBreakOff(t *testing.T) {
	s := &server{asked: map[string][]string{}, streams: map[string][]string{
		Jobs: {
			job("ADDED", "many-1", "11", "") + job("ADDED", "another-1", "12", ""),
			job("MODIFIED", "many-1", "15", `{"type":"Complete","status":"True"}`),
		},
		Pods:         {pod("many-1-x", "many-1", "13") + pod("another-1-x", "another-1", "14")},
		WorkflowRuns: {row("many-0000", "16", "Running") + row("many-0000", "17", "Succeeded")},
	}}
	o, err := connect(t, s).Observe(context.Background(), "many-")
	if err != nil {
		t.Fatal(err)
	}
	err = o.Wait(context.Background(), 20*time.Second, func(seen *Seen) bool {
		return len(seen.JobFinished) == 1 && len(seen.PodEnded) == 1 && len(seen.RunEnded) == 1
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := o.Stop()
	if len(seen.JobAdded) != 1 || seen.JobAdded["many-1"].IsZero() {
		t.Errorf("Jobs added %v, want many-1 alone", seen.JobAdded)
	}
	if seen.PodEnded["many-1-x"].Job != "many-1" || seen.RunEnded["many-0000"].Phase != "Succeeded" {
		t.Errorf("Pods %v, runs %v", seen.PodEnded, seen.RunEnded)
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if asked := s.asked[Jobs]; len(asked) < 2 || asked[0] != "10" || asked[1] != "12" {
		t.Errorf("the Jobs were watched from %v, want from 10, then from 12", asked)
	}
}

func TestAnErrorInAStreamEndsTheWait(t *testing.T) {
	s := &server{asked: map[string][]string{}, streams: map[string][]string{
		Pods: {`{"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}}` + "\n"}}}
	o, err := connect(t, s).Observe(context.Background(), "many-")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Stop()
	err = o.Wait(context.Background(), 20*time.Second, func(*Seen) bool { return false }, nil)
	if err == nil || !strings.Contains(err.Error(), "too old") {
		t.Errorf("error %v, want what the server said", err)
	}
}

func TestAWaitInWhichNothingHappensIsGivenUp(t *testing.T) {
	o, err := connect(t, &server{asked: map[string][]string{}}).Observe(context.Background(), "many-")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Stop()
	if err := o.Wait(context.Background(), time.Millisecond, func(*Seen) bool { return false }, nil); err == nil {
		t.Error("want an error")
	}
}
