// Package engine is ork's side of the bench: the operator as a process, and shapes as Workflows and runs.
package engine

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Operator is a running operator that this program started.
type Operator struct {
	Pid    int
	log    string
	ended  chan struct{}
	result error
	cmd    *exec.Cmd
}

// Start runs `binary operator`; what it prints goes to the file `log`.
func Start(binary, kubeconfig, log string) (*Operator, error) {
	if err := os.MkdirAll(filepath.Dir(log), 0o755); err != nil {
		return nil, err
	}
	file, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	cmd := exec.Command(binary, "operator", "--kubeconfig", kubeconfig, "--log-level", "info")
	cmd.Stdout, cmd.Stderr = file, file
	// It must not outlive the bench, however that ends.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the operator: %w", err)
	}
	o := &Operator{Pid: cmd.Process.Pid, log: log, ended: make(chan struct{}), cmd: cmd}
	go func() {
		o.result = cmd.Wait()
		close(o.ended)
	}()
	return o, nil
}

// Ended says whether the operator is gone, with what its log ends on.
func (o *Operator) Ended() error {
	select {
	case <-o.ended:
		return fmt.Errorf("the operator ended by itself (%v); %s ends with:\n%s", o.result, o.log, o.LogTail())
	default:
		return nil
	}
}

// Stop asks the operator to end and, after ten seconds, makes it.
func (o *Operator) Stop() error {
	if err := o.Ended(); err != nil {
		return err
	}
	_ = o.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-o.ended:
		return nil
	case <-time.After(10 * time.Second):
		_ = o.cmd.Process.Kill()
		<-o.ended
		return fmt.Errorf("the operator did not end within 10 s of SIGTERM and was killed; see %s", o.log)
	}
}

// Profile records where the operator spends its processor time, by `perf`, until the returned function is called.
func (o *Operator) Profile(file string) (func() error, error) {
	cmd := exec.Command("perf", "record", "--quiet", "--event", "cpu-clock", "--freq", "1999",
		"--call-graph", "dwarf,16384", "--output", file, "--pid", fmt.Sprint(o.Pid))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT}
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("profile: %w (the package linux-perf has perf)", err)
	}
	return func() error {
		_ = cmd.Process.Signal(syscall.SIGINT)
		_ = cmd.Wait() // perf ends with the signal's code even if all is well
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("profile: %s", said.String())
		}
		return nil
	}, nil
}

// LogTail is the last lines of what the operator printed.
func (o *Operator) LogTail() string {
	text, err := os.ReadFile(o.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-10):], "\n")
}

// Complaints counts the lines of the operator's log that are warnings or errors.
func (o *Operator) Complaints() int {
	text, err := os.ReadFile(o.log)
	if err != nil {
		return 0
	}
	n := 0
	for _, line := range strings.Split(string(text), "\n") {
		lower := strings.ToLower(line)
		if strings.Contains(lower, "warn") || strings.Contains(lower, "error") || strings.Contains(lower, "critical") {
			n++
		}
	}
	return n
}

// waitFor polls every 50 ms until done says so, the operator ends, or `limit` has passed.
func (o *Operator) waitFor(ctx context.Context, limit time.Duration, what string, done func() (bool, error)) error {
	for started := time.Now(); ; {
		finished, err := done()
		if err != nil || finished {
			return err
		}
		if err := o.Ended(); err != nil {
			return err
		}
		if time.Since(started) > limit {
			return fmt.Errorf("%s: not so after %v; %s ends with:\n%s", what, limit, o.log, o.LogTail())
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}
