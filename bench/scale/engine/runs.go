package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"ork.dev/bench/scale/cluster"
	"ork.dev/bench/scale/floor"
	"ork.dev/bench/scale/shape"
)

type object = map[string]any

// Workflow is the shape's graph as a user would write it.
func Workflow(s shape.Shape) object {
	tasks := make([]object, 0, len(s.Tasks))
	for _, task := range s.Tasks {
		written := object{"name": task.Name, "image": shape.Image, "command": shape.Command}
		if task.Count > 0 {
			written["count"] = task.Count
			written["parallelism"] = task.Count
		}
		if len(task.Deps) > 0 {
			names := make([]string, 0, len(task.Deps))
			for _, dep := range task.Deps {
				names = append(names, s.Tasks[dep].Name)
			}
			written["dependsOn"] = names
		}
		tasks = append(tasks, written)
	}
	return object{
		"apiVersion": "ork.dev/v1alpha1", "kind": "Workflow",
		"metadata": object{"name": s.Name},
		"spec":     object{"tasks": tasks},
	}
}

// Run is one of the shape's runs.
func Run(s shape.Shape, run int) object {
	return object{
		"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun",
		"metadata": object{"name": s.RunName(run)},
		"spec":     object{"workflowRef": object{"name": s.Name}},
	}
}

// Prepare makes the Workflow and waits until the operator found it valid.
func (o *Operator) Prepare(ctx context.Context, c *cluster.Cluster, s shape.Shape) error {
	text, err := json.Marshal(Workflow(s))
	if err != nil {
		return err
	}
	address := cluster.Workflows + "/" + s.Name
	if err := c.Apply(ctx, address, text); err != nil {
		return fmt.Errorf("apply Workflow %s: %w", s.Name, err)
	}
	var workflow struct {
		Status struct {
			Conditions []struct{ Type, Status, Message string }
		}
	}
	return o.waitFor(ctx, time.Minute, "Workflow "+s.Name+" is Ready", func() (bool, error) {
		if err := c.Get(ctx, address, &workflow); err != nil {
			return false, err
		}
		for _, condition := range workflow.Status.Conditions {
			if condition.Type == "Ready" && condition.Status == "True" {
				return true, nil
			}
			if condition.Type == "Stalled" && condition.Status == "True" {
				return false, fmt.Errorf("Workflow %s: %s", s.Name, condition.Message)
			}
		}
		return false, nil
	})
}

// Create makes all runs of the shape, as many at a time as the floor makes Jobs, and gives the moment at which
// the first create was sent.
func Create(ctx context.Context, c *cluster.Cluster, s shape.Shape) (time.Time, error) {
	numbers := make(chan int)
	failures := make(chan error, floor.InFlight)
	var workers sync.WaitGroup
	started := time.Now()
	for i := 0; i < min(floor.InFlight, s.Runs); i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for run := range numbers {
				if err := c.Create(ctx, cluster.WorkflowRuns, Run(s, run)); err != nil {
					select {
					case failures <- fmt.Errorf("create run %s: %w", s.RunName(run), err):
					default:
					}
				}
			}
		}()
	}
	for run := 0; run < s.Runs; run++ {
		numbers <- run
	}
	close(numbers)
	workers.Wait()
	select {
	case err := <-failures:
		return started, err
	default:
		return started, nil
	}
}

// WarmUp takes a run of one task through the operator: it then leads, its stores are filled, its connections open.
// The run stays, under a name of its own, as the one of an earlier operator may still be there.
func (o *Operator) WarmUp(ctx context.Context, c *cluster.Cluster) error {
	s := shape.Shape{Name: fmt.Sprintf("warmup-%d", o.Pid), Runs: 1, Tasks: []shape.Task{{Name: "only"}}}
	if err := o.Prepare(ctx, c, s); err != nil {
		return err
	}
	if _, err := Create(ctx, c, s); err != nil {
		return err
	}
	var run struct {
		Status struct{ Phase, Message string }
	}
	err := o.waitFor(ctx, time.Minute, "the first run has succeeded", func() (bool, error) {
		if err := c.Get(ctx, cluster.WorkflowRuns+"/"+s.RunName(0), &run); err != nil {
			return false, err
		}
		if run.Status.Phase == "Failed" || run.Status.Phase == "Cancelled" {
			return false, fmt.Errorf("the first run is %s: %s", run.Status.Phase, run.Status.Message)
		}
		return run.Status.Phase == "Succeeded", nil
	})
	if err != nil {
		return err
	}
	// The Job controller still has its own end of that Job to write, a second later.
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(2 * time.Second):
		return nil
	}
}
