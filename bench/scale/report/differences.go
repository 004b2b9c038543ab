package report

import (
	"fmt"
	"sort"
)

// Set by the API server or the Job controller on every Job, whoever made it; or different by necessity.
var setByServer = map[string]bool{
	"spec.completions": true, "spec.parallelism": true, "spec.completionMode": true, "spec.backoffLimit": true, "spec.selector": true,
	"spec.suspend": true, "spec.manualSelector": true, "spec.podReplacementPolicy": true,
	"spec.template.metadata.creationTimestamp":                         true,
	"spec.template.metadata.labels.controller-uid":                     true,
	"spec.template.metadata.labels.job-name":                           true,
	"spec.template.metadata.labels.batch.kubernetes.io/job-name":       true,
	"spec.template.metadata.labels.batch.kubernetes.io/controller-uid": true,
	"spec.template.spec.dnsPolicy":                                     true,
	"spec.template.spec.schedulerName":                                 true,
	"spec.template.spec.securityContext":                               true,
	"spec.template.spec.terminationGracePeriodSeconds":                 true,
	"spec.template.spec.containers[0].resources":                       true,
	"spec.template.spec.containers[0].imagePullPolicy":                 true,
	"spec.template.spec.containers[0].terminationMessagePath":          true,
	"spec.template.spec.containers[0].terminationMessagePolicy":        true,
}

// Differences names the fields that only one of two Job specs has. Values are not compared: names and uids differ.
func Differences(raw, ork map[string]any) []string {
	rawPaths, orkPaths := map[string]bool{}, map[string]bool{}
	paths("spec", raw, rawPaths)
	paths("spec", ork, orkPaths)
	var found []string
	for path := range rawPaths {
		if !orkPaths[path] && !setByServer[path] {
			found = append(found, path+" (floor only)")
		}
	}
	for path := range orkPaths {
		if !rawPaths[path] && !setByServer[path] {
			found = append(found, path+" (ork only)")
		}
	}
	sort.Strings(found)
	return found
}

// paths collects the leaves. Environment variables are told apart by name, other lists by position.
func paths(at string, value any, into map[string]bool) {
	if setByServer[at] {
		return
	}
	switch value := value.(type) {
	case map[string]any:
		for key, child := range value {
			paths(at+"."+key, child, into)
		}
	case []any:
		for i, child := range value {
			step := fmt.Sprintf("[%d]", i)
			if entry, ok := child.(map[string]any); ok && len(at) > 4 && at[len(at)-4:] == ".env" {
				into[fmt.Sprintf("%s[%v]", at, entry["name"])] = true
				continue
			}
			paths(at+step, child, into)
		}
	case nil:
	default:
		into[at] = true
	}
}
