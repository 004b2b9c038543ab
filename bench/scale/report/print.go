package report

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"text/tabwriter"
)

// Print writes the table, then the requests, then what went wrong.
func (r *Result) Print(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "FIGURE\tFLOOR\tORK\tRATIO\tBUDGET\t")
	for _, row := range r.Rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", row.Figure, show(row.Floor, row.Unit), show(row.Ork, row.Unit),
			show(row.Ratio, "x"), row.Budget, strings.TrimSpace(row.Verdict()+" "+row.Comment))
	}
	_ = table.Flush()
	r.printPrograms(out)
	r.printRequests(out)
	for _, m := range r.Measures {
		if m.Error != "" {
			fmt.Fprintf(out, "\nFAILED %s %s, round %d: %s\n", m.Shape, m.Side, m.Round, m.Error)
		}
		if len(m.ShapeDiffersFromOrk) > 0 {
			fmt.Fprintf(out, "\nNOTE %s: the floor's Jobs differ from ork's in %s\n", m.Shape, strings.Join(m.ShapeDiffersFromOrk, "; "))
		}
	}
	for _, c := range r.Counts {
		if c.Error != "" {
			fmt.Fprintf(out, "\nFAILED counting %s: %s\n", c.Shape, c.Error)
		}
	}
	if disturbed := r.disturbed(); len(disturbed) > 0 {
		fmt.Fprintf(out, "\nNOTE other programs kept this machine busy during every round of %s; take those figures with care.\n",
			strings.Join(disturbed, ", "))
	}
}

// printPrograms says which programs used how much processor time for a task, on either side (the last round of each).
func (r *Result) printPrograms(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	last := map[string]*Measure{}
	var order []string
	programs := map[string]bool{}
	for i := range r.Measures {
		m := &r.Measures[i]
		name := m.Shape + " " + m.Side
		if m.Error != "" {
			continue
		}
		if last[name] == nil {
			order = append(order, name)
		}
		last[name] = m
		for program := range m.CPUMs {
			programs[program] = true
		}
	}
	columns := make([]string, 0, len(programs))
	for program := range programs {
		columns = append(columns, program)
	}
	sort.Strings(columns)
	fmt.Fprintf(table, "CPU, ms a Pod\t%s\t\n", strings.Join(columns, "\t"))
	for _, name := range order {
		fmt.Fprint(table, name)
		for _, program := range columns {
			fmt.Fprintf(table, "\t%.2f", last[name].CPUMs[program]/float64(last[name].Pods))
		}
		fmt.Fprint(table, "\t\n")
	}
	if len(order) > 0 {
		fmt.Fprintln(out)
		_ = table.Flush()
	}
}

// printRequests lists what the operator asked of the API server, and beside it what the API server itself counted
// in the timed pass, which has everybody's requests of that kind in it (controllers included).
func (r *Result) printRequests(out io.Writer) {
	for _, c := range r.Counts {
		if c.Error != "" {
			continue
		}
		fmt.Fprintf(out, "\nrequests of the operator, %s (%d runs, %d Jobs, %.0f s), by proxy:\n", c.Shape, c.Runs, c.Jobs, c.Seconds)
		for _, kind := range byCount(c.Requests) {
			fmt.Fprintf(out, "  %8d  %-32s %8d bytes sent, %9d received, %d failed\n",
				c.Requests[kind], kind, c.Sent[kind], c.Received[kind], c.Errors[kind])
		}
	}
	printed := map[string]bool{}
	for _, m := range r.Measures {
		if m.Error != "" || m.Side != Ork || printed[m.Shape] {
			continue
		}
		printed[m.Shape] = true
		fmt.Fprintf(out, "\nrequests by the API server's metrics, %s (all clients but the bench; a task is a Pod):\n", m.Shape)
		for _, kind := range byCount(m.Requests) {
			if float64(m.Requests[kind]) < 0.005*float64(m.Pods) && !strings.Contains(kind, "workflow") {
				continue
			}
			fmt.Fprintf(out, "  %8d  %-32s %.3f a task, %d failed\n", m.Requests[kind], kind,
				float64(m.Requests[kind])/float64(m.Pods), m.RequestErrors[kind])
		}
	}
}

// Line is what is printed about a measure as soon as it is made.
func (m *Measure) Line() string {
	if m.Error != "" {
		return "failed: " + m.Error
	}
	parts := []string{fmt.Sprintf("%d Pods ended in %.2f s (%.1f/s)", m.Pods, m.PodsEndedMs/1000, float64(m.Pods)/m.PodsEndedMs*1000)}
	if m.JobsFinishedMs > 0 {
		parts = append(parts, fmt.Sprintf("Jobs Complete in %.2f s", m.JobsFinishedMs/1000))
	}
	if m.RunsEndedMs > 0 {
		parts = append(parts, fmt.Sprintf("runs ended in %.2f s (%.1f tasks/s)", m.RunsEndedMs/1000, float64(m.Pods)/m.RunsEndedMs*1000))
	}
	if len(m.LinkMs) > 0 {
		parts = append(parts, fmt.Sprintf("link p50 %.1f p99 %.1f ms, Pod's end to Job p50 %.1f p99 %.1f ms",
			Percentile(m.LinkMs, 50), Percentile(m.LinkMs, 99), Percentile(m.ReactMs, 50), Percentile(m.ReactMs, 99)))
	}
	if m.Side == Ork {
		parts = append(parts, fmt.Sprintf("operator %.2f ms CPU a task, peak %.1f MiB", m.OperatorCPUMs/float64(m.Pods), m.OperatorPeakMiB))
	}
	parts = append(parts, fmt.Sprintf("API server %.1f ms CPU a task", m.ServerCPUMs/float64(m.Pods)))
	if m.OtherCores > 0.2 {
		parts = append(parts, fmt.Sprintf("others used %.1f cores", m.OtherCores))
	}
	return strings.Join(parts, ", ")
}

// Missed counts the budgets that are not met and the measurements that failed.
func (r *Result) Missed() (budgets, failures int) {
	for _, row := range r.Rows {
		if row.Met != nil && !*row.Met {
			budgets++
		}
	}
	for _, m := range r.Measures {
		if m.Error != "" {
			failures++
		}
	}
	for _, c := range r.Counts {
		if c.Error != "" {
			failures++
		}
	}
	return budgets, failures
}

// disturbed names the shapes and sides of which no round was left alone.
func (r *Result) disturbed() []string {
	quiet := map[string]bool{}
	var order []string
	for _, m := range r.Measures {
		name := m.Shape + " " + m.Side
		if _, known := quiet[name]; !known {
			order = append(order, name)
		}
		quiet[name] = quiet[name] || !m.Disturbed
	}
	var found []string
	for _, name := range order {
		if !quiet[name] {
			found = append(found, name)
		}
	}
	return found
}

func byCount(counts map[string]int64) []string {
	kinds := make([]string, 0, len(counts))
	for kind := range counts {
		kinds = append(kinds, kind)
	}
	sort.Slice(kinds, func(i, j int) bool {
		if counts[kinds[i]] != counts[kinds[j]] {
			return counts[kinds[i]] > counts[kinds[j]]
		}
		return kinds[i] < kinds[j]
	})
	return kinds
}

func show(value *float64, unit string) string {
	if value == nil {
		return "-"
	}
	text := fmt.Sprintf("%.4g", *value)
	if *value >= 1000 {
		text = fmt.Sprintf("%.0f", *value)
	}
	return strings.TrimSpace(text + " " + unit)
}
