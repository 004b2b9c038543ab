// Scale measures ork beside the raw floor: the same shapes, on the same cluster, in turns, in one run.
// hack/bench prepares all it needs; see bench/README.md.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"ork.dev/bench/scale/cluster"
	"ork.dev/bench/scale/gauge"
	"ork.dev/bench/scale/report"
)

type options struct {
	kubeconfig, operator, crds, out string
	only                            []string
	quick, floorOnly, noFloor       bool
	profile, ahead, noCounts        bool
	rounds, repeats                 int
	stall, patience                 time.Duration
}

func main() {
	options, err := parse()
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		err = run(ctx, options)
		stop()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse() (options, error) {
	var o options
	var only string
	flag.StringVar(&o.kubeconfig, "kubeconfig", "", "cluster with fake nodes that the bench may fill (required)")
	flag.StringVar(&o.operator, "operator", "build/ork", "ork's binary")
	flag.StringVar(&o.crds, "crds", "crds", "folder of the CRDs to apply")
	flag.StringVar(&o.out, "out", "build/bench.json", "where the figures go, as JSON")
	flag.StringVar(&only, "only", "", "shapes to measure, by comma: "+strings.Join(shapeNames(), ", ")+" (default all)")
	flag.BoolVar(&o.quick, "quick", false, "small sizes: to see that everything works, not for figures")
	flag.BoolVar(&o.floorOnly, "floor-only", false, "measure the floor alone; needs no operator")
	flag.BoolVar(&o.noFloor, "no-floor", false, "measure ork alone, without ratios (for profiling)")
	flag.BoolVar(&o.noCounts, "no-counts", false, "leave out the pass that counts requests, and idle")
	flag.BoolVar(&o.profile, "profile", false, "record where the operator's time goes (perf), beside its logs")
	flag.BoolVar(&o.ahead, "ahead", false, "take precedence over other programs of this machine (root)")
	flag.IntVar(&o.rounds, "rounds", 0, "how often each comparison is made (default 2, chain 3)")
	flag.IntVar(&o.repeats, "repeats", 1, "how often a measurement is repeated while other programs disturb it")
	flag.DurationVar(&o.patience, "patience", 20*time.Second, "how long to wait for a quiet machine before each measurement")
	flag.DurationVar(&o.stall, "stall", time.Minute, "give a measurement up when nothing happened for so long")
	flag.Parse()
	if flag.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q; see --help", flag.Arg(0))
	}
	if o.kubeconfig == "" {
		return o, fmt.Errorf("--kubeconfig is needed; hack/bench gives it")
	}
	if o.quick || o.ahead {
		o.patience, o.repeats = 0, 0
	}
	if only == "" {
		o.only = shapeNames()
		return o, nil
	}
	for _, name := range strings.Split(only, ",") {
		if !contains(shapeNames(), name) {
			return o, fmt.Errorf("there is no shape %q; there are %s", name, strings.Join(shapeNames(), ", "))
		}
		o.only = append(o.only, name)
	}
	return o, nil
}

func run(ctx context.Context, o options) error {
	c, err := cluster.Connect(o.kubeconfig)
	if err != nil {
		return err
	}
	if err := c.EnsureNamespace(ctx); err != nil {
		return err
	}
	if !o.floorOnly {
		if err := applyCRDs(ctx, c, o.crds); err != nil {
			return err
		}
	}
	if o.ahead {
		restore, err := gauge.Prefer(c.Folder)
		if err != nil {
			return err
		}
		defer restore()
	}
	b := &bench{options: o, cluster: c, logs: filepath.Join(filepath.Dir(o.out), "bench-logs")}
	b.result.Quick = o.quick
	b.result.Started = time.Now().UTC().Format(time.RFC3339)
	b.result.Machine = fmt.Sprintf("%d cores, %s", runtime.NumCPU(), kernel())
	stopped := b.all(ctx)
	b.result.Judge()
	fmt.Println()
	b.result.Print(os.Stdout)
	if err := write(o.out, &b.result); err != nil {
		return err
	}
	budgets, failures := b.result.Missed()
	fmt.Printf("\n%s holds all figures. %d budgets not met, %d measurements failed.\n", o.out, budgets, failures)
	if stopped != nil {
		return stopped
	}
	if failures > 0 {
		return fmt.Errorf("%d measurements failed", failures)
	}
	return nil
}

// applyCRDs installs the kinds and waits until the API server serves them.
func applyCRDs(ctx context.Context, c *cluster.Cluster, folder string) error {
	for _, kind := range []string{"workflow", "workflowrun"} {
		text, err := os.ReadFile(filepath.Join(folder, kind+".yaml"))
		if err != nil {
			return err
		}
		name := kind + "s.ork.dev"
		if err := c.Apply(ctx, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"+name, text); err != nil {
			return fmt.Errorf("apply the CRD %s: %w", name, err)
		}
	}
	var list struct{}
	for started := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		err := c.Get(ctx, cluster.Workflows, &list)
		if err == nil {
			err = c.Get(ctx, cluster.WorkflowRuns, &list)
		}
		if err == nil {
			return nil
		}
		if time.Since(started) > time.Minute {
			return fmt.Errorf("the API server does not serve the CRDs after a minute: %w", err)
		}
	}
}

func write(path string, result *report.Result) error {
	text, err := json.MarshalIndent(result, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

func kernel() string {
	var name syscall.Utsname
	if syscall.Uname(&name) != nil {
		return "unknown kernel"
	}
	text := []byte("Linux ")
	for _, c := range name.Release {
		if c == 0 {
			break
		}
		text = append(text, byte(c))
	}
	return string(text)
}

func contains(list []string, item string) bool {
	for _, each := range list {
		if each == item {
			return true
		}
	}
	return false
}
