package main

import (
	"context"
	"fmt"
	"time"

	"ork.dev/bench/scale/cluster"
	"ork.dev/bench/scale/gauge"
	"ork.dev/bench/scale/report"
	"ork.dev/bench/scale/shape"
)

// bench takes the shapes through the floor and ork in turns and collects what came out.
type bench struct {
	options options
	cluster *cluster.Cluster
	logs    string // folder of the operator's logs
	result  report.Result
}

// comparison is a shape with the ways in which the floor is measured on it.
type comparison struct {
	shape  shape.Shape
	floors []string
	rounds int
	count  shape.Shape // what the counting pass takes through the proxy
}

func shapeNames() []string { return []string{"chain", "jobs", "many", "fanout", "layers", "idle"} }

// comparisons says what is measured, at which size. The order is that of the report.
func (b *bench) comparisons() []comparison {
	both := []string{report.Floor, report.FloorOrdered}
	list := []comparison{
		{shape.Chain(40), []string{report.FloorOrdered}, 3, shape.Chain(40)},
		{shape.Jobs(1000), []string{report.Floor}, 2, shape.Jobs(100)},
		{shape.Many(200), both, 2, shape.Many(50)},
		{shape.FanOut(1000), []string{report.Floor}, 3, shape.FanOut(1000)},
		{shape.Layers(20, 100), both, 2, shape.Layers(20, 100)},
	}
	if b.options.quick {
		list = []comparison{
			{shape.Chain(10), []string{report.FloorOrdered}, 2, shape.Chain(10)},
			{shape.Jobs(50), []string{report.Floor}, 1, shape.Jobs(20)},
			{shape.Many(20), []string{report.Floor}, 1, shape.Many(10)},
			{shape.FanOut(100), []string{report.Floor}, 1, shape.FanOut(100)},
			{shape.Layers(10, 20), []string{report.Floor}, 1, shape.Layers(10, 20)},
		}
	}
	var wanted []comparison
	for _, c := range list {
		if b.options.rounds > 0 {
			c.rounds = b.options.rounds
		}
		if contains(b.options.only, c.shape.Name) {
			wanted = append(wanted, c)
		}
	}
	return wanted
}

// all measures everything. The error is one that makes going on pointless; failures of single measurements
// are in the result.
func (b *bench) all(ctx context.Context) error {
	if err := b.clean(ctx); err != nil {
		return err
	}
	for _, c := range b.comparisons() {
		for round := 1; round <= c.rounds; round++ {
			if err := b.round(ctx, c, round); err != nil {
				return err
			}
		}
	}
	if b.options.floorOnly || b.options.noCounts {
		return nil
	}
	for _, c := range b.comparisons() {
		sizes := []shape.Shape{c.count}
		if c.shape.Name == "layers" { // two sizes show whether the bytes a task grow with the graph
			small := shape.Layers(5, 10)
			small.Name = "layers-small"
			sizes = append(sizes, small)
		}
		for _, s := range sizes {
			if err := b.count(ctx, s); err != nil {
				return err
			}
		}
	}
	if contains(b.options.only, "idle") {
		return b.idle(ctx)
	}
	return nil
}

// round measures each floor and ork once.
func (b *bench) round(ctx context.Context, c comparison, round int) error {
	var sides []string
	if !b.options.noFloor {
		sides = append(sides, c.floors...)
	}
	if !b.options.floorOnly {
		sides = append(sides, report.Ork)
	}
	for _, side := range sides {
		fmt.Printf("%s, %s, round %d of %d ...\n", c.shape.Name, side, round, c.rounds)
		for try := 0; ; try++ {
			m, err := b.measure(ctx, c.shape, side, round)
			if err != nil {
				return err
			}
			m.Disturbed = m.Error == "" && m.OtherCores > report.Disturbance
			fmt.Printf("%s, %s: %s\n", c.shape.Name, side, m.Line())
			b.result.Measures = append(b.result.Measures, m)
			if !m.Disturbed || try >= b.options.repeats {
				break
			}
			fmt.Println("  others kept the machine busy; once more ...")
		}
	}
	return nil
}

// measure takes a shape through one side and cleans up. An error is one of cleaning up or of the context; what
// went wrong with the measurement is in it.
func (b *bench) measure(ctx context.Context, s shape.Shape, side string, round int) (report.Measure, error) {
	m := report.Measure{Shape: s.Name, Side: side, Round: round, Jobs: s.Jobs(), Pods: s.Pods()}
	if err := b.quiet(ctx); err != nil {
		return m, err
	}
	var err error
	if side == report.Ork {
		m.Runs = s.Runs
		err = b.measureOrk(ctx, s, &m)
	} else {
		err = b.measureFloor(ctx, s, &m)
	}
	if ctx.Err() != nil {
		return m, ctx.Err()
	}
	if err != nil {
		m.Error = err.Error()
	}
	return m, b.clean(ctx)
}

// quiet waits, for a while, until other programs leave the machine alone.
func (b *bench) quiet(ctx context.Context) error {
	for started := time.Now(); time.Since(started) < b.options.patience; {
		before, err := gauge.ReadMachine(b.cluster.Folder)
		if err != nil {
			return err
		}
		if err := pause(ctx, 2*time.Second); err != nil {
			return err
		}
		after, err := gauge.ReadMachine(b.cluster.Folder)
		if err != nil {
			return err
		}
		if after.Others(before) < report.Disturbance {
			return nil
		}
	}
	return nil
}

func (b *bench) clean(ctx context.Context) error {
	if err := b.cluster.Clean(ctx); err != nil {
		return fmt.Errorf("clean up: %w", err)
	}
	return nil
}
