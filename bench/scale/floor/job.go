package floor

import (
	"fmt"
	"strconv"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"ork.dev/bench/scale/cluster"
	"ork.dev/bench/scale/shape"
)

// managedBy is who the floor says it is: as long as ork's labels, but not ork, which would adopt the Jobs.
const (
	managedBy = "raw"
	selector  = "app.kubernetes.io/managed-by=" + managedBy
)

// JobName is as ork names a first attempt.
func JobName(s shape.Shape, run int, task shape.Task) string {
	return fmt.Sprintf("%s-%s-1", s.RunName(run), task.Name)
}

// NewJob is what ork would make of the task: same labels, same environment, same container. Only the owner
// reference is left out, as there is no run. The bench compares the two and says where they differ.
func NewJob(s shape.Shape, run int, task shape.Task) *batchv1.Job {
	labels := map[string]string{
		"app.kubernetes.io/managed-by": managedBy,
		"ork.dev/workflow":             s.Name,
		"ork.dev/run":                  s.RunName(run),
		"ork.dev/run-uid":              "00000000-0000-0000-0000-" + fmt.Sprintf("%012d", run),
		"ork.dev/task":                 task.Name,
		"ork.dev/attempt":              "1",
	}
	job := &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{Name: JobName(s, run, task), Namespace: cluster.Namespace, Labels: labels},
		Spec: batchv1.JobSpec{
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec: corev1.PodSpec{
					RestartPolicy: corev1.RestartPolicyNever,
					Containers: []corev1.Container{{
						Name: "main", Image: shape.Image, Command: shape.Command, Env: environment(s, run, task),
						TerminationMessagePath:   corev1.TerminationMessagePathDefault,
						TerminationMessagePolicy: corev1.TerminationMessageFallbackToLogsOnError,
					}},
				},
			},
		},
	}
	if task.Count > 0 {
		job.Spec.CompletionMode = pointer(batchv1.IndexedCompletion)
		job.Spec.Completions = pointer(int32(task.Count))
		job.Spec.Parallelism = pointer(int32(task.Count))
		job.Spec.BackoffLimitPerIndex = pointer[int32](0)
	} else {
		job.Spec.BackoffLimit = pointer[int32](0)
	}
	return job
}

func environment(s shape.Shape, run int, task shape.Task) []corev1.EnvVar {
	env := []corev1.EnvVar{
		{Name: "ORK_RUN", Value: s.RunName(run)},
		{Name: "ORK_WORKFLOW", Value: s.Name},
		{Name: "ORK_TASK", Value: task.Name},
		{Name: "ORK_ATTEMPT", Value: "1"},
	}
	if task.Count > 0 {
		index := &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{
			FieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']"}}
		env = append(env, corev1.EnvVar{Name: "ORK_INDEX", ValueFrom: index},
			corev1.EnvVar{Name: "ORK_COUNT", Value: strconv.Itoa(task.Count)})
	}
	return append(env, corev1.EnvVar{Name: "ORK_OUTPUT", Value: corev1.TerminationMessagePathDefault})
}

func pointer[T any](value T) *T { return &value }
