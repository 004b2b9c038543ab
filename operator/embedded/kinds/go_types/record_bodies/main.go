// Prints bodies of requests in protobuf beside the JSON of the same objects, both from Kubernetes' own Go types:
// one JSON object, name -> {"body": base64, "object": JSON}. Its input names further bodies (name -> base64),
// which it decodes as an API server does.
//
// operator/embedded/protobuf/testdata/record.py runs it.
package main

import (
	"bytes"
	"encoding/json"
	"log"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	batchv1 "k8s.io/api/batch/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
)

type recording struct {
	Body   []byte          `json:"body"`
	Object json.RawMessage `json:"object"`
}

type recorder struct {
	scheme     *runtime.Scheme
	serializer runtime.Serializer
	recordings map[string]recording
}

func newRecorder() *recorder {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		appsv1.AddToScheme, authorizationv1.AddToScheme, batchv1.AddToScheme, coordinationv1.AddToScheme,
		corev1.AddToScheme, eventsv1.AddToScheme, policyv1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			log.Fatal(err)
		}
	}
	return &recorder{scheme, protobuf.NewSerializer(scheme, scheme), map[string]recording{}}
}

// body records what an API server reads from `body`.
func (r *recorder) body(name string, body []byte) {
	object, kind, err := r.serializer.Decode(body, nil, nil)
	if err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	object.GetObjectKind().SetGroupVersionKind(*kind)
	text, err := json.Marshal(object)
	if err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	r.recordings[name] = recording{body, text}
}

// object records `object` as a typed client sends it.
func (r *recorder) object(name string, object runtime.Object) {
	kinds, _, err := r.scheme.ObjectKinds(object)
	if err != nil {
		log.Fatal(err)
	}
	object.GetObjectKind().SetGroupVersionKind(kinds[0])
	var out bytes.Buffer
	if err := r.serializer.Encode(object, &out); err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	r.body(name, out.Bytes())
}

func main() {
	further := map[string][]byte{}
	if err := json.NewDecoder(os.Stdin).Decode(&further); err != nil {
		log.Fatal(err)
	}
	r := newRecorder()
	for name, body := range further {
		r.body(name, body)
	}
	for name, make := range map[string]func() runtime.Object{
		"configmap":                  func() runtime.Object { return &corev1.ConfigMap{} },
		"controllerrevision":         func() runtime.Object { return &appsv1.ControllerRevision{} },
		"binding":                    func() runtime.Object { return &corev1.Binding{} },
		"deleteoptions":              func() runtime.Object { return &metav1.DeleteOptions{} },
		"event":                      func() runtime.Object { return &corev1.Event{} },
		"event_of_events_k8s_io":     func() runtime.Object { return &eventsv1.Event{} },
		"eviction":                   func() runtime.Object { return &policyv1.Eviction{} },
		"job":                        func() runtime.Object { return &batchv1.Job{} },
		"lease":                      func() runtime.Object { return &coordinationv1.Lease{} },
		"namespace":                  func() runtime.Object { return &corev1.Namespace{} },
		"pod":                        func() runtime.Object { return &corev1.Pod{} },
		"secret":                     func() runtime.Object { return &corev1.Secret{} },
		"self_subject_access_review": func() runtime.Object { return &authorizationv1.SelfSubjectAccessReview{} },
		"self_subject_rules_review":  func() runtime.Object { return &authorizationv1.SelfSubjectRulesReview{} },
	} {
		r.object(name+"_empty", make())
		r.object(name+"_zeros", filled(make(), true))
		r.object(name+"_full", filled(make(), false))
	}
	if err := json.NewEncoder(os.Stdout).Encode(r.recordings); err != nil {
		log.Fatal(err)
	}
}
