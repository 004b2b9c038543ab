package gauge

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"sync"
	"time"
)

// Traffic is what went through a Proxy.
type Traffic struct {
	Requests Counts
	Errors   Counts // answered with 400 or above, or not at all
	Sent     Counts // bytes of bodies towards the API server, by kind of request
	Received Counts // bytes of bodies from it
}

// Proxy stands between the operator and the API server and counts every request exactly, watches when they are
// opened. It costs time, so nothing is timed through it.
type Proxy struct {
	server  *http.Server
	address string
	ca      []byte

	lock    sync.Mutex
	traffic Traffic
}

// StartProxy listens on a free port of this machine and passes on to the API server at `target`; `transport`
// is how to talk to that one, credentials included.
func StartProxy(target string, transport http.RoundTripper) (*Proxy, error) {
	to, err := url.Parse(target)
	if err != nil {
		return nil, err
	}
	certificate, ca, err := selfSigned()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{address: "https://" + listener.Addr().String(), ca: ca}
	p.Reset()
	pass := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Header.Del("Authorization") },
		Transport:     p.counted(transport),
		FlushInterval: -1, // watches: each event at once
		ErrorLog:      log.New(io.Discard, "", 0),
	}
	p.server = &http.Server{
		Handler:           pass,
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{certificate}},
		ErrorLog:          log.New(io.Discard, "", 0),
		ReadHeaderTimeout: time.Minute,
	}
	go func() { _ = p.server.ServeTLS(listener, "", "") }()
	return p, nil
}

// Close ends the proxy and all that goes through it.
func (p *Proxy) Close() { _ = p.server.Close() }

// WriteKubeconfig makes a file by which a client finds the proxy instead of the API server.
func (p *Proxy) WriteKubeconfig(path string) error {
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: proxy
contexts: [{name: proxy, context: {cluster: proxy, user: proxy}}]
clusters: [{name: proxy, cluster: {server: %q, certificate-authority-data: %s}}]
users: [{name: proxy, user: {token: passed-on-as-the-bench}}]
`, p.address, base64.StdEncoding.EncodeToString(p.ca))
	return os.WriteFile(path, []byte(text), 0o600)
}

// Reset starts counting from nothing.
func (p *Proxy) Reset() {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.traffic = newTraffic()
}

// Traffic is a copy of what was counted since Reset.
func (p *Proxy) Traffic() Traffic {
	p.lock.Lock()
	defer p.lock.Unlock()
	t := newTraffic()
	t.Requests.plus(p.traffic.Requests)
	t.Errors.plus(p.traffic.Errors)
	t.Sent.plus(p.traffic.Sent)
	t.Received.plus(p.traffic.Received)
	return t
}

func newTraffic() Traffic {
	return Traffic{Requests: Counts{}, Errors: Counts{}, Sent: Counts{}, Received: Counts{}}
}

func (p *Proxy) add(count func(*Traffic)) {
	p.lock.Lock()
	defer p.lock.Unlock()
	count(&p.traffic)
}

func (p *Proxy) counted(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(request *http.Request) (*http.Response, error) {
		kind := Classify(request.Method, request.URL, request.Header)
		p.add(func(t *Traffic) { t.Requests[kind]++ })
		if request.Body != nil {
			request.Body = &countedBody{request.Body, func(n int64) { p.add(func(t *Traffic) { t.Sent[kind] += n }) }}
		}
		response, err := next.RoundTrip(request)
		if err != nil {
			if !errors.Is(err, context.Canceled) { // the client went away: a watch that it closed
				p.add(func(t *Traffic) { t.Errors[kind]++ })
			}
			return nil, err
		}
		if response.StatusCode >= 400 {
			p.add(func(t *Traffic) { t.Errors[kind]++ })
		}
		response.Body = &countedBody{response.Body, func(n int64) { p.add(func(t *Traffic) { t.Received[kind] += n }) }}
		return response, nil
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

type countedBody struct {
	io.ReadCloser
	count func(int64)
}

func (b *countedBody) Read(into []byte) (int, error) {
	n, err := b.ReadCloser.Read(into)
	b.count(int64(n))
	return n, err
}

// selfSigned makes a certificate for 127.0.0.1 that lives as long as a bench at most.
func selfSigned() (tls.Certificate, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ork-bench"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	pair := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	return pair, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}
