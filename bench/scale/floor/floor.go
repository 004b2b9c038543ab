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

// Run makes all Jobs of the shape in cluster.Namespace, watches their Pods, and returns when all have succeeded, or
// when the context is over. With ordered, a Job is made as soon as the Pods of all that it depends on were seen to
// succeed; without, dependencies are ignored. It gives the moment at which the first create was sent.
func Run(ctx context.Context, c *cluster.Cluster, s shape.Shape, ordered bool) (time.Time, error) {
	list, err := c.Core.Pods(cluster.Namespace).List(ctx, metav1.ListOptions{LabelSelector: selector, Limit: 1})
	if err != nil {
		return time.Time{}, fmt.Errorf("list Pods: %w", err)
	}
	if !ordered {
		s = withoutDependencies(s)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ready := make(chan place, s.Jobs())
	progress := newProgress(s, ready)
	followed := make(chan error, 1)
	started := time.Now()
	go func() {
		err := followPods(ctx, c, list.ResourceVersion, progress)
		if err != nil {
			cancel() // Jobs that wait for these Pods will never be ready
		}
		followed <- err
	}()
	created := createAll(ctx, c, s, ready)
	if created != nil {
		cancel()
	}
	if err := <-followed; err != nil {
		return started, err
	}
	return started, created
}

func withoutDependencies(s shape.Shape) shape.Shape {
	tasks := append([]shape.Task(nil), s.Tasks...)
	for i := range tasks {
		tasks[i].Deps = nil
	}
	s.Tasks = tasks
	return s
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

// followPods reports each Pod's end until all have ended or the context is over. It is an ordinary client-go watch of all events
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
					stream.Stop()
					return err
				}
				if len(progress.ended) == progress.pods {
					stream.Stop()
					return nil
				}
			}
		}
	}
	return nil
}
