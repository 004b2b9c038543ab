package floor

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"ork.dev/bench/scale/shape"
)

// progress is all the engine that the floor has: for each task how many of its dependencies still run.
type progress struct {
	ready    chan<- place
	byJob    map[string]place
	left     map[place]int   // dependencies that have not ended
	running  map[place]int   // Pods of the task that have not ended
	followed [][]int         // by task: the tasks that depend on it
	ended    map[string]bool // by Pod
	pods     int             // of all tasks
}

// newProgress hands out at once what depends on nothing. `ready` must have room for all Jobs of the shape.
func newProgress(s shape.Shape, ready chan<- place) *progress {
	p := &progress{ready: ready, byJob: map[string]place{}, left: map[place]int{}, running: map[place]int{},
		followed: make([][]int, len(s.Tasks)), ended: map[string]bool{}, pods: s.Pods()}
	for i, task := range s.Tasks {
		for _, dep := range task.Deps {
			p.followed[dep] = append(p.followed[dep], i)
		}
	}
	for run := 0; run < s.Runs; run++ {
		for i, task := range s.Tasks {
			at := place{run, i}
			p.byJob[JobName(s, run, task)] = at
			p.running[at] = task.Pods()
			p.left[at] = len(task.Deps)
			if len(task.Deps) == 0 {
				ready <- at
			}
		}
	}
	return p
}

// saw takes in a Pod's state. A Pod that failed is an error: no task of any shape fails.
func (p *progress) saw(pod *corev1.Pod) error {
	switch pod.Status.Phase {
	case corev1.PodFailed:
		return fmt.Errorf("the Pod %s failed: %s %s", pod.Name, pod.Status.Reason, pod.Status.Message)
	case corev1.PodSucceeded:
	default:
		return nil
	}
	at, ours := p.byJob[pod.Labels["batch.kubernetes.io/job-name"]]
	if !ours || p.ended[pod.Name] {
		return nil
	}
	p.ended[pod.Name] = true
	if p.running[at]--; p.running[at] > 0 {
		return nil
	}
	for _, next := range p.followed[at.task] {
		follower := place{at.run, next}
		if p.left[follower]--; p.left[follower] == 0 {
			p.ready <- follower
		}
	}
	return nil
}
