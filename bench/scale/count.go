package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/rest"
	"ork.dev/bench/scale/cluster"
	"ork.dev/bench/scale/engine"
	"ork.dev/bench/scale/gauge"
	"ork.dev/bench/scale/report"
	"ork.dev/bench/scale/shape"
)

// counted starts an operator whose requests all go through a proxy that counts them, and hands both over.
// The API server's metrics don't say who asked; this does, exactly.
func (b *bench) counted(ctx context.Context, name string, then func(*engine.Operator, *gauge.Proxy) error) (failed error) {
	plain := rest.CopyConfig(b.cluster.Config)
	plain.WrapTransport = nil
	transport, err := rest.TransportFor(plain)
	if err != nil {
		return err
	}
	proxy, err := gauge.StartProxy(b.cluster.Config.Host, transport)
	if err != nil {
		return err
	}
	defer proxy.Close()
	if closer, ok := transport.(*http.Transport); ok {
		defer closer.CloseIdleConnections()
	}
	kubeconfig := filepath.Join(b.logs, "proxy.kubeconfig")
	operator, err := b.startOn(kubeconfig, proxy, name)
	if err != nil {
		return err
	}
	defer func() {
		if err := operator.Stop(); failed == nil {
			failed = err
		}
	}()
	if err := operator.WarmUp(ctx, b.cluster); err != nil {
		return err
	}
	return then(operator, proxy)
}

func (b *bench) startOn(kubeconfig string, proxy *gauge.Proxy, name string) (*engine.Operator, error) {
	if err := os.MkdirAll(b.logs, 0o755); err != nil {
		return nil, err
	}
	if err := proxy.WriteKubeconfig(kubeconfig); err != nil {
		return nil, err
	}
	return engine.Start(b.options.operator, kubeconfig, filepath.Join(b.logs, name+"-counted.log"))
}

// count takes a shape through ork once, only to count its requests and bytes.
func (b *bench) count(ctx context.Context, s shape.Shape) error {
	fmt.Printf("%s, counting requests ...\n", s.Name)
	c := report.Count{Shape: s.Name, Jobs: s.Jobs(), Pods: s.Pods(), Runs: s.Runs}
	err := b.counted(ctx, s.Name, func(operator *engine.Operator, proxy *gauge.Proxy) error {
		if err := operator.Prepare(ctx, b.cluster, s); err != nil {
			return err
		}
		if err := pause(ctx, 2*time.Second); err != nil {
			return err
		}
		proxy.Reset()
		var m report.Measure
		started := time.Now()
		err := b.timed(ctx, s, &m, operator.Pid, func(ctx context.Context) (time.Time, error) {
			return engine.Create(ctx, b.cluster, s)
		}, func(seen *cluster.Seen) bool {
			return ended(seen, s) && len(seen.JobFinished) >= s.Jobs() || operator.Ended() != nil
		})
		if err != nil {
			return fmt.Errorf("%w; the operator's log ends with:\n%s", err, operator.LogTail())
		}
		if err := pause(ctx, 3*time.Second); err != nil { // what the last Jobs' completion sets off
			return err
		}
		c.Take(proxy, started)
		return operator.Ended()
	})
	return b.keep(ctx, c, err)
}

// idle leaves an operator alone with many finished runs. They are made first, by an operator of their own.
func (b *bench) idle(ctx context.Context) error {
	runs, wait := 1000, time.Minute
	if b.options.quick {
		runs, wait = 50, 10*time.Second
	}
	fmt.Printf("idle: making %d finished runs ...\n", runs)
	s := shape.Jobs(runs)
	c := report.Count{Shape: "idle", Runs: runs}
	m := report.Measure{Shape: "idle", Side: report.Ork, Runs: runs, Jobs: s.Jobs(), Pods: s.Pods()}
	if err := b.measureOrk(ctx, s, &m); err != nil {
		return b.keep(ctx, c, fmt.Errorf("make the runs: %w", err))
	}
	err := b.counted(ctx, "idle", func(operator *engine.Operator, proxy *gauge.Proxy) error {
		if err := pause(ctx, 5*time.Second); err != nil { // what the first run's end sets off
			return err
		}
		fmt.Printf("idle: waiting for %v ...\n", wait)
		before, err := gauge.CPUTime(operator.Pid)
		if err != nil {
			return err
		}
		proxy.Reset()
		started := time.Now()
		if err := pause(ctx, wait); err != nil {
			return err
		}
		c.Take(proxy, started)
		after, err := gauge.CPUTime(operator.Pid)
		if err != nil {
			return err
		}
		memory, err := gauge.ReadMemory(operator.Pid)
		if err != nil {
			return err
		}
		c.OperatorCPUMs = float64((after - before).Microseconds()) / 1000
		c.OperatorNowMiB = float64(memory.Now) / mebibyte
		return operator.Ended()
	})
	return b.keep(ctx, c, err)
}

func (b *bench) keep(ctx context.Context, c report.Count, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		c.Error = err.Error()
		fmt.Printf("%s: failed: %s\n", c.Shape, c.Error)
	}
	b.result.Counts = append(b.result.Counts, c)
	return b.clean(ctx)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
