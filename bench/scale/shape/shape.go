// Package shape says what is measured: which tasks, how they depend on each other, how many runs.
// The floor and ork are given the same Shape, so that a ratio compares like with like.
package shape

import "fmt"

// Image is what every task runs. Fake nodes never pull it.
const Image = "busybox:1.36"

// Command is what every task runs in it.
var Command = []string{"true"}

// Task is one node of the graph. Deps are positions in the Shape's Tasks, always of earlier tasks.
type Task struct {
	Name  string
	Deps  []int
	Count int // more than 0: one Indexed Job of that many Pods, all at the same time
}

// Pods is the number of Pods that the task makes.
func (t Task) Pods() int {
	if t.Count > 0 {
		return t.Count
	}
	return 1
}

// Shape is Runs times the same graph.
type Shape struct {
	Name  string
	Runs  int
	Tasks []Task
}

// Jobs is the number of Jobs of all runs together, which is also the number of tasks.
func (s Shape) Jobs() int { return s.Runs * len(s.Tasks) }

// Pods is the number of Pods of all runs together.
func (s Shape) Pods() int {
	pods := 0
	for _, task := range s.Tasks {
		pods += task.Pods()
	}
	return pods * s.Runs
}

// Work is what "per task" divides by: a fan-out of 1,000 is 1,000 pieces of work in one task.
func (s Shape) Work() int { return s.Pods() }

// RunName is the name of one of the runs, unique in its namespace.
func (s Shape) RunName(run int) string { return fmt.Sprintf("%s-%04d", s.Name, run) }

// Chain is one run of n tasks, each after the one before it.
func Chain(n int) Shape {
	tasks := make([]Task, n)
	for i := range tasks {
		tasks[i].Name = fmt.Sprintf("t%d", i)
		if i > 0 {
			tasks[i].Deps = []int{i - 1}
		}
	}
	return Shape{Name: "chain", Runs: 1, Tasks: tasks}
}

// Jobs is n runs of a single task: what 1,000 Jobs are to the floor.
func Jobs(n int) Shape {
	return Shape{Name: "jobs", Runs: n, Tasks: []Task{{Name: "only"}}}
}

// Many is a number of runs of ten tasks: a, then b, then eight after b.
func Many(runs int) Shape {
	tasks := []Task{{Name: "a"}, {Name: "b", Deps: []int{0}}}
	for i := 0; i < 8; i++ {
		tasks = append(tasks, Task{Name: fmt.Sprintf("c%d", i), Deps: []int{1}})
	}
	return Shape{Name: "many", Runs: runs, Tasks: tasks}
}

// FanOut is one run of one task with a count of n.
func FanOut(n int) Shape {
	return Shape{Name: "fanout", Runs: 1, Tasks: []Task{{Name: "all", Count: n}}}
}

// Layers is one run of layers times width distinct tasks; each depends on two of the layer before.
func Layers(layers, width int) Shape {
	tasks := make([]Task, 0, layers*width)
	for layer := 0; layer < layers; layer++ {
		for i := 0; i < width; i++ {
			task := Task{Name: fmt.Sprintf("l%d-%d", layer, i)}
			if layer > 0 {
				first := (layer - 1) * width
				task.Deps = []int{first + i}
				if width > 1 {
					task.Deps = append(task.Deps, first+(i+1)%width)
				}
			}
			tasks = append(tasks, task)
		}
	}
	return Shape{Name: "layers", Runs: 1, Tasks: tasks}
}
