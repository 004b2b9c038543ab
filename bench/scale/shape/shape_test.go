package shape

import "testing"

func TestShapesHaveTheSizesTheirNamesPromise(t *testing.T) {
	cases := []struct {
		shape      Shape
		jobs, pods int
	}{
		{Chain(40), 40, 40},
		{Jobs(1000), 1000, 1000},
		{Many(200), 2000, 2000},
		{FanOut(1000), 1, 1000},
		{Layers(20, 100), 2000, 2000},
		{Layers(1, 1), 1, 1},
	}
	for _, c := range cases {
		if c.shape.Jobs() != c.jobs || c.shape.Pods() != c.pods {
			t.Errorf("%s: %d Jobs and %d Pods, want %d and %d", c.shape.Name, c.shape.Jobs(), c.shape.Pods(), c.jobs, c.pods)
		}
	}
}

func TestDependenciesAlwaysPointAtEarlierTasks(t *testing.T) {
	for _, s := range []Shape{Chain(40), Many(3), Layers(20, 100), Layers(5, 1)} {
		names := map[string]bool{}
		for i, task := range s.Tasks {
			if names[task.Name] {
				t.Errorf("%s: two tasks are called %s", s.Name, task.Name)
			}
			names[task.Name] = true
			for _, dep := range task.Deps {
				if dep < 0 || dep >= i {
					t.Errorf("%s: task %d depends on %d", s.Name, i, dep)
				}
			}
		}
	}
}

func TestEachTaskOfALaterLayerDependsOnTwoOfTheLayerBefore(t *testing.T) {
	s := Layers(20, 100)
	for i, task := range s.Tasks {
		want := 2
		if i < 100 {
			want = 0
		}
		if len(task.Deps) != want {
			t.Fatalf("task %d has %d dependencies, want %d", i, len(task.Deps), want)
		}
		for _, dep := range task.Deps {
			if dep/100 != i/100-1 {
				t.Fatalf("task %d of layer %d depends on %d of layer %d", i, i/100, dep, dep/100)
			}
		}
	}
}
