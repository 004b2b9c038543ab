// Holds `ork eval` against the conformance cases of the CEL specification.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"sort"
	"strings"

	_ "cel.dev/expr/conformance/proto2"
	_ "cel.dev/expr/conformance/proto3"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// Answer is what ork says of a case.
type Answer struct {
	Value any    `json:"value"`
	Type  string `json:"type"`
	Error string `json:"-"`
}

func ask(ork string, c Case) Answer {
	variables := must(os.CreateTemp("", "ork-cel-*.json"))
	defer os.Remove(variables.Name())
	must(variables.WriteString(c.Variables))
	variables.Close()
	var out, failure bytes.Buffer
	command := exec.Command(ork, "eval", "--vars", variables.Name(), "-o", "json", "--", c.Expression)
	command.Stdout, command.Stderr = &out, &failure
	if err := command.Run(); err != nil {
		return Answer{Error: strings.TrimSpace(failure.String()) + " (" + err.Error() + ")"}
	}
	var answer Answer
	decoder := json.NewDecoder(&out)
	decoder.UseNumber()
	if err := decoder.Decode(&answer); err != nil {
		return Answer{Error: "no JSON: " + err.Error()}
	}
	return answer
}

// Numbers compare by what they are worth.
func normal(v any) any {
	switch k := v.(type) {
	case json.Number:
		if f, err := k.Float64(); err == nil && strings.ContainsAny(k.String(), ".eE") {
			return normal(f)
		}
		return k.String()
	case float64:
		if k == float64(int64(k)) && k > -1e15 && k < 1e15 {
			return fmt.Sprint(int64(k))
		}
		return k
	case []any:
		out := []any{}
		for _, item := range k {
			out = append(out, normal(item))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for key, item := range k {
			out[key] = normal(item)
		}
		return out
	}
	return v
}

func same(a, b any) bool { return reflect.DeepEqual(normal(a), normal(b)) }

func main() {
	ork := flag.String("ork", "build/ork", "the binary to ask")
	only := flag.String("only", "", "cases whose name contains this")
	list := flag.Bool("list", false, "print the cases, and ask nothing")
	flag.Parse()
	cases, left, err := readCases()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	passed, failed := 0, 0
	for _, c := range cases {
		if !strings.Contains(c.Name, *only) {
			continue
		}
		if *list {
			fmt.Println(string(must(json.Marshal(c))))
			continue
		}
		answer := ask(*ork, c)
		wrong := ""
		switch {
		case c.Fails && answer.Error == "":
			wrong = fmt.Sprintf("gives %v, and has to fail", answer.Value)
		case !c.Fails && answer.Error != "":
			wrong = "fails: " + answer.Error
		case !c.Fails && (answer.Type != c.Type || !same(answer.Value, c.Value)):
			wrong = fmt.Sprintf("gives %s %v, not %s %v", answer.Type, answer.Value, c.Type, c.Value)
		}
		if wrong == "" {
			passed++
			continue
		}
		failed++
		fmt.Printf("%s\n  %s\n  %s\n", c.Name, c.Expression, wrong)
	}
	var reasons []string
	for reason, count := range left {
		reasons = append(reasons, fmt.Sprintf("%d %s", count, reason))
	}
	sort.Strings(reasons)
	fmt.Printf("%d passed, %d failed; outside the language: %s\n", passed, failed, strings.Join(reasons, ", "))
	if failed > 0 {
		os.Exit(1)
	}
}
