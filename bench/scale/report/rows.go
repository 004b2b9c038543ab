package report

import (
	"fmt"
	"math"
	"strings"
)

// Row is one figure of the final table.
type Row struct {
	Figure  string   `json:"figure"`
	Unit    string   `json:"unit"`
	Floor   *float64 `json:"floor,omitempty"`
	Ork     *float64 `json:"ork,omitempty"`
	Ratio   *float64 `json:"ratio,omitempty"` // ork by floor for times, the same for rates
	Budget  string   `json:"budget,omitempty"`
	Met     *bool    `json:"met,omitempty"`
	Comment string   `json:"comment,omitempty"`
}

// Verdict is how the table says whether the budget is met; empty where there is none.
func (r Row) Verdict() string {
	switch {
	case r.Met == nil:
		return ""
	case *r.Met:
		return "met"
	default:
		return "NOT MET"
	}
}

// Budgets of the design. Each is a ratio to the floor of the same run, or a count; never a time.
const (
	chainRatio        = 1.5  // p50 of a link, at most
	manyRatio         = 0.85 // tasks/s, at least
	fanOutRatio       = 0.9  // speed, at least
	cpuPerTaskMs      = 0.5
	idleMiB           = 20
	peakMiB           = 40 // at 2,000 tasks
	bytesPerTaskRatio = 2  // of the largest graph to the smallest
)

// Result is all that a bench found.
type Result struct {
	Quick    bool      `json:"quick"`
	Machine  string    `json:"machine"`
	Started  string    `json:"started"`
	Measures []Measure `json:"measures"`
	Counts   []Count   `json:"counts"`
	Rows     []Row     `json:"rows"`
}

// Judge makes the rows of the table from the measures and counts.
func (r *Result) Judge() {
	r.Rows = nil
	r.judgeChain()
	r.judgeRates()
	r.judgeOperator()
	r.judgeRequests()
	r.judgeIdle()
}

// pick gives a figure of each good measure of a shape and side. Disturbed ones only count where there are no others.
func (r *Result) pick(shape, side string, figure func(*Measure) float64) []float64 {
	var values, disturbed []float64
	for i := range r.Measures {
		m := &r.Measures[i]
		if m.Shape != shape || m.Side != side || m.Error != "" {
			continue
		}
		if m.Disturbed {
			disturbed = append(disturbed, figure(m))
		} else {
			values = append(values, figure(m))
		}
	}
	if len(values) == 0 {
		return disturbed
	}
	return values
}

// compare adds a row with the medians of both sides. limit > 0: the ratio must be at most that; < 0: at least -limit.
func (r *Result) compare(figure, unit string, floor, ork []float64, limit float64) {
	row := Row{Figure: figure, Unit: unit, Floor: number(Median(floor)), Ork: number(Median(ork))}
	if row.Floor == nil && row.Ork == nil {
		return
	}
	if row.Floor != nil && row.Ork != nil && *row.Floor > 0 {
		row.Ratio = number(*row.Ork / *row.Floor)
	}
	if limit != 0 {
		row.Budget = fmt.Sprintf("<= %.4g x", limit)
		if limit < 0 {
			row.Budget = fmt.Sprintf(">= %.4g x", -limit)
		}
		if row.Ratio != nil {
			row.Met = truth(limit > 0 && *row.Ratio <= limit || limit < 0 && *row.Ratio >= -limit)
		}
	}
	r.Rows = append(r.Rows, row)
}

// limit adds a row for a figure of ork alone. budget < 0: there is none.
func (r *Result) limit(figure, unit string, value, budget float64, comment string) {
	row := Row{Figure: figure, Unit: unit, Ork: number(value), Comment: comment}
	if row.Ork == nil {
		return
	}
	if budget >= 0 {
		row.Budget = fmt.Sprintf("<= %.4g", budget)
		row.Met = truth(value <= budget)
	}
	r.Rows = append(r.Rows, row)
}

func (r *Result) judgeChain() {
	for _, p := range []float64{50, 99} {
		limit := 0.0
		if p == 50 {
			limit = chainRatio
		}
		link := func(m *Measure) float64 { return Percentile(m.LinkMs, p) }
		react := func(m *Measure) float64 { return Percentile(m.ReactMs, p) }
		r.compare(fmt.Sprintf("chain: a link, p%g", p), "ms",
			r.pick("chain", FloorOrdered, link), r.pick("chain", Ork, link), limit)
		r.compare(fmt.Sprintf("chain: Pod's end to next Job, p%g", p), "ms",
			r.pick("chain", FloorOrdered, react), r.pick("chain", Ork, react), 0)
	}
}

func (r *Result) judgeRates() {
	ended := func(m *Measure) float64 { return float64(m.Pods) / m.EndedMs() * 1000 }
	podsEnded := func(m *Measure) float64 { return float64(m.Pods) / m.PodsEndedMs * 1000 }
	seconds := func(m *Measure) float64 { return m.EndedMs() / 1000 }
	limits := map[string]float64{"many": -manyRatio, "fanout": -fanOutRatio}
	for _, s := range []string{"jobs", "many", "fanout", "layers"} {
		r.compare(s+": ends, by status", "Pods/s", r.pick(s, Floor, ended), r.pick(s, Ork, ended), limits[s])
		r.compare(s+": ends, by last Pod", "Pods/s", r.pick(s, Floor, podsEnded), r.pick(s, Ork, podsEnded), 0)
		if len(r.pick(s, FloorOrdered, ended)) > 0 {
			r.compare(s+": ends, by status; floor in order", "Pods/s", r.pick(s, FloorOrdered, ended), r.pick(s, Ork, ended), 0)
		}
		r.compare(s+": took", "s", r.pick(s, Floor, seconds), r.pick(s, Ork, seconds), 0)
		jobs := func(m *Measure) float64 {
			if m.JobsFinishedMs == 0 {
				return math.NaN()
			}
			return m.JobsFinishedMs / 1000
		}
		r.compare(s+": took, until Jobs are Complete", "s", r.pick(s, Floor, jobs), r.pick(s, Ork, jobs), 0)
	}
}

