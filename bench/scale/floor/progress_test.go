package floor

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"ork.dev/bench/scale/shape"
)

func pod(name, job string, phase corev1.PodPhase) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"batch.kubernetes.io/job-name": job}},
		Status:     corev1.PodStatus{Phase: phase},
	}
}

func take(ready chan place) []place {
	var places []place
	for len(ready) > 0 {
		places = append(places, <-ready)
	}
	return places
}

func TestATaskBecomesReadyOnceAllItDependsOnHasEnded(t *testing.T) {
	s := shape.Layers(2, 2) // both tasks of the second layer depend on both of the first
	ready := make(chan place, s.Jobs())
	p := newProgress(s, ready)
	if first := take(ready); len(first) != 2 || first[0].task != 0 || first[1].task != 1 {
		t.Fatalf("ready at first: %v", first)
	}
	saw := func(name, job string, phase corev1.PodPhase) {
		t.Helper()
		if err := p.saw(pod(name, job, phase)); err != nil {
			t.Fatal(err)
		}
	}
	first, second := JobName(s, 0, s.Tasks[0]), JobName(s, 0, s.Tasks[1])
	saw("p0", first, corev1.PodRunning)
	saw("p0", first, corev1.PodSucceeded)
	saw("p0", first, corev1.PodSucceeded) // a repeated event counts once
	saw("px", "another-job", corev1.PodSucceeded)
	if early := take(ready); len(early) != 0 {
		t.Fatalf("ready too early: %v", early)
	}
	saw("p1", second, corev1.PodSucceeded)
	if then := take(ready); len(then) != 2 {
		t.Fatalf("ready after both ended: %v", then)
	}
}

func TestAFanOutEndsWithItsLastPod(t *testing.T) {
	s := shape.Shape{Name: "x", Runs: 1, Tasks: []shape.Task{{Name: "all", Count: 2}, {Name: "after", Deps: []int{0}}}}
	ready := make(chan place, s.Jobs())
	p := newProgress(s, ready)
	take(ready)
	job := JobName(s, 0, s.Tasks[0])
	_ = p.saw(pod("p0", job, corev1.PodSucceeded))
	if early := take(ready); len(early) != 0 {
		t.Fatalf("ready after one of two Pods: %v", early)
	}
	_ = p.saw(pod("p1", job, corev1.PodSucceeded))
	if then := take(ready); len(then) != 1 {
		t.Fatalf("ready after both Pods: %v", then)
	}
}

func TestAFailedPodIsAnError(t *testing.T) {
	s := shape.Chain(2)
	p := newProgress(s, make(chan place, 2))
	if p.saw(pod("p0", JobName(s, 0, s.Tasks[0]), corev1.PodFailed)) == nil {
		t.Error("want an error")
	}
}
