package gauge

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheProxyPassesOnAndCountsRequestsErrorsAndBytes(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the client's token reached the API server")
		}
		body, _ := io.ReadAll(r.Body)
		if strings.HasSuffix(r.URL.Path, "/missing") {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = w.Write(append([]byte("got "), body...))
	}))
	defer server.Close()
	proxy, err := StartProxy(server.URL, http.DefaultTransport)
	if err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	if err := proxy.WriteKubeconfig(filepath.Join(t.TempDir(), "kubeconfig")); err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(proxy.ca)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}}
	send := func(method, path, body string) string {
		request, _ := http.NewRequest(method, proxy.address+path, strings.NewReader(body))
		request.Header.Set("Authorization", "Bearer x")
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		return string(text)
	}
	if got := send("POST", "/apis/batch/v1/namespaces/x/jobs", "a job"); got != "got a job" {
		t.Fatalf("answer %q", got)
	}
	send("GET", "/apis/batch/v1/namespaces/x/jobs/missing", "")

	traffic := proxy.Traffic()
	create := Request{Verb: "POST", Group: "batch", Resource: "jobs"}
	get := Request{Verb: "GET", Group: "batch", Resource: "jobs"}
	if traffic.Requests[create] != 1 || traffic.Requests[get] != 1 {
		t.Errorf("requests %v", traffic.Requests)
	}
	if traffic.Errors[create] != 0 || traffic.Errors[get] != 1 {
		t.Errorf("errors %v", traffic.Errors)
	}
	if traffic.Sent[create] != int64(len("a job")) || traffic.Received[create] != int64(len("got a job")) {
		t.Errorf("sent %v, received %v", traffic.Sent, traffic.Received)
	}
}
