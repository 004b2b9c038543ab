package cluster

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Seen is when things were first seen to happen, by the name of the Job, Pod or run.
type Seen struct {
	JobAdded    map[string]time.Time
	JobFinished map[string]time.Time // condition Complete or Failed
	PodEnded    map[string]PodEnd
	RunEnded    map[string]RunEnd
	// Reopened counts streams that ended and were opened again where they had stopped.
	Reopened int
}

// PodEnd is a Pod that reached Succeeded or Failed.
type PodEnd struct {
	At    time.Time
	Job   string
	Phase string
}

// RunEnd is a run whose status says that it is over.
type RunEnd struct {
	At    time.Time
	Phase string
}

// Observer watches Jobs, ended Pods and runs of Namespace. The floor and ork are timed by the same one, so its
// own delay and cost are on both sides. It asks for as little as it can: Pods only once they ended, runs as the
// columns of `kubectl get`.
type Observer struct {
	cluster *Cluster
	prefix  string
	lock    sync.Mutex
	seen    Seen
	failed  error
	changed chan struct{}
	stop    context.CancelFunc
	running sync.WaitGroup
}

// Observe starts watching what has a name that begins with prefix. What exists already is not reported.
// Stop it when done.
func (c *Cluster) Observe(ctx context.Context, prefix string) (*Observer, error) {
	ctx, stop := context.WithCancel(ctx)
	o := &Observer{cluster: c, prefix: prefix, changed: make(chan struct{}, 1), stop: stop, seen: Seen{
		JobAdded: map[string]time.Time{}, JobFinished: map[string]time.Time{},
		PodEnded: map[string]PodEnd{}, RunEnded: map[string]RunEnd{},
	}}
	streams := []*stream{
		{collection: Jobs, decode: o.job},
		{collection: Pods, fields: "status.phase!=Pending,status.phase!=Running", decode: o.pod},
		{collection: WorkflowRuns, table: true, decode: o.run, optional: true},
	}
	for _, s := range streams {
		present, err := s.list(ctx, c)
		if err != nil {
			stop()
			return nil, err
		}
		if present {
			o.running.Add(1)
			go o.follow(ctx, s)
		}
	}
	return o, nil
}

// Stop ends the watches and gives what was seen.
func (o *Observer) Stop() Seen {
	o.stop()
	o.running.Wait()
	return o.seen
}

// Wait blocks until done says so of what was seen. It gives up where nothing at all happened for `stall`:
// a slow machine is no failure, a stuck one is. progress, if any, is called about every two seconds.
func (o *Observer) Wait(ctx context.Context, stall time.Duration, done func(*Seen) bool, progress func(*Seen)) error {
	report := time.NewTicker(2 * time.Second)
	defer report.Stop()
	quiet := time.NewTimer(stall)
	defer quiet.Stop()
	for {
		o.lock.Lock()
		finished, failed := done(&o.seen), o.failed
		o.lock.Unlock()
		switch {
		case failed != nil:
			return failed
		case finished:
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-o.changed:
			quiet.Reset(stall)
		case <-report.C:
			if progress != nil {
				o.lock.Lock()
				progress(&o.seen)
				o.lock.Unlock()
			}
		case <-quiet.C:
			return fmt.Errorf("nothing happened for %v", stall)
		}
	}
}

// follow keeps one stream open. The end of a stream means nothing: servers close them under load.
func (o *Observer) follow(ctx context.Context, s *stream) {
	defer o.running.Done()
	for ctx.Err() == nil {
		err := s.read(ctx, o.cluster)
		if ctx.Err() != nil {
			return
		}
		o.lock.Lock()
		o.seen.Reopened++
		if err != nil {
			o.failed = fmt.Errorf("watch of %s: %w", s.collection, err)
		}
		o.lock.Unlock()
		if err != nil {
			o.tell()
			return
		}
	}
}

func (o *Observer) tell() {
	select {
	case o.changed <- struct{}{}:
	default:
	}
}

func (o *Observer) job(at time.Time, kind string, object json.RawMessage) (string, error) {
	var job struct {
		Metadata struct{ Name, ResourceVersion string }
		Status   struct {
			Conditions []struct{ Type, Status string }
		}
	}
	if err := json.Unmarshal(object, &job); err != nil {
		return "", err
	}
	o.lock.Lock()
	defer o.lock.Unlock()
	if !strings.HasPrefix(job.Metadata.Name, o.prefix) {
		return job.Metadata.ResourceVersion, nil
	}
	if kind == "ADDED" {
		o.seen.JobAdded[job.Metadata.Name] = at
	}
	for _, condition := range job.Status.Conditions {
		_, known := o.seen.JobFinished[job.Metadata.Name]
		if !known && condition.Status == "True" && (condition.Type == "Complete" || condition.Type == "Failed") {
			o.seen.JobFinished[job.Metadata.Name] = at
		}
	}
	o.tell()
	return job.Metadata.ResourceVersion, nil
}

