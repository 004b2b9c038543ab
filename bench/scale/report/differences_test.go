package report

import (
	"reflect"
	"testing"
)

func TestDifferencesNameFieldsThatOnlyOneSideHas(t *testing.T) {
	container := func(env ...string) []any {
		var list []any
		for _, name := range env {
			list = append(list, map[string]any{"name": name, "value": "x"})
		}
		return []any{map[string]any{"name": "main", "env": list}}
	}
	spec := func(containers []any, more map[string]any) map[string]any {
		pod := map[string]any{"containers": containers, "dnsPolicy": "ClusterFirst"}
		for key, value := range more {
			pod[key] = value
		}
		return map[string]any{"backoffLimit": 0, "template": map[string]any{"spec": pod}}
	}
	raw := spec(container("ORK_RUN", "ORK_TASK"), nil)
	ork := spec(container("ORK_RUN", "ORK_EXTRA"), map[string]any{"serviceAccountName": "y"})
	got := Differences(raw, ork)
	want := []string{
		"spec.template.spec.containers[0].env[ORK_EXTRA] (ork only)",
		"spec.template.spec.containers[0].env[ORK_TASK] (floor only)",
		"spec.template.spec.serviceAccountName (ork only)",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
	if same := Differences(raw, raw); len(same) != 0 {
		t.Errorf("a spec differs from itself in %q", same)
	}
}
