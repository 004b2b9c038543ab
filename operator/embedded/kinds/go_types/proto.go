package main

import (
	"log"
	"reflect"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Messages whose JSON is not that of a message.
var special = map[reflect.Type]string{
	reflect.TypeFor[metav1.Duration]():      "duration",
	reflect.TypeFor[metav1.FieldsV1]():      "raw",
	reflect.TypeFor[metav1.MicroTime]():     "microtime",
	reflect.TypeFor[metav1.Time]():          "time",
	reflect.TypeFor[resource.Quantity]():    "quantity",
	reflect.TypeFor[runtime.RawExtension](): "raw",
	reflect.TypeFor[intstr.IntOrString]():   "int-or-string",
}

// number is the field's number, empty where protobuf does not have it.
func number(field reflect.StructField) string {
	for i, part := range strings.Split(field.Tag.Get("protobuf"), ",") {
		if _, err := strconv.ParseUint(part, 10, 32); i == 1 && err == nil {
			return part
		}
	}
	return ""
}

// What `inside` is for the fields of a struct that protobuf leaves out: TypeMeta.
const nowhere = "-"

// within is `inside` for the fields of an embedded struct, which to protobuf is a field as any other.
func within(inside string, embedded reflect.StructField) string {
	if inside != "" {
		log.Fatalf("%s is a message inside a message inside a message that JSON has in one", embedded.Name)
	}
	if own := number(embedded); own != "" {
		return own
	}
	return nowhere
}

// protoFact is "NUMBER TYPE": NUMBER is "2.1" where field 2 is a message that JSON does not have and 1 a field
// of that; TYPE may begin with "[]" or "map ". The Go type says what is on the wire; the first word of the tag,
// which nobody reads, is wrong here and there.
func protoFact(inside string, field reflect.StructField) string {
	own := number(field)
	if own == "" || inside == nowhere {
		return ""
	}
	if inside != "" {
		own = inside + "." + own
	}
	return own + " " + protoType(field.Type)
}

func protoType(t reflect.Type) string {
	if name, ok := special[t]; ok {
		return name
	}
	_, ownMessage := reflect.PointerTo(t).MethodByName("Unmarshal")
	switch t.Kind() {
	case reflect.Pointer:
		return protoType(t.Elem())
	case reflect.Bool, reflect.Int32, reflect.Int64, reflect.String:
		return t.Kind().String()
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		if !ownMessage {
			return "[]" + protoType(t.Elem())
		}
	case reflect.Map:
		if !ownMessage && t.Key().Kind() == reflect.String {
			return "map " + protoType(t.Elem())
		}
	case reflect.Struct:
		if ownMessage {
			return "message"
		}
	}
	log.Fatalf("no word for %s in protobuf", t)
	return ""
}