func (o *Observer) pod(at time.Time, kind string, object json.RawMessage) (string, error) {
	var pod struct {
		Metadata struct {
			Name, ResourceVersion string
			Labels                map[string]string
		}
		Status struct{ Phase string }
	}
	if err := json.Unmarshal(object, &pod); err != nil {
		return "", err
	}
	o.lock.Lock()
	defer o.lock.Unlock()
	_, known := o.seen.PodEnded[pod.Metadata.Name]
	ours := strings.HasPrefix(pod.Metadata.Name, o.prefix)
	if ours && !known && kind != "DELETED" && kind != "BOOKMARK" {
		job := pod.Metadata.Labels["batch.kubernetes.io/job-name"]
		o.seen.PodEnded[pod.Metadata.Name] = PodEnd{At: at, Job: job, Phase: pod.Status.Phase}
	}
	o.tell()
	return pod.Metadata.ResourceVersion, nil
}

func (o *Observer) run(at time.Time, kind string, object json.RawMessage) (string, error) {
	var table runTable
	if err := json.Unmarshal(object, &table); err != nil {
		return "", err
	}
	o.lock.Lock()
	defer o.lock.Unlock()
	version := table.Metadata.ResourceVersion
	for _, row := range table.Rows {
		version = row.Object.Metadata.ResourceVersion
		phase := row.phase()
		name := row.Object.Metadata.Name
		_, known := o.seen.RunEnded[name]
		ours := strings.HasPrefix(name, o.prefix)
		if ours && !known && kind != "DELETED" && finalPhase(phase) {
			o.seen.RunEnded[name] = RunEnd{At: at, Phase: phase}
		}
	}
	o.tell()
	return version, nil
}

// runTable is a run as `kubectl get` shows it: Name, Workflow, Status, ...
type runTable struct {
	Metadata struct{ ResourceVersion string }
	Rows     []runRow
}

type runRow struct {
	Cells  []any
	Object struct {
		Metadata struct{ Name, ResourceVersion string }
	}
}

// statusColumn is where the printer columns have the phase, after Name and Workflow.
const statusColumn = 2

func (r runRow) phase() string {
	if len(r.Cells) <= statusColumn {
		return ""
	}
	phase, _ := r.Cells[statusColumn].(string)
	return phase
}

func finalPhase(phase string) bool {
	return phase == "Succeeded" || phase == "Failed" || phase == "Cancelled"
}

// stream is the watch of one collection, resumable at the version last seen.
type stream struct {
	collection string
	fields     string
	table      bool
	optional   bool // the kind may not be installed
	version    string
	decode     func(at time.Time, kind string, object json.RawMessage) (string, error)
}

func (s *stream) accept() string {
	if s.table {
		return "application/json;as=Table;v=v1;g=meta.k8s.io"
	}
	return "application/json"
}

// list finds the version to watch from. False: the kind is not there, which is fine.
func (s *stream) list(ctx context.Context, c *Cluster) (bool, error) {
	var list struct {
		Metadata struct{ ResourceVersion string }
	}
	// A version of 0 is answered from memory and at once; the watch goes on from exactly there.
	err := c.Get(ctx, s.collection, &list, "resourceVersion", "0", "limit", "1")
	if err != nil {
		if s.optional {
			return false, nil
		}
		return false, fmt.Errorf("list %s: %w", s.collection, err)
	}
	s.version = list.Metadata.ResourceVersion
	return true, nil
}

// read watches until the stream ends. An error means that events may have been missed.
func (s *stream) read(ctx context.Context, c *Cluster) error {
	request := c.raw.Get().AbsPath(s.collection).SetHeader("Accept", s.accept()).
		Param("watch", "true").Param("allowWatchBookmarks", "true").Param("resourceVersion", s.version)
	if s.fields != "" {
		request.Param("fieldSelector", s.fields)
	}
	body, err := request.Stream(ctx)
	if err != nil {
		return err
	}
	defer body.Close()
	lines := bufio.NewReaderSize(body, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		at := time.Now()
		if err != nil {
			return nil // ended or cut off: go on from the version last seen
		}
		var event struct {
			Type   string
			Object json.RawMessage
		}
		if err := json.Unmarshal(line, &event); err != nil {
			return fmt.Errorf("event %.100q: %w", line, err)
		}
		if event.Type == "ERROR" {
			return fmt.Errorf("the server says %.300s", event.Object)
		}
		version, err := s.decode(at, event.Type, event.Object)
		if err != nil {
			return fmt.Errorf("event %.100q: %w", line, err)
		}
		if version != "" {
			s.version = version
		}
	}
}
