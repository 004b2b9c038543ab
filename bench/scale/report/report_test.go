package report

import (
	"math"
	"strings"
	"testing"
	"time"

	"ork.dev/bench/scale/cluster"
)

func TestPercentilesAreValuesThatWereMeasured(t *testing.T) {
	values := []float64{5, 1, 4, 2, 3}
	for p, want := range map[float64]float64{0: 1, 20: 1, 50: 3, 80: 4, 99: 5, 100: 5} {
		if got := Percentile(values, p); got != want {
			t.Errorf("p%g is %g, want %g", p, got, want)
		}
	}
	if !math.IsNaN(Percentile(nil, 50)) || !math.IsNaN(Median(nil)) {
		t.Error("no values have no percentile")
	}
	if got := Median([]float64{4, 1, 3, 2}); got != 2.5 {
		t.Errorf("median %g, want 2.5", got)
	}
}

func TestALinkIsTheTimeBetweenConsecutiveJobs(t *testing.T) {
	start := time.Now()
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	m := Measure{Shape: "chain", Side: Ork, Jobs: 3, Pods: 3}
	m.Time(start, cluster.Seen{
		JobAdded: map[string]time.Time{"c": at(32), "a": at(2), "b": at(12)},
		PodEnded: map[string]cluster.PodEnd{
			"a-x": {At: at(9), Job: "a"}, "b-x": {At: at(30), Job: "b"}, "c-x": {At: at(40), Job: "c"}},
		RunEnded:    map[string]cluster.RunEnd{"r": {At: at(45)}},
		JobFinished: map[string]time.Time{"a": at(41)},
	})
	if len(m.LinkMs) != 2 || m.LinkMs[0] != 10 || m.LinkMs[1] != 20 {
		t.Errorf("links %v, want 10 and 20", m.LinkMs)
	}
	if len(m.ReactMs) != 2 || m.ReactMs[0] != 3 || m.ReactMs[1] != 2 {
		t.Errorf("reactions %v, want 3 and 2", m.ReactMs)
	}
	if m.PodsEndedMs != 40 || m.EndedMs() != 45 || m.JobsFinishedMs != 0 {
		t.Errorf("ended %g and %g, Jobs %g", m.PodsEndedMs, m.EndedMs(), m.JobsFinishedMs)
	}
}

func row(t *testing.T, r *Result, figure string) Row {
	t.Helper()
	for _, row := range r.Rows {
		if row.Figure == figure {
			return row
		}
	}
	t.Fatalf("no row %q", figure)
	return Row{}
}

func TestARateIsJudgedByTheRatioToTheFloorOfTheSameRun(t *testing.T) {
	for _, c := range []struct {
		orkMs float64
		met   bool
	}{{10_000, true}, {11_700, true}, {11_800, false}} {
		r := Result{Measures: []Measure{
			{Shape: "many", Side: Floor, Pods: 1000, Jobs: 1000, PodsEndedMs: 10_000},
			{Shape: "many", Side: Ork, Pods: 1000, Jobs: 1000, PodsEndedMs: 9_000, RunsEndedMs: c.orkMs},
		}}
		r.Judge()
		if got := row(t, &r, "many: ends, by status"); got.Met == nil || *got.Met != c.met {
			t.Errorf("%g ms: %+v, want met = %v", c.orkMs, got, c.met)
		}
	}
}

func TestADisturbedMeasureOnlyCountsWhereThereIsNoOther(t *testing.T) {
	ms := []Measure{{Shape: "many", Side: Floor, PodsEndedMs: 9, Disturbed: true}}
	r := Result{Measures: ms}
	figure := func(m *Measure) float64 { return m.PodsEndedMs }
	if got := r.pick("many", Floor, figure); len(got) != 1 || got[0] != 9 {
		t.Errorf("got %v, want the disturbed one", got)
	}
	r.Measures = append(r.Measures, Measure{Shape: "many", Side: Floor, PodsEndedMs: 5})
	if got := r.pick("many", Floor, figure); len(got) != 1 || got[0] != 5 {
		t.Errorf("got %v, want the quiet one", got)
	}
}

func TestAFailedMeasureIsNotJudgedButCounted(t *testing.T) {
	r := Result{Measures: []Measure{{Shape: "many", Side: Ork, Error: "stuck", Pods: 1}}}
	r.Judge()
	if len(r.Rows) != 0 {
		t.Errorf("rows %v", r.Rows)
	}
	if _, failures := r.Missed(); failures != 1 {
		t.Errorf("failures %d, want 1", failures)
	}
}

func TestRequestsOverTheBudgetShow(t *testing.T) {
	count := Count{Shape: "chain", Jobs: 10, Pods: 10, Runs: 1,
		Requests: map[string]int64{"POST jobs": 10, "PATCH workflowruns/status": 13, "GET jobs": 1}}
	r := Result{Counts: []Count{count}}
	r.Judge()
	for figure, met := range map[string]bool{
		"chain: creates of Jobs a Job": true, "chain: status writes a run": false, "chain: GET and LIST": false,
		"chain: Events a run": true, "chain: requests that failed": true} {
		if got := row(t, &r, figure); *got.Met != met {
			t.Errorf("%s: %+v, want met = %v", figure, got, met)
		}
	}
	var text strings.Builder
	r.Print(&text)
	if !strings.Contains(text.String(), "NOT MET") {
		t.Error("the table does not say what is not met")
	}
}
