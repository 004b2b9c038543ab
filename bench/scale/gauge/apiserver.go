package gauge

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Reading is what the API server says about itself at one moment.
type Reading struct {
	Requests Counts        // by kind, any code
	Errors   Counts        // of these, answered with 400 or above
	CPU      time.Duration // of the API server's process
}

// ParseMetrics reads the text that the API server serves under /metrics. A WATCH counts there when it ends.
func ParseMetrics(text io.Reader) (Reading, error) {
	reading := Reading{Requests: Counts{}, Errors: Counts{}}
	lines := bufio.NewScanner(text)
	lines.Buffer(make([]byte, 0, 1<<16), 1<<20)
	found := false
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "apiserver_request_total{"):
			labels, value, err := parseSample(line)
			if err != nil {
				return Reading{}, err
			}
			found = true
			request := Request{labels["verb"], labels["group"], labels["resource"], labels["subresource"]}
			reading.Requests[request] += int64(value)
			if labels["code"] >= "400" {
				reading.Errors[request] += int64(value)
			}
		case strings.HasPrefix(line, "process_cpu_seconds_total "):
			seconds, err := strconv.ParseFloat(strings.TrimPrefix(line, "process_cpu_seconds_total "), 64)
			if err != nil {
				return Reading{}, fmt.Errorf("metrics line %q: %w", line, err)
			}
			reading.CPU = time.Duration(seconds * float64(time.Second))
		}
	}
	if err := lines.Err(); err != nil {
		return Reading{}, err
	}
	if !found || reading.CPU == 0 {
		return Reading{}, fmt.Errorf("the metrics hold no apiserver_request_total or no process_cpu_seconds_total: is this an API server?")
	}
	return reading, nil
}

// parseSample reads `name{a="x",b="y"} 12`. Label values of this metric hold no quotes or escapes.
func parseSample(line string) (map[string]string, float64, error) {
	open, closed := strings.IndexByte(line, '{'), strings.LastIndexByte(line, '}')
	if open < 0 || closed < open {
		return nil, 0, fmt.Errorf("metrics line %q has no labels", line)
	}
	labels := map[string]string{}
	for _, pair := range strings.Split(line[open+1:closed], ",") {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, 0, fmt.Errorf("metrics line %q: label %q", line, pair)
		}
		labels[name] = strings.Trim(value, `"`)
	}
	value, err := strconv.ParseFloat(strings.TrimSpace(line[closed+1:]), 64)
	if err != nil {
		return nil, 0, fmt.Errorf("metrics line %q: %w", line, err)
	}
	return labels, value, nil
}
