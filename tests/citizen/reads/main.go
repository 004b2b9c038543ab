// Asks what kstatus and Argo CD's Lua make of objects that lie in files.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
	"sigs.k8s.io/yaml"
)

const usage = `reads status FILE...     what kstatus makes of each recorded object
reads health FOLDER...   what the health script of each makes of its test data, and what it is to make of it
Every answer is a line of JSON.
`

// Answer is what is said of one object.
type Answer struct {
	Object  string `json:"object"`
	Status  string `json:"status"`
	Message string `json:"message"`
	Wanted  string `json:"wanted,omitempty"`
}

func say(answer Answer) {
	line, err := json.Marshal(answer)
	if err != nil {
		fail(err)
	}
	fmt.Println(string(line))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "reads:", err)
	os.Exit(2)
}

func read(path string) (*unstructured.Unstructured, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	asJSON, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	// By the decoder that a client of the API server has: whole numbers are int64, not float64.
	obj := &unstructured.Unstructured{}
	if err := obj.UnmarshalJSON(asJSON); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return obj, nil
}

func tellStatus(paths []string) error {
	for _, path := range paths {
		obj, err := read(path)
		if err != nil {
			return err
		}
		result, err := status.Compute(obj)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		say(Answer{Object: path, Status: string(result.Status), Message: result.Message})
	}
	return nil
}

// A health_test.yaml, as Argo CD lays it out.
type healthTests struct {
	Tests []struct {
		HealthStatus struct {
			Status  string `json:"status"`
			Message string `json:"message"`
		} `json:"healthStatus"`
		InputPath string `json:"inputPath"`
	} `json:"tests"`
}

func tellHealth(folders []string) error {
	for _, folder := range folders {
		script, err := os.ReadFile(filepath.Join(folder, "health.lua"))
		if err != nil {
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, "health_test.yaml"))
		if err != nil {
			return err
		}
		var wanted healthTests
		if err := yaml.UnmarshalStrict(text, &wanted); err != nil {
			return err
		}
		for _, test := range wanted.Tests {
			path := filepath.Join(folder, test.InputPath)
			obj, err := read(path)
			if err != nil {
				return err
			}
			health, message, err := healthOf(obj, string(script))
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			of := test.HealthStatus
			say(Answer{path, health + ": " + message, "", of.Status + ": " + of.Message})
		}
	}
	return nil
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	var err error
	switch args := os.Args[2:]; os.Args[1] {
	case "status":
		err = tellStatus(args)
	case "health":
		err = tellHealth(args)
	default:
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	if err != nil {
		fail(err)
	}
}
