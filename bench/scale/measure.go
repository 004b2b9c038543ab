package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"ork.dev/bench/scale/cluster"
	"ork.dev/bench/scale/engine"
	"ork.dev/bench/scale/floor"
	"ork.dev/bench/scale/gauge"
	"ork.dev/bench/scale/report"
	"ork.dev/bench/scale/shape"
)

const mebibyte = 1 << 20

// measureFloor takes a shape through client-go alone. It waits for the Jobs' own end too, for comparison.
func (b *bench) measureFloor(ctx context.Context, s shape.Shape, m *report.Measure) error {
	return b.timed(ctx, s, m, 0, func(ctx context.Context) (time.Time, error) {
		return floor.Run(ctx, b.cluster, s, m.Side == report.FloorOrdered)
	}, func(seen *cluster.Seen) bool {
		return len(seen.PodEnded) >= s.Pods() && len(seen.JobFinished) >= s.Jobs()
	})
}

// measureOrk takes a shape through an operator of its own, so that none is left over while the floor is measured
// and each peak of memory is that of the shape.
func (b *bench) measureOrk(ctx context.Context, s shape.Shape, m *report.Measure) (failed error) {
	log := filepath.Join(b.logs, fmt.Sprintf("%s-%d.log", s.Name, m.Round))
	operator, err := engine.Start(b.options.operator, b.options.kubeconfig, log)
	if err != nil {
		return err
	}
	defer func() {
		m.OperatorComplaints = operator.Complaints()
		if err := operator.Stop(); failed == nil {
			failed = err
		}
	}()
	if err := operator.WarmUp(ctx, b.cluster); err != nil {
		return err
	}
	if err := operator.Prepare(ctx, b.cluster, s); err != nil {
		return err
	}
	if err := b.cluster.Rest(ctx); err != nil {
		return err
	}
	ready, err := gauge.ReadMemory(operator.Pid)
	if err != nil {
		return err
	}
	m.OperatorReadyMiB = float64(ready.Now) / mebibyte
	if err := gauge.ResetPeak(operator.Pid); err != nil {
		return err
	}
	if b.options.profile {
		stop, err := operator.Profile(strings.TrimSuffix(log, ".log") + ".perf")
		if err != nil {
			return err
		}
		defer func() {
			if err := stop(); failed == nil {
				failed = err
			}
		}()
	}
	before, err := gauge.CPUTime(operator.Pid)
	if err != nil {
		return err
	}
	err = b.timed(ctx, s, m, operator.Pid, func(ctx context.Context) (time.Time, error) {
		return engine.Create(ctx, b.cluster, s)
	}, func(seen *cluster.Seen) bool {
		return ended(seen, s) && len(seen.JobFinished) >= s.Jobs() || operator.Ended() != nil
	})
	if ended := operator.Ended(); ended != nil {
		return ended
	}
	if err != nil {
		return fmt.Errorf("%w; the operator's log ends with:\n%s", err, operator.LogTail())
	}
	return b.afterwards(ctx, s, m, operator, before)
}

// ended says whether ork is done: by the Pods and by the runs' status.
func ended(seen *cluster.Seen, s shape.Shape) bool {
	return len(seen.PodEnded) >= s.Pods() && len(seen.RunEnded) >= s.Runs
}

// afterwards reads what the operator used, once the echo of the last Jobs' completion has passed: it is part of
// the cost of a task, though not of its time.
func (b *bench) afterwards(ctx context.Context, s shape.Shape, m *report.Measure, operator *engine.Operator, before time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(2 * time.Second):
	}
	used, err := gauge.CPUTime(operator.Pid)
	if err != nil {
		return err
	}
	memory, err := gauge.ReadMemory(operator.Pid)
	if err != nil {
		return err
	}
	m.OperatorCPUMs = float64((used - before).Microseconds()) / 1000
	m.OperatorPeakMiB = float64(memory.Peak) / mebibyte
	m.OperatorNowMiB = float64(memory.Now) / mebibyte
	m.ShapeDiffersFromOrk, err = b.compareJobs(ctx, s)
	return err
}

