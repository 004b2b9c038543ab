package engine

import (
	"encoding/json"
	"testing"

	"ork.dev/bench/scale/shape"
)

func TestAWorkflowIsWrittenAsAUserWould(t *testing.T) {
	for _, c := range []struct {
		shape shape.Shape
		want  string
	}{
		{shape.Chain(2), `{"apiVersion":"ork.dev/v1alpha1","kind":"Workflow","metadata":{"name":"chain"},"spec":{"tasks":[` +
			`{"command":["true"],"image":"busybox:1.36","name":"t0"},` +
			`{"command":["true"],"dependsOn":["t0"],"image":"busybox:1.36","name":"t1"}]}}`},
		{shape.FanOut(5), `{"apiVersion":"ork.dev/v1alpha1","kind":"Workflow","metadata":{"name":"fanout"},"spec":{"tasks":[` +
			`{"command":["true"],"count":5,"image":"busybox:1.36","name":"all","parallelism":5}]}}`},
	} {
		text, err := json.Marshal(Workflow(c.shape))
		if err != nil || string(text) != c.want {
			t.Errorf("got %s (%v)\nwant %s", text, err, c.want)
		}
	}
}
