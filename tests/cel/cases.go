package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"cel.dev/expr"
	"cel.dev/expr/conformance/test"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Case is one conformance case as ork can be asked: an expression, and what it is worth.
type Case struct {
	Name       string
	Expression string
	Variables  string // JSON
	Value      any    // as `ork eval -o json` prints it; nil with Fails
	Type       string
	Fails      bool
}

// Reads every case of the specification that needs no protocol buffer message; counts the others by reason.
func readCases() ([]Case, map[string]int, error) {
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "cel.dev/expr").Output()
	if err != nil {
		return nil, nil, fmt.Errorf("where is module cel.dev/expr? %w", err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(folder)), "tests/simple/testdata/*.textproto"))
	if err != nil || len(files) == 0 {
		return nil, nil, fmt.Errorf("the specification has no cases: %v", err)
	}
	var cases []Case
	left := map[string]int{}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, nil, err
		}
		var file test.SimpleTestFile
		if err := (prototext.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(text, &file); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		for _, section := range file.Section {
			for _, t := range section.Test {
				name := file.Name + "/" + section.Name + "/" + t.Name
				c, reason := convert(name, t)
				if reason != "" {
					left[reason]++
					continue
				}
				cases = append(cases, c)
			}
		}
	}
	return cases, left, nil
}

// What an expression may not mention, and why.
var outside = []struct{ text, reason string }{
	{"TestAllTypes", "messages"}, {"TestRequired", "messages"},
	{"GlobalEnum", "messages"}, {"proto.", "messages"},
	{"Value{", "messages"}, {"Any{", "messages"}, {"Struct{", "messages"},
	{"Timestamp{", "messages"}, {"Duration{", "messages"}, {"cel.block", "cel.block"}, {"cel.index", "cel.block"},
}

func convert(name string, t *test.SimpleTest) (Case, string) {
	c := Case{Name: name, Expression: t.Expr, Variables: "{}"}
	for _, o := range outside {
		if strings.Contains(t.Expr, o.text) {
			return c, o.reason
		}
	}
	if strings.HasPrefix(name, "block_ext/") {
		return c, "cel.block"
	}
	if strings.HasPrefix(name, "network_ext/") {
		return c, "network extension"
	}
	if strings.Contains(t.Expr, "\x00") {
		return c, "NUL, which no argument holds"
	}
	if t.CheckOnly {
		return c, "types only"
	}
	if t.Container != "" && strings.Contains(t.Container, "conformance") && len(t.TypeEnv) > 0 {
		return c, "messages"
	}
	variables := map[string]any{}
	for key, value := range t.Bindings {
		literal, ok := literalOf(value.GetValue())
		if !ok {
			return c, "messages"
		}
		if strings.ContainsAny(key, ".") || key == "true" || key == "false" || key == "null" || t.Container != "" {
			plain, _, ok := plainOf(value.GetValue())
			if !ok {
				return c, "messages"
			}
			variables[key] = plain
			continue
		}
		c.Expression = fmt.Sprintf("cel.bind(%s, %s, %s)", key, literal, c.Expression)
	}
	text, _ := json.Marshal(variables)
	c.Variables = string(text)
	if t.Container != "" && len(t.Bindings) > 0 {
		return c, "containers"
	}
	switch matcher := t.ResultMatcher.(type) {
	case nil:
		c.Value, c.Type = true, "bool"
	case *test.SimpleTest_Value:
		value, kind, ok := plainOf(matcher.Value)
		if !ok {
			return c, "messages"
		}
		c.Value, c.Type = value, kind
	case *test.SimpleTest_TypedResult:
		if matcher.TypedResult.Result == nil {
			return c, "types only"
		}
		value, kind, ok := plainOf(matcher.TypedResult.Result)
		if !ok {
			return c, "messages"
		}
		c.Value, c.Type = value, kind
	case *test.SimpleTest_EvalError, *test.SimpleTest_AnyEvalErrors:
		c.Fails = true
	default:
		return c, "unknowns"
	}
	return c, ""
}

func doubleOf(d float64) any {
	switch {
	case math.IsNaN(d):
		return "NaN"
	case math.IsInf(d, 1):
		return "Infinity"
	case math.IsInf(d, -1):
		return "-Infinity"
	}
	return d
}

