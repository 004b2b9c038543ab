package report

import (
	"sort"
	"time"

	"ork.dev/bench/scale/cluster"
	"ork.dev/bench/scale/gauge"
	"ork.dev/bench/scale/shape"
)

// Sides of a comparison.
const (
	Floor        = "floor"         // Jobs made by client-go, dependencies ignored
	FloorOrdered = "floor-ordered" // Jobs made by client-go, each when the Pods it depends on have ended
	Ork          = "ork"
)

// Disturbance is how many cores other programs may use before a measurement counts as disturbed. Everything here
// is bound by the processors, so what others use is missing from the figure.
const Disturbance = 0.3

// Measure is one shape taken through one side once. Times are milliseconds since the first create was sent.
type Measure struct {
	Shape string `json:"shape"`
	Side  string `json:"side"`
	Round int    `json:"round"`
	Error string `json:"error,omitempty"` // why there are no figures

	Jobs int `json:"jobs"`
	Pods int `json:"pods"`
	Runs int `json:"runs,omitempty"`

	PodsEndedMs    float64   `json:"podsEndedMs"`              // the last Pod was seen to have ended
	JobsFinishedMs float64   `json:"jobsFinishedMs,omitempty"` // the last Job was seen Complete, where awaited
	RunsEndedMs    float64   `json:"runsEndedMs,omitempty"`    // ork: the last run's status was seen to be final
	LinkMs         []float64 `json:"linkMs,omitempty"`         // chain: from each Job's creation to the next one's
	ReactMs        []float64 `json:"reactMs,omitempty"`        // chain: from each Pod's end to the next Job's creation

	OperatorCPUMs       float64            `json:"operatorCpuMs,omitempty"`
	OperatorPeakMiB     float64            `json:"operatorPeakMiB,omitempty"`
	OperatorNowMiB      float64            `json:"operatorNowMiB,omitempty"`
	OperatorReadyMiB    float64            `json:"operatorReadyMiB,omitempty"` // before the shape began
	OperatorComplaints  int                `json:"operatorComplaints,omitempty"`
	CPUMs               map[string]float64 `json:"cpuMs,omitempty"` // by program, until the last Job was seen Complete
	ServerCPUMs         float64            `json:"serverCpuMs"`
	Requests            map[string]int64   `json:"requests,omitempty"` // API server's metrics less the bench's own
	RequestErrors       map[string]int64   `json:"requestErrors,omitempty"`
	OtherCores          float64            `json:"otherCores"` // cores kept busy by what is not ours, on average
	Disturbed           bool               `json:"disturbed,omitempty"`
	StreamsReopened     int                `json:"streamsReopened,omitempty"`
	ShapeDiffersFromOrk []string           `json:"shapeDiffersFromOrk,omitempty"`
}

// Count is one shape taken through ork with a counting proxy in between, which is too slow to be timed.
type Count struct {
	Shape    string           `json:"shape"`
	Error    string           `json:"error,omitempty"`
	Jobs     int              `json:"jobs"`
	Pods     int              `json:"pods"`
	Runs     int              `json:"runs"`
	Seconds  float64          `json:"seconds"`
	Requests map[string]int64 `json:"requests"`
	Errors   map[string]int64 `json:"errors"`
	Sent     map[string]int64 `json:"sentBytes"`
	Received map[string]int64 `json:"receivedBytes"`
	// Idle only: what the operator used while nothing happened.
	OperatorCPUMs  float64 `json:"operatorCpuMs,omitempty"`
	OperatorNowMiB float64 `json:"operatorNowMiB,omitempty"`
}

// Take reads what went through the proxy since its last reset.
func (c *Count) Take(proxy *gauge.Proxy, started time.Time) {
	traffic := proxy.Traffic()
	c.Seconds = time.Since(started).Seconds()
	c.Requests, c.Errors = traffic.Requests.Named(), traffic.Errors.Named()
	c.Sent, c.Received = traffic.Sent.Named(), traffic.Received.Named()
}

// Time fills in the times of a measure from what the observer saw.
func (m *Measure) Time(started time.Time, seen cluster.Seen) {
	since := func(at time.Time) float64 { return float64(at.Sub(started).Microseconds()) / 1000 }
	for _, pod := range seen.PodEnded {
		m.PodsEndedMs = max(m.PodsEndedMs, since(pod.At))
	}
	for _, at := range seen.JobFinished {
		m.JobsFinishedMs = max(m.JobsFinishedMs, since(at))
	}
	if len(seen.JobFinished) < m.Jobs { // not awaited, so the last one is not known
		m.JobsFinishedMs = 0
	}
	for _, run := range seen.RunEnded {
		m.RunsEndedMs = max(m.RunsEndedMs, since(run.At))
	}
	m.StreamsReopened = seen.Reopened
	if m.Shape == shape.Chain(1).Name {
		m.LinkMs, m.ReactMs = links(seen)
	}
}

// links gives the times between consecutive Jobs of a chain, and from each Pod's end to the Job after it.
func links(seen cluster.Seen) (link, react []float64) {
	type added struct {
		job string
		at  time.Time
	}
	order := make([]added, 0, len(seen.JobAdded))
	for job, at := range seen.JobAdded {
		order = append(order, added{job, at})
	}
	sort.Slice(order, func(i, j int) bool { return order[i].at.Before(order[j].at) })
	podEnd := map[string]time.Time{}
	for _, pod := range seen.PodEnded {
		podEnd[pod.Job] = pod.At
	}
	milliseconds := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	for i := 1; i < len(order); i++ {
		link = append(link, milliseconds(order[i].at.Sub(order[i-1].at)))
		if end, ok := podEnd[order[i-1].job]; ok {
			react = append(react, milliseconds(order[i].at.Sub(end)))
		}
	}
	return link, react
}

// EndedMs is when the side knew that all was over: ork by the runs' status, the floor by the last Pod.
func (m *Measure) EndedMs() float64 {
	if m.Side == Ork {
		return m.RunsEndedMs
	}
	return m.PodsEndedMs
}
