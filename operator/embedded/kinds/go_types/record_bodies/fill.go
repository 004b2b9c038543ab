package main

import (
	"fmt"
	"log"
	"reflect"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// filler sets every field of an object to a value of its own, counted so that no two are the same. With zeros,
// everything that can be there is (pointers, one item of each list and map), and holds the zero value.
type filler struct {
	zeros bool
	count int64
}

func filled(object runtime.Object, zeros bool) runtime.Object {
	f := &filler{zeros: zeros}
	// A Job's template is a Pod's spec once more.
	f.fill(reflect.ValueOf(object).Elem(), reflect.TypeOf(object).Elem().Name() == "Job")
	return object
}

func (f *filler) next() int64 {
	f.count++
	return f.count
}

var texts = []string{"a", "ü", "a\"b\\c\n", "<&>", "日本", "😀"}

func (f *filler) special(v reflect.Value) bool {
	n := f.count + 1
	var value any
	switch v.Interface().(type) {
	case metav1.TypeMeta:
		return true
	case metav1.Time:
		value = metav1.Unix(1700000000+n, 123456789)
	case metav1.MicroTime:
		value = metav1.MicroTime{Time: time.Unix(1700000000+n, 1234567*n)}
	case resource.Quantity:
		value = resource.MustParse([]string{"1500m", "2Gi", "1e3", "0.25"}[n%4])
	case intstr.IntOrString:
		value = []intstr.IntOrString{intstr.FromInt32(-8080), intstr.FromString("10%")}[n%2]
	case runtime.RawExtension:
		value = runtime.RawExtension{Raw: fmt.Appendf(nil, `{"b": [%d, null, {"a": 1.5}], "a": {}}`, n)}
	case metav1.FieldsV1:
		value = metav1.FieldsV1{Raw: []byte(`{"f:metadata":{"f:labels":{".":{},"f:a":{}}}}`)}
	default:
		return false
	}
	raw := v.Type() == reflect.TypeFor[metav1.FieldsV1]() || v.Type() == reflect.TypeFor[runtime.RawExtension]()
	if !f.zeros || raw {
		f.next()
		v.Set(reflect.ValueOf(value))
	}
	return true
}

func (f *filler) fill(v reflect.Value, withoutPods bool) {
	if f.special(v) || (withoutPods && v.Type() == reflect.TypeFor[corev1.PodSpec]()) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i), withoutPods)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), withoutPods)
	case reflect.Slice:
		f.slice(v, withoutPods)
	case reflect.Map:
		f.entries(v, withoutPods)
	default:
		f.scalar(v)
	}
}

func (f *filler) slice(v reflect.Value, withoutPods bool) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		if !f.zeros {
			v.SetBytes([]byte{0, 255, byte(f.next())})
		}
		return
	}
	length := 1
	if !f.zeros && v.Type().Elem().Kind() != reflect.Struct {
		length = 2
	}
	v.Set(reflect.MakeSlice(v.Type(), length, length))
	for i := range length {
		f.fill(v.Index(i), withoutPods)
	}
}

func (f *filler) entries(v reflect.Value, withoutPods bool) {
	v.Set(reflect.MakeMap(v.Type()))
	for i := range 2 {
		if f.zeros && i > 0 {
			return
		}
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(key, withoutPods)
		f.fill(value, withoutPods)
		v.SetMapIndex(key, value)
	}
}

func (f *filler) scalar(v reflect.Value) {
	if f.zeros {
		return
	}
	n := f.next()
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32:
		v.SetInt(n * []int64{1, -1, 1_000_000}[n%3])
	case reflect.Int64:
		v.SetInt(n * []int64{1, -1, 1_000_000_000_000}[n%3])
	case reflect.String:
		v.SetString(fmt.Sprint(texts[n%int64(len(texts))], n))
	default:
		log.Fatalf("nothing to fill a %s with", v.Type())
	}
}
