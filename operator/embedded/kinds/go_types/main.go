// Prints how Go's encoding/json sees the built-in kinds: what OpenAPI does not tell. One JSON object:
// definition name -> field -> "FLAGS TYPE", where FLAGS holds e (omitempty), z (omitzero), p (pointer),
// and TYPE is what Go's messages call it ("int32", "v1.RestartPolicy", "[]v1.Container").
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
	batchv1 "k8s.io/api/batch/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
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

type facts map[string]map[string]string

func (f facts) walk(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		f.walk(t.Elem())
	case reflect.Struct:
		marshaler := reflect.TypeFor[json.Marshaler]()
		if f[definition(t)] != nil || t.Implements(marshaler) || reflect.PointerTo(t).Implements(marshaler) {
			return
		}
		fields := map[string]string{}
		f[definition(t)] = fields
		f.fields(t, fields)
	}
}

func (f facts) fields(t reflect.Type, fields map[string]string) {
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" && field.Anonymous {
			f.fields(field.Type, fields)
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
		fields[name] = flags + " " + inner.String()
		f.walk(inner)
	}
}

func main() {
	all := facts{}
	for _, object := range []any{
		appsv1.ControllerRevision{}, batchv1.Job{}, coordinationv1.Lease{}, corev1.ConfigMap{}, corev1.Event{},
		corev1.Namespace{}, corev1.Pod{}, corev1.Secret{}, eventsv1.Event{}, metav1.ObjectMeta{},
	} {
		all.walk(reflect.TypeOf(object))
	}
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		log.Fatal(err)
	}
}
