// Prints how Kubernetes' Go types travel as protobuf: which number is which field of the JSON form, and
// of which type. generate.py writes it to messages.txt; the format is described in messages.hpp.
package main

import (
	"fmt"
	"log"
	"reflect"
	"sort"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	batchv1 "k8s.io/api/batch/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Types with a wire form of their own.
var special = map[reflect.Type]string{
	reflect.TypeFor[metav1.Time]():          "time",
	reflect.TypeFor[metav1.MicroTime]():     "microtime",
	reflect.TypeFor[resource.Quantity]():    "quantity",
	reflect.TypeFor[intstr.IntOrString]():   "intorstring",
	reflect.TypeFor[runtime.RawExtension](): "raw",
	reflect.TypeFor[metav1.FieldsV1]():      "raw",
}

type table map[string][]string

func name(t reflect.Type) string {
	path := strings.TrimPrefix(strings.TrimPrefix(t.PkgPath(), "k8s.io/api/"), "k8s.io/apimachinery/pkg/apis/")
	return strings.ReplaceAll(path, "/", ".") + "." + t.Name()
}

// value is what the table calls the type of one value.
func (m table) value(t reflect.Type) string {
	if word, ok := special[t]; ok {
		return word
	}
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Int32, reflect.Int64:
		return "int"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		if t.Elem().Kind() == reflect.String { // a list that is a message of its own (ExtraValue)
			return "strings"
		}
	case reflect.Struct:
		m.add(t)
		return name(t)
	}
	log.Fatalf("no word for %v", t)
	return ""
}


func (m table) add(t reflect.Type) {
	if _, ok := m[name(t)]; ok {
		return
	}
	m[name(t)] = nil
	var lines []string
	for i := range t.NumField() {
		field := t.Field(i)
		tag := strings.Split(field.Tag.Get("protobuf"), ",")
		json, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if len(tag) < 2 {
			continue
		}
		inner, shape := field.Type, "one"
		switch {
		case inner.Kind() == reflect.Pointer:
			inner, shape = inner.Elem(), "optional"
		case inner.Kind() == reflect.Map:
			inner, shape = inner.Elem(), "map"
		case inner.Kind() == reflect.Slice && inner.Elem().Kind() != reflect.Uint8:
			inner, shape = inner.Elem(), "list"
		}
		if json == "" {
			json, shape = "-", "inline"
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %s", tag[1], json, shape, m.value(inner)))
	}
	m[name(t)] = lines
}

func main() {
	messages := table{}
	var roots []string
	for _, root := range []struct {
		version string
		object  any
	}{
		{"v1", corev1.Binding{}}, {"v1", corev1.ConfigMap{}}, {"v1", corev1.Event{}}, {"v1", corev1.Namespace{}},
		{"v1", corev1.Pod{}}, {"v1", corev1.Secret{}}, {"apps/v1", appsv1.ControllerRevision{}},
		{"authentication.k8s.io/v1", authenticationv1.SelfSubjectReview{}},
		{"authorization.k8s.io/v1", authorizationv1.SelfSubjectAccessReview{}},
		{"authorization.k8s.io/v1", authorizationv1.SelfSubjectRulesReview{}},
		{"batch/v1", batchv1.Job{}}, {"coordination.k8s.io/v1", coordinationv1.Lease{}},
		{"events.k8s.io/v1", eventsv1.Event{}}, {"*", metav1.DeleteOptions{}},
	} {
		t := reflect.TypeOf(root.object)
		messages.add(t)
		roots = append(roots, fmt.Sprintf("%s %s %s", root.version, t.Name(), name(t)))
	}
	for _, root := range roots {
		fmt.Println("root", root)
	}
	names := make([]string, 0, len(messages))
	for each := range messages {
		names = append(names, each)
	}
	sort.Strings(names)
	for _, each := range names {
		fmt.Println("message", each)
		for _, line := range messages[each] {
			fmt.Println(line)
		}
	}
}
