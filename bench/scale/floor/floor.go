// Package floor does with client-go and nothing else what ork does with an engine: it makes the Jobs of a
// shape and waits for them. No way of running these Jobs on this cluster can be much faster.
package floor

import (
	"context"
	"fmt"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"ork.dev/bench/scale/cluster"
	"ork.dev/bench/scale/shape"
)

// InFlight is how many creates are under way at the same time. More does not help on any cluster tried.
const InFlight = 50

// Run makes all Jobs of the shape in cluster.Namespace and returns when the last create was answered.
// With ordered, a Job is made as soon as the Pods of all that it depends on were seen to succeed; without,
// dependencies are ignored. It gives the moment at which the first create was sent.
func Run(ctx context.Context, c *cluster.Cluster, s shape.Shape, ordered bool) (time.Time, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ready := make(chan place, s.Jobs())
	if ordered {
		progress := newProgress(s, ready)
		list, err := c.Core.Pods(cluster.Namespace).List(ctx, metav1.ListOptions{LabelSelector: selector, Limit: 1})
		if err != nil {
			return time.Time{}, fmt.Errorf("list Pods: %w", err)
		}
		go func() {
			if err := followPods(ctx, c, list.ResourceVersion, progress); err != nil {
				cancel(err)
			}
		}()
	} else {
		for run := 0; run < s.Runs; run++ {
			for task := range s.Tasks {
				ready <- place{run, task}
			}
		}
	}
	started := time.Now()
	err := createAll(ctx, c, s, ready)
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return started, err
}

// place is a task of a run, by number.
type place struct{ run, task int }

// createAll makes as many Jobs as the shape has, in the order in which they become ready.
func createAll(ctx context.Context, c *cluster.Cluster, s shape.Shape, ready <-chan place) error {
	var workers sync.WaitGroup
	failures := make(chan error, InFlight)
	work := make(chan place)
	for i := 0; i < InFlight; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for at := range work {
				job := NewJob(s, at.run, s.Tasks[at.task])
				if _, err := c.Batch.Jobs(cluster.Namespace).Create(ctx, job, metav1.CreateOptions{}); err != nil {
					failures <- fmt.Errorf("create Job %s: %w", job.Name, err)
					return
				}
			}
		}()
	}
	err := handOut(ctx, s.Jobs(), ready, work, failures)
	close(work)
	workers.Wait()
	select {
	case failure := <-failures:
		return failure
	default:
		return err
	}
}

func handOut(ctx context.Context, jobs int, ready <-chan place, work chan<- place, failures <-chan error) error {
	for i := 0; i < jobs; i++ {
		var next place
		select {
		case next = <-ready:
		case failure := <-failures:
			return failure
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case work <- next:
		case failure := <-failures:
			return failure
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// followPods reports each Pod's end until the context is over. It is an ordinary client-go watch of all events
// of our Pods, as any program would open; streams that end are opened again where they stopped.
func followPods(ctx context.Context, c *cluster.Cluster, version string, progress *progress) error {
	for ctx.Err() == nil {
		stream, err := c.Core.Pods(cluster.Namespace).Watch(ctx, metav1.ListOptions{
			LabelSelector: selector, ResourceVersion: version, AllowWatchBookmarks: true})
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("watch Pods: %w", err)
		}
		for event := range stream.ResultChan() {
			pod, ok := event.Object.(*corev1.Pod)
			if !ok {
				return fmt.Errorf("watch Pods: %v", event.Object)
			}
			version = pod.ResourceVersion
			if event.Type == watch.Added || event.Type == watch.Modified {
				if err := progress.saw(pod); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
