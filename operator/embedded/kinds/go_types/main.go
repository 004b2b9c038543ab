// Prints how Go sees the built-in kinds: what OpenAPI does not tell. One JSON object: definition name ->
// field -> facts, which are
//
//	x-go     "FLAGS TYPE" for encoding/json, where FLAGS holds e (omitempty), z (omitzero), p (pointer),
//	         and TYPE is what Go's messages call it ("int32", "v1.RestartPolicy", "[]v1.Container")
//	x-proto  "NUMBER TYPE" for protobuf, absent where that has no such field (proto.go)
//
// generate.py runs it. Kubernetes' server decodes built-in kinds into these structs, so they decide
// which values are of the wrong type, which empty ones disappear and which absent ones turn up.
package main

import (
	"encoding/json"
	"log"
	"os"
	"reflect"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	batchv1 "k8s.io/api/batch/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// definition is the name of a type in the API server's OpenAPI documents: its package path, the host
// turned round.
func definition(t reflect.Type) string {
	host, path, _ := strings.Cut(t.PkgPath(), "/")
	parts := strings.Split(host, ".")
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, ".") + "." + strings.ReplaceAll(path, "/", ".") + "." + t.Name()
}

// What is known of a field: "x-go" and "x-proto".
type fieldFacts map[string]string

type facts map[string]map[string]fieldFacts

func (f facts) walk(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		f.walk(t.Elem())
	case reflect.Struct:
		marshaler := reflect.TypeFor[json.Marshaler]()
		if f[definition(t)] != nil || t.Implements(marshaler) || reflect.PointerTo(t).Implements(marshaler) {
			return
		}
		fields := map[string]fieldFacts{}
		f[definition(t)] = fields
		f.fields(t, "", fields)
	}
}

// inside is the number of the message that holds the fields of t where JSON holds none; mostly empty.
func (f facts) fields(t reflect.Type, inside string, fields map[string]fieldFacts) {
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" && field.Anonymous {
			f.fields(field.Type, within(inside, field), fields)
			continue
		}
		if name == "" || name == "-" {
			continue
		}
		flags, inner := "", field.Type
		if strings.Contains(options, "omitempty") {
			flags += "e"
		}
		if strings.Contains(options, "omitzero") {
			flags += "z"
		}
		if inner.Kind() == reflect.Pointer {
			flags, inner = flags+"p", inner.Elem()
		}
		fields[name] = fieldFacts{"x-go": flags + " " + inner.String()}
		if proto := protoFact(inside, field); proto != "" {
			fields[name]["x-proto"] = proto
		}
		f.walk(inner)
	}
}

func main() {
	all := facts{}
	for _, object := range []any{
		appsv1.ControllerRevision{}, authorizationv1.SelfSubjectAccessReview{}, authorizationv1.SelfSubjectRulesReview{},
		batchv1.Job{}, coordinationv1.Lease{}, corev1.Binding{}, corev1.ConfigMap{}, corev1.Event{},
		corev1.Namespace{}, corev1.Pod{}, corev1.Secret{}, eventsv1.Event{}, metav1.DeleteOptions{}, metav1.ObjectMeta{},
		policyv1.Eviction{},
	} {
		all.walk(reflect.TypeOf(object))
	}
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		log.Fatal(err)
	}
}