// A value as ork prints it, and its type.
func plainOf(v *expr.Value) (any, string, bool) {
	switch k := v.GetKind().(type) {
	case *expr.Value_NullValue:
		return nil, "null_type", true
	case *expr.Value_BoolValue:
		return k.BoolValue, "bool", true
	case *expr.Value_Int64Value:
		return json.Number(strconv.FormatInt(k.Int64Value, 10)), "int", true
	case *expr.Value_Uint64Value:
		return json.Number(strconv.FormatUint(k.Uint64Value, 10)), "uint", true
	case *expr.Value_DoubleValue:
		return doubleOf(k.DoubleValue), "double", true
	case *expr.Value_StringValue:
		return k.StringValue, "string", true
	case *expr.Value_BytesValue:
		return base64.StdEncoding.EncodeToString(k.BytesValue), "bytes", true
	case *expr.Value_TypeValue:
		return k.TypeValue, "type", true
	case *expr.Value_ListValue:
		out := []any{}
		for _, item := range k.ListValue.Values {
			plain, _, ok := plainOf(item)
			if !ok {
				return nil, "", false
			}
			out = append(out, plain)
		}
		return out, "list", true
	case *expr.Value_MapValue:
		out := map[string]any{}
		for _, entry := range k.MapValue.Entries {
			key, _, ok := plainOf(entry.Key)
			value, _, fine := plainOf(entry.Value)
			if !ok || !fine {
				return nil, "", false
			}
			text := fmt.Sprint(key)
			out[text] = value
		}
		return out, "map", true
	case *expr.Value_ObjectValue:
		return plainMessage(k.ObjectValue)
	}
	return nil, "", false
}

func plainMessage(any *anypb.Any) (any, string, bool) {
	message, err := any.UnmarshalNew()
	if err != nil {
		return nil, "", false
	}
	switch m := message.(type) {
	case *durationpb.Duration:
		return durationText(m), "google.protobuf.Duration", true
	case *timestamppb.Timestamp:
		return m.AsTime().Format("2006-01-02T15:04:05.999999999Z"), "google.protobuf.Timestamp", true
	}
	return nil, "", false
}

func durationText(d *durationpb.Duration) string {
	text := strings.Trim(string(must(protojson.Marshal(d))), `"`)
	// protojson pads to 3, 6 or 9 digits.
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimSuffix(text, "s"), "0") + "s"
	}
	return text
}

// A value as an expression.
func literalOf(v *expr.Value) (string, bool) {
	switch k := v.GetKind().(type) {
	case *expr.Value_NullValue:
		return "null", true
	case *expr.Value_BoolValue:
		return strconv.FormatBool(k.BoolValue), true
	case *expr.Value_Int64Value:
		return strconv.FormatInt(k.Int64Value, 10), true
	case *expr.Value_Uint64Value:
		return strconv.FormatUint(k.Uint64Value, 10) + "u", true
	case *expr.Value_DoubleValue:
		return fmt.Sprintf("double(%s)", strconv.Quote(strconv.FormatFloat(k.DoubleValue, 'g', -1, 64))), true
	case *expr.Value_StringValue:
		return strconv.Quote(k.StringValue), true
	case *expr.Value_BytesValue:
		text := "b'"
		for _, b := range k.BytesValue {
			text += fmt.Sprintf(`\x%02x`, b)
		}
		return text + "'", true
	case *expr.Value_ListValue:
		var items []string
		for _, item := range k.ListValue.Values {
			text, ok := literalOf(item)
			if !ok {
				return "", false
			}
			items = append(items, text)
		}
		return "[" + strings.Join(items, ", ") + "]", true
	case *expr.Value_MapValue:
		var items []string
		for _, entry := range k.MapValue.Entries {
			key, ok := literalOf(entry.Key)
			value, fine := literalOf(entry.Value)
			if !ok || !fine {
				return "", false
			}
			items = append(items, key+": "+value)
		}
		return "{" + strings.Join(items, ", ") + "}", true
	case *expr.Value_ObjectValue:
		plain, kind, ok := plainMessage(k.ObjectValue)
		switch {
		case ok && kind == "google.protobuf.Duration":
			return fmt.Sprintf("duration(%q)", plain), true
		case ok:
			return fmt.Sprintf("timestamp(%q)", plain), true
		}
	}
	return "", false
}