func (r *Result) judgeOperator() {
	for _, s := range []string{"chain", "jobs", "many", "fanout", "layers"} {
		cpu := r.pick(s, Ork, func(m *Measure) float64 { return m.OperatorCPUMs / float64(m.Pods) })
		r.limit(s+": operator CPU a task", "ms", Median(cpu), cpuPerTaskMs, "")
	}
	for _, s := range []string{"many", "fanout", "layers"} {
		peak := r.pick(s, Ork, func(m *Measure) float64 { return m.OperatorPeakMiB })
		r.limit(s+": operator memory, peak", "MiB", Percentile(peak, 100), peakMiB, "")
	}
	ready := r.pick("chain", Ork, func(m *Measure) float64 { return m.OperatorReadyMiB })
	r.limit("operator memory, idle, after one run", "MiB", Median(ready), idleMiB, "")
	for _, s := range []string{"jobs", "many", "fanout", "layers"} {
		cpu := func(m *Measure) float64 { return m.ServerCPUMs / float64(m.Pods) }
		r.compare(s+": API server CPU a task", "ms", r.pick(s, Floor, cpu), r.pick(s, Ork, cpu), 0)
	}
}

// judgeRequests holds what the proxy counted against the budget: a create for each Job, at most tasks + 2 status
// writes for each run, nothing read, Events for a run's start and end but not for its tasks.
func (r *Result) judgeRequests() {
	var smallest, largest *Count
	for i := range r.Counts {
		c := &r.Counts[i]
		if c.Error != "" || c.Shape == "idle" {
			continue
		}
		r.limit(c.Shape+": creates of Jobs a Job", "", per(c.Requests, c.Jobs, "POST jobs"), 1, "")
		writes := sum(c.Requests, func(kind string) bool { return isStatusWrite(kind) })
		budget := float64(c.Pods+2*c.Runs) / float64(c.Runs)
		r.limit(c.Shape+": status writes a run", "", float64(writes)/float64(c.Runs), budget, "")
		reads := sum(c.Requests, func(kind string) bool {
			return strings.HasPrefix(kind, "GET ") || strings.HasPrefix(kind, "LIST ")
		})
		r.limit(c.Shape+": GET and LIST", "", float64(reads), 0, "")
		events := sum(c.Requests, func(kind string) bool { return strings.HasSuffix(kind, " events") })
		r.limit(c.Shape+": Events a run", "", float64(events)/float64(c.Runs), 2, "")
		r.limit(c.Shape+": requests that failed", "", float64(sum(c.Errors, func(string) bool { return true })), 0, "")
		if strings.HasPrefix(c.Shape, "layers") {
			if smallest == nil || c.Jobs < smallest.Jobs {
				smallest = c
			}
			if largest == nil || c.Jobs > largest.Jobs {
				largest = c
			}
		}
	}
	if smallest == nil || smallest == largest {
		return
	}
	perTask := func(c *Count) float64 {
		return float64(sum(c.Sent, func(string) bool { return true })) / float64(c.Jobs)
	}
	r.limit(fmt.Sprintf("bytes written a task, %d tasks by %d", largest.Jobs, smallest.Jobs), "x",
		perTask(largest)/perTask(smallest), bytesPerTaskRatio, fmt.Sprintf("%.0f and %.0f bytes", perTask(largest), perTask(smallest)))
}

func (r *Result) judgeIdle() {
	for i := range r.Counts {
		c := &r.Counts[i]
		if c.Error != "" || c.Shape != "idle" {
			continue
		}
		name := fmt.Sprintf("idle with %d finished runs: ", c.Runs)
		others := sum(c.Requests, func(kind string) bool {
			return !strings.HasSuffix(kind, " leases") && !strings.HasPrefix(kind, "WATCH ")
		})
		r.limit(name+"requests but the Lease's", "", float64(others), 0, "")
		r.limit(name+"requests for the Lease", "1/min", 60*float64(sum(c.Requests, func(kind string) bool { return strings.HasSuffix(kind, " leases") }))/c.Seconds, -1, "")
		r.limit(name+"watches opened again", "1/min", 60*float64(sum(c.Requests, func(kind string) bool { return strings.HasPrefix(kind, "WATCH ") }))/c.Seconds, -1, "")
		r.limit(name+"operator CPU", "ms/s", c.OperatorCPUMs/c.Seconds, -1, "")
		r.limit(name+"operator memory", "MiB", c.OperatorNowMiB, idleMiB, "")
	}
}

func isStatusWrite(kind string) bool {
	return strings.HasSuffix(kind, " workflowruns/status") && !strings.HasPrefix(kind, "GET ")
}

func per(counts map[string]int64, divisor int, kind string) float64 {
	return float64(counts[kind]) / float64(divisor)
}

func sum(counts map[string]int64, which func(string) bool) int64 {
	var total int64
	for kind, n := range counts {
		if which(kind) {
			total += n
		}
	}
	return total
}

func number(value float64) *float64 {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return nil
	}
	return &value
}

func truth(value bool) *bool { return &value }