// timed is the part that both sides have in common: observe, start, wait, read the API server before and after.
func (b *bench) timed(ctx context.Context, s shape.Shape, m *report.Measure, pid int,
	start func(context.Context) (time.Time, error), done func(*cluster.Seen) bool) error {
	observed, cancel := context.WithCancel(ctx)
	defer cancel()
	observer, err := b.cluster.Observe(observed, s.Name+"-")
	if err != nil {
		return err
	}
	before, err := b.cluster.Read(ctx)
	if err != nil {
		return err
	}
	machine, err := gauge.ReadMachine(b.cluster.Folder, pid)
	if err != nil {
		return err
	}
	at, waited := b.watchThrough(observed, cancel, s, observer, start, done)
	afterMachine, err := gauge.ReadMachine(b.cluster.Folder, pid)
	if err != nil {
		return err
	}
	cancel()
	seen := observer.Stop()
	if waited != nil {
		return fmt.Errorf("%w, with %d of %d Jobs made, %d of %d Pods and %d of %d runs ended",
			waited, len(seen.JobAdded), s.Jobs(), len(seen.PodEnded), s.Pods(), len(seen.RunEnded), m.Runs)
	}
	if err := allSucceeded(seen); err != nil {
		return err
	}
	after, err := b.cluster.Read(ctx)
	if err != nil {
		return err
	}
	m.Time(at, seen)
	m.OtherCores = afterMachine.Others(machine)
	m.CPUMs = map[string]float64{}
	for program, used := range afterMachine.Programs(machine) {
		m.CPUMs[program] = float64(used.Microseconds()) / 1000
	}
	m.ServerCPUMs = float64((after.CPU - before.CPU).Microseconds()) / 1000
	m.Requests = after.Requests.Minus(before.Requests).Named()
	m.RequestErrors = after.Errors.Minus(before.Errors).Named()
	return nil
}

// watchThrough starts the shape and waits for its end, printing progress. An error of either ends both.
func (b *bench) watchThrough(ctx context.Context, cancel func(), s shape.Shape, observer *cluster.Observer,
	start func(context.Context) (time.Time, error), done func(*cluster.Seen) bool) (time.Time, error) {
	type outcome struct {
		at  time.Time
		err error
	}
	started := make(chan outcome, 1)
	go func() {
		at, err := start(ctx)
		if err != nil {
			cancel() // what is awaited will not come
		}
		started <- outcome{at, err}
	}()
	waited := observer.Wait(ctx, b.options.stall, done, func(seen *cluster.Seen) {
		fmt.Printf("  %d of %d Pods ended, %d of %d Jobs made\n", len(seen.PodEnded), s.Pods(), len(seen.JobAdded), s.Jobs())
	})
	if waited != nil {
		cancel()
	}
	result := <-started
	if result.err != nil && !errors.Is(result.err, context.Canceled) {
		return result.at, result.err
	}
	return result.at, waited
}

func allSucceeded(seen cluster.Seen) error {
	for name, pod := range seen.PodEnded {
		if pod.Phase != "Succeeded" {
			return fmt.Errorf("the Pod %s is %s", name, pod.Phase)
		}
	}
	for name, run := range seen.RunEnded {
		if run.Phase != "Succeeded" {
			return fmt.Errorf("the run %s is %s", name, run.Phase)
		}
	}
	return nil
}

// compareJobs looks at one Job that ork made and says in which fields the floor's Job of that task is different,
// but for what must be. A floor with smaller Jobs would be no fair floor.
func (b *bench) compareJobs(ctx context.Context, s shape.Shape) ([]string, error) {
	var list struct {
		Items []struct {
			Metadata struct{ Labels map[string]string }
			Spec     map[string]any
		}
	}
	task := s.Tasks[len(s.Tasks)-1]
	selector := "ork.dev/task=" + task.Name + ",ork.dev/run=" + s.RunName(s.Runs-1)
	if err := b.cluster.Get(ctx, cluster.Jobs, &list, "labelSelector", selector); err != nil {
		return nil, err
	}
	if len(list.Items) != 1 {
		return []string{fmt.Sprintf("labels: %d Jobs have %s", len(list.Items), selector)}, nil
	}
	text, err := json.Marshal(floor.NewJob(s, s.Runs-1, task))
	if err != nil {
		return nil, err
	}
	var raw map[string]any
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, err
	}
	rawSpec, _ := raw["spec"].(map[string]any)
	return report.Differences(rawSpec, list.Items[0].Spec), nil
}
